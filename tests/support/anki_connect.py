"""AnkiConnect's HTTP API, version 6, over a real Anki collection: what its documentation says of the actions that are
used, with its shapes and its words for what goes wrong.
"""

from __future__ import annotations

import json
import os
import threading
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from anki.collection import DeckIdLimit, ExportAnkiPackageOptions, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.errors import NotFoundError

from tests.support.phone import Phone

_GUARDED = frozenset("did id ivl lapses left mod nid odid odue ord queue reps type usn".split())


@dataclass
class Served:
    """A running Anki as AnkiConnect shows it.

    `is_open` says whether a profile is open, `key` is the `apiKey` of the add-on's configuration, `lets_in` whether it
    grants permission. `unknown` are actions of later versions, which this one lacks. With `is_confined` Anki sees no
    files but its own. After `last` actions it is gone, as is Anki when it is closed. `asking` is the card (Anki's id)
    that its window asks just now. With `clears_flags` it is an older Anki (25.09), which exports no flag. `asked` is
    what was asked for.
    """

    phone: Phone
    url: str = ""
    is_open: bool = True
    key: str = ""
    lets_in: bool = True
    version: int = 6
    unknown: frozenset[str] = frozenset()
    is_confined: bool = False
    last: int | None = None
    asking: int | None = None
    clears_flags: bool = False
    asked: list[str] = field(default_factory=list)

    @property
    def col(self) -> Any:
        if not self.is_open:
            raise Refusal("collection is not available")
        return self.phone.col

    # ---- a request

    def reply(self, request: Any) -> Any:
        """The answer to one request, in the form of its version."""
        version = request.get("version", 4)
        try:
            result = self._done(request)
        except Exception as error:  # whatever goes wrong in Anki is its answer
            return {"result": None, "error": str(error)}
        # As the add-on does, in the form of each request; those inside a `multi` are requests of their own.
        return result if version <= 4 else {"result": result, "error": None}

    def _done(self, request: Any) -> Any:
        name = request.get("action", "")
        if request.get("key") != (self.key or None) and name != "requestPermission":
            raise Refusal("valid api key must be provided")
        method = getattr(self, f"do_{name}", None)
        if method is None or name in self.unknown:
            raise Refusal("unsupported action")
        self.asked.append(name)
        if self.last is not None and name not in ("multi", "requestPermission"):
            self.last -= 1
            if self.last < 0:
                raise Gone
        params = dict(request.get("params", {}))
        if name == "requestPermission":
            params.setdefault("origin", "")  # which the add-on takes from the head of the request
        return method(**params)

    def do_multi(self, actions: list[Any]) -> list[Any]:
        return [self.reply(each) for each in actions]

    def do_version(self) -> int:
        return self.version

    def do_requestPermission(self, origin: str) -> dict[str, Any]:
        if not self.lets_in:
            return {"permission": "denied"}
        return {"permission": "granted", "requireApikey": bool(self.key), "version": self.version}

    # ---- decks

    def do_deckNames(self) -> list[str]:
        return [each.name for each in self.col.decks.all_names_and_ids()]

    def do_getDecks(self, cards: list[int]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for card in cards:
            found.setdefault(self.col.decks.name(self.col.get_card(card).did), []).append(card)
        return found

    def do_findCards(self, query: str) -> list[int]:
        return list(self.col.find_cards(query))

    def do_exportPackage(self, deck: str, path: str, includeSched: bool = False) -> bool:
        number = self.col.decks.id_for_name(deck)
        if number is None:
            return False
        options = ExportAnkiPackageOptions(
            with_scheduling=includeSched, with_deck_configs=includeSched, with_media=True, legacy=True
        )
        flags = self.col.db.all("select flags, id from cards where flags") if self.clears_flags else []
        self.col.db.executemany("update cards set flags = 0 where ? and id = ?", flags)
        self.col.export_anki_package(out_path=str(self._seen(path)), options=options, limit=DeckIdLimit(deck_id=number))
        self.col.db.executemany("update cards set flags = ? where id = ?", flags)
        return True

    def do_importPackage(self, path: str) -> bool:
        options = ImportAnkiPackageOptions(merge_notetypes=True, with_scheduling=True, with_deck_configs=True)
        request = ImportAnkiPackageRequest(package_path=str(self._seen(path)), options=options)
        self.col.import_anki_package(request)
        return True

    # ---- media

    def do_getMediaDirPath(self) -> str:
        return os.path.abspath(str(self.col.media.dir()))

    def do_getMediaFilesNames(self, pattern: str = "*") -> list[str]:
        names = os.listdir(self.col.media.dir())
        return [name for name in names if fnmatch(name, pattern) and not name.startswith(".")]

    def do_storeMediaFile(
        self, filename: str, data: str | None = None, path: str | None = None, deleteExisting: bool = True
    ) -> str:
        if not (data or path):
            raise Refusal('You must provide a "data", "path", or "url" field.')
        content = b64decode(data) if data else self._seen(path or "").read_bytes()
        if deleteExisting:
            self.do_deleteMediaFile(filename)
        return str(self.col.media.write_data(filename, content))

    def do_retrieveMediaFile(self, filename: str) -> str | bool:
        path = Path(self.col.media.dir()) / unicodedata.normalize("NFC", os.path.basename(filename))
        return b64encode(path.read_bytes()).decode() if path.exists() else False

    def do_deleteMediaFile(self, filename: str) -> None:
        self.col.media.trash_files([filename])

    def _seen(self, path: str) -> Path:
        """A file that Anki can get at."""
        if self.is_confined and not Path(path).is_relative_to(self.do_getMediaDirPath()):
            raise Refusal(f"[Errno 13] Permission denied: '{path}'")
        return Path(path)

    # ---- note types

    def do_updateModelTemplates(self, model: dict[str, Any]) -> None:
        found = self._model(model["name"])
        for template in found["tmpls"]:
            sides = model["templates"].get(template["name"], {})
            template["qfmt"] = sides.get("Front") or template["qfmt"]
            template["afmt"] = sides.get("Back") or template["afmt"]
        self.col.models.update_dict(found)

    def do_updateModelStyling(self, model: dict[str, Any]) -> None:
        found = self._model(model["name"])
        found["css"] = model["css"]
        self.col.models.update_dict(found)

    def _model(self, name: str) -> Any:
        found = self.col.models.by_name(name)
        if found is None:
            raise Refusal(f"model was not found: {name}")
        return found

    # ---- notes

    def do_updateNoteFields(self, note: dict[str, Any]) -> None:
        found = self._note(note["id"])
        for name, value in note["fields"].items():
            if name in found:
                found[name] = value
        self.col.update_note(found, skip_undo_entry=True)

    def do_updateNote(self, note: dict[str, Any]) -> None:
        if not note.keys() & {"fields", "tags"}:
            raise Refusal('Must provide a "fields" or "tags" property.')
        if "fields" in note:
            self.do_updateNoteFields(note)
        if "tags" in note:
            for tag in self._note(note["id"]).tags:
                self.col.tags.bulk_remove([note["id"]], tag)
            for tag in note["tags"]:
                self.col.tags.bulk_add([note["id"]], tag)

    def do_addTags(self, notes: list[int], tags: str) -> None:
        self.col.tags.bulk_add(notes, tags)

    def _note(self, number: int) -> Any:
        try:
            return self.col.get_note(number)
        except NotFoundError:
            raise Refusal(f"Note was not found: {number}") from None

    # ---- cards and reviews

    def do_setSpecificValueOfCard(
        self, card: int, keys: list[str], newValues: list[Any], warning_check: bool = False
    ) -> Any:
        if len(keys) != len(newValues) or (not warning_check and _GUARDED & set(keys)):
            return False
        try:
            found = self._card(card)
            for key, value in zip(keys, newValues, strict=True):
                setattr(found, key, value)
            self.col.update_card(found, skip_undo_entry=True)
        except Exception as error:  # this action alone says it so
            return [[False, str(error)]]
        return [True]

    def do_suspend(self, cards: list[int]) -> bool:
        found = [card for card in cards if self._card(card).queue != -1]
        self.col.sched.suspend_cards(found)
        return bool(found)

    def do_unsuspend(self, cards: list[int]) -> None:
        self.col.sched.unsuspend_cards([card for card in cards if self._card(card).queue == -1])

    def do_insertReviews(self, reviews: list[list[int]]) -> None:
        rows = ",".join(f"({','.join(map(str, row))})" for row in reviews)
        if rows:
            self.col.db.execute(f"insert into revlog(id,cid,usn,ease,ivl,lastIvl,factor,time,type) values {rows}")

    def do_getReviewsOfCards(self, cards: list[int]) -> dict[int, list[dict[str, int]]]:
        keys = ("id", "usn", "ease", "ivl", "lastIvl", "factor", "time", "type")
        query = f"select {', '.join(keys)} from revlog where cid = ?"
        return {card: [dict(zip(keys, row, strict=True)) for row in self.col.db.all(query, card)] for card in cards}

    def do_cardsModTime(self, cards: list[int]) -> list[dict[str, int]]:
        found: list[dict[str, int]] = []
        for number in cards:
            try:
                found.append({"cardId": number, "mod": self.col.get_card(number).mod})
            except NotFoundError:
                found.append({})
        return found

    def _card(self, number: int) -> Any:
        try:
            return self.col.get_card(number)
        except NotFoundError:
            raise Refusal(f"Card was not found: {number}") from None

    # ---- its window

    def do_guiReviewActive(self) -> bool:
        return self.asking is not None

    def do_guiCurrentCard(self) -> dict[str, Any]:
        if self.asking is None:
            raise Refusal("Gui review is not currently active.")
        return {"cardId": self.asking, "deckName": self.col.decks.name(self._card(self.asking).did)}

    def do_guiDeckBrowser(self) -> None:
        self.asking = None


class Refusal(Exception):
    """What AnkiConnect says instead of doing something."""


class Gone(BaseException):
    """Anki was closed in between."""


@contextmanager
def served(phone: Phone) -> Iterator[Served]:
    """AnkiConnect of an Anki, at a free port of loopback."""
    anki = Served(phone)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                request = json.loads(body)
                if not isinstance(request, dict) or not request.get("action"):
                    raise ValueError("'action' is a required property")
                body = json.dumps(anki.reply(request)).encode()
            except ValueError as error:
                body = json.dumps({"result": None, "error": str(error)}).encode()
            except Gone:
                self.close_connection = True
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    anki.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield anki
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
