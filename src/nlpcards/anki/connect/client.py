"""The API of AnkiConnect, version 6: one JSON object there, one back, on loopback unless another address is named.

Its documentation: https://git.sr.ht/~foosoft/anki-connect. Whatever goes wrong on the way is one sentence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, TypeVar
from urllib.parse import urlsplit

from nlpcards.core.errors import NlpcardsError, UsageError, reason_of

URL = "http://127.0.0.1:8765"
"""Where AnkiConnect listens unless it is told otherwise."""

VERSION = 6
"""The version of the API that is spoken."""

WAIT_S = 60.0
"""How long an answer may take, in seconds; AnkiConnect answers in between what Anki draws."""

LONG_WAIT_S = 900.0
"""How long Anki may take to read or write a package, in seconds."""

BATCH = 50
"""Actions sent at a time: few enough that Anki's window goes on in between."""

_ADD_ON = "2055492159"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_BLANK = re.compile(r"[\x00-\x20\x7f]")

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Action:
    """Something that AnkiConnect is asked to do: its name there, and its parameters."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)


class Refused(NlpcardsError):
    """Anki did not do what it was asked for; `said` is why, in its own words."""

    def __init__(self, action: str, said: str, *, place: str) -> None:
        super().__init__(
            f"Anki refused the action {action}: {said.strip().rstrip('.')}",
            place=place,
            remedy="See what Anki shows; then run this again, which goes on where it stopped.",
        )
        self.said = said


class AnkiConnect:
    """A running Anki at an address.

    Raises (all methods):
        Refused: Anki did not do it.
        NlpcardsError: it cannot be reached, lacks the add-on, asks for permission or a key, or has no profile open.
    """

    def __init__(self, url: str = URL, key: str = "", wait_s: float = WAIT_S) -> None:
        """`key` is the add-on's `apiKey`, empty where it has none; `wait_s` is how long an answer may take.

        Raises:
            UsageError: the address is none.
        """
        try:
            parts = urlsplit(url if "//" in url else f"//{url}", scheme="http")
            port = parts.port
            if parts.scheme not in ("http", "https") or not parts.hostname or _BLANK.search(url):
                raise ValueError(url)
            # What no request can be sent to is said here, not in the middle of one.
            parts.hostname.encode("idna")
            parts.path.encode("ascii")
        except ValueError:
            remedy = f"Write one such as {URL}."
            raise UsageError(f"{url!r} is no address", place="--url", remedy=remedy) from None
        self.url = url
        self.is_local = parts.hostname in _LOOPBACK
        self._host, self._port, self._path = parts.hostname, port, parts.path or "/"
        self._is_secure = parts.scheme == "https"
        self._key, self._wait_s = key, wait_s
        self._has_answered = False

    def greet(self) -> None:
        """See that Anki is there, lets us in, speaks our version and has a profile open."""
        granted = self.call("requestPermission")
        if not isinstance(granted, dict) or granted.get("permission") != "granted":
            raise NlpcardsError(
                "AnkiConnect does not let this program in",
                place=self.url,
                remedy="Answer Yes where Anki asks, or look at webCorsOriginList in the add-on's configuration.",
            )
        if granted.get("requireApikey") and not self._key:
            raise self._without_key()
        version = granted.get("version", VERSION)
        if not isinstance(version, int) or version < VERSION:
            raise self._too_old(f"speaks version {version} of its API, and nlpcards {VERSION}")
        self.call("deckNames")  # fails where no profile is open

    def call(self, action: str, wait_s: float | None = None, **params: Any) -> Any:
        """The result of an action."""
        return self._result(action, self._sent(self._request(Action(action, params)), wait_s or self._wait_s))

    def each(self, actions: Sequence[Action], progress: Callable[[int], object] | None = None) -> list[Any]:
        """The results of many actions, in order; `progress` is told how many are done. What was done stays done where
        one fails.
        """
        results: list[Any] = []
        for start in range(0, len(actions), BATCH):
            some = actions[start : start + BATCH]
            answers = self.call("multi", actions=[self._request(each) for each in some])
            if not isinstance(answers, list) or len(answers) != len(some):
                raise self._stranger()
            results += [self._result(each.name, answer) for each, answer in zip(some, answers, strict=True)]
            if progress is not None:
                progress(len(results))
        return results

    def listed(self, result: object, kind: type[_T]) -> list[_T]:
        """The things of one kind that a result lists, or the names of one that is an object."""
        if not isinstance(result, list | dict) or not all(isinstance(each, kind) for each in result):
            raise self._stranger()
        return list(result)

    def _request(self, action: Action) -> dict[str, Any]:
        request: dict[str, Any] = {"action": action.name, "version": VERSION, "params": dict(action.params)}
        return request | {"key": self._key} if self._key else request

    def _sent(self, request: Mapping[str, Any], wait_s: float) -> Any:
        kind = HTTPSConnection if self._is_secure else HTTPConnection
        # A connection of its own for each request, as AnkiConnect closes them; and no proxy, whatever the environment
        # says, since Anki is on this machine.
        connection = kind(self._host, self._port, timeout=wait_s)
        try:
            body = json.dumps(request).encode()
            connection.request("POST", self._path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            text = response.read()
        except TimeoutError as error:
            raise NlpcardsError(
                f"Anki did not answer within {wait_s:.0f} seconds",
                place=self.url,
                remedy="Close what it asks or shows; then run this again, which goes on where it stopped.",
            ) from error
        except (HTTPException, OSError) as error:
            if self._has_answered:
                raise NlpcardsError(
                    "Anki went away",
                    place=self.url,
                    remedy="Start it again; then run this again, which goes on where it stopped.",
                ) from error
            if isinstance(error, HTTPException):
                raise self._stranger() from error
            raise NlpcardsError(
                f"no running Anki answers ({reason_of(error)})",
                place=self.url,
                remedy=f"Start Anki with the add-on AnkiConnect (Tools, Add-ons, Get Add-ons, {_ADD_ON}).",
            ) from error
        finally:
            connection.close()
        if response.status == 403:
            raise NlpcardsError(
                "AnkiConnect does not let this program in",
                place=self.url,
                remedy="Look at webCorsOriginList in the add-on's configuration.",
            )
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise self._stranger() from error

    def _result(self, action: str, answer: Any) -> Any:
        if not isinstance(answer, dict) or not answer.keys() >= {"result", "error"}:
            raise self._stranger()
        error = answer["error"]
        self._has_answered = True
        if error is None:
            return answer["result"]
        said = str(error)
        if "unsupported action" in said:
            raise self._too_old(f"does not know the action {action}")
        if "api key" in said:
            raise self._without_key()
        if "collection is not available" in said or "decks are not available" in said or "'NoneType'" in said:
            raise NlpcardsError(
                "no profile is open in Anki",
                place=self.url,
                remedy="Choose one there, wait until it is open, try again.",
            )
        raise Refused(action, said, place=self.url)

    def _without_key(self) -> NlpcardsError:
        what = "does not take the key that is set" if self._key else "asks for a key"
        remedy = (
            "Give it the apiKey of its configuration: `nlpcards config set anki.key KEY`, or `unset` where it has none."
        )
        return NlpcardsError(f"AnkiConnect {what}", place=self.url, remedy=remedy)

    def _too_old(self, what: str) -> NlpcardsError:
        remedy = "Update the add-on: in Anki, Tools, Add-ons, Check for Updates."
        return NlpcardsError(f"this AnkiConnect {what}", place=self.url, remedy=remedy)

    def _stranger(self) -> NlpcardsError:
        remedy = "Name AnkiConnect's own address with --url, or stop what listens there."
        return NlpcardsError("what answers there is not AnkiConnect", place=self.url, remedy=remedy)
