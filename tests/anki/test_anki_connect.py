"""Whatever is wrong with a running Anki is one sentence with a remedy."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nlpcards.anki.connect.client import Action, AnkiConnect
from nlpcards.core.errors import NlpcardsError, UsageError
from tests.support.anki_connect import Served, served
from tests.support.phone import Phone


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Served]:
    phone = Phone(tmp_path / "phone")
    with served(phone) as running:
        yield running
    phone.col.close()


@contextmanager
def listening(answer: bytes | None) -> Iterator[str]:
    """Something else that listens: it answers so, or never."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = threading.Event()

        def serve() -> None:
            client, _ = server.accept()
            with client, client.makefile("rb") as asked:
                # All of it: whoever hangs up before takes the answer along.
                head = iter(asked.readline, b"\r\n")
                length = max(int(line.split(b":")[1]) for line in head if line.lower().startswith(b"content-length"))
                asked.read(length)
                if answer is None:
                    stop.wait(20)
                else:
                    client.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            stop.set()
            thread.join()


def http(body: bytes, status: str = "200 OK") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status.encode(), len(body), body)


def refusal(anki: AnkiConnect) -> str:
    with pytest.raises(NlpcardsError) as caught:
        anki.greet()
    assert caught.value.place
    assert caught.value.remedy
    return str(caught.value)


def test_an_anki_that_runs_is_greeted(anki: Served) -> None:
    AnkiConnect(anki.url).greet()
    AnkiConnect(anki.url.removeprefix("http://")).greet()


def test_an_anki_that_does_not_run_is_named_with_the_add_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    said = refusal(AnkiConnect(f"http://127.0.0.1:{port}"))
    assert said.startswith(f"http://127.0.0.1:{port}: no running Anki answers (connection refused). Start Anki")
    assert "2055492159" in said


def test_permission_that_is_not_given_is_said(anki: Served) -> None:
    anki.lets_in = False
    assert "does not let this program in" in refusal(AnkiConnect(anki.url))
    with listening(http(b"", "403 Forbidden")) as url:
        assert "does not let this program in" in refusal(AnkiConnect(url))


def test_a_key_that_is_asked_for_comes_from_the_configuration(anki: Served) -> None:
    anki.key = "secret"
    assert "asks for a key" in refusal(AnkiConnect(anki.url))
    assert "does not take the key that is set" in refusal(AnkiConnect(anki.url, "wrong"))
    there = AnkiConnect(anki.url, "secret")
    there.greet()
    assert there.each([Action("deckNames"), Action("version")]) == [["Default"], 6]
    anki.key = ""
    assert "does not take the key that is set" in refusal(there)


def test_a_profile_that_is_closed_is_said(anki: Served) -> None:
    anki.is_open = False
    assert "no profile is open in Anki" in refusal(AnkiConnect(anki.url))


def test_an_add_on_of_another_time_is_said(anki: Served) -> None:
    anki.unknown = frozenset({"deckNames"})
    said = refusal(AnkiConnect(anki.url))
    assert "does not know the action deckNames" in said
    assert "Check for Updates" in said
    anki.version = 5
    assert "speaks version 5 of its API" in refusal(AnkiConnect(anki.url))


def test_what_anki_says_itself_is_passed_on(anki: Served) -> None:
    note = {"id": 7, "fields": {}}
    with pytest.raises(NlpcardsError, match="refused the action updateNoteFields: Note was not found: 7"):
        AnkiConnect(anki.url).call("updateNoteFields", note=note)
    with pytest.raises(NlpcardsError, match="Note was not found: 7"):
        AnkiConnect(anki.url).each([Action("deckNames"), Action("updateNoteFields", {"note": note})])


def test_an_anki_that_goes_away_in_between_is_not_taken_for_something_else(anki: Served) -> None:
    there = AnkiConnect(anki.url)
    there.greet()
    anki.last = 0
    with pytest.raises(NlpcardsError, match="Anki went away") as caught:
        there.call("deckNames")
    assert "goes on where it stopped" in caught.value.remedy


def test_an_anki_that_is_busy_is_not_waited_for_without_end() -> None:
    with listening(None) as url:
        said = refusal(AnkiConnect(url, wait_s=0.05))
    assert "did not answer within" in said
    assert "goes on where it stopped" in said


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        http(b"<html>It works!</html>"),
        http(b"[]"),
        http(b'{"result": 1}'),
        http(b"\xff\xfe"),
        http(b"[" * 100_000),
    ],
    ids=["nothing", "no HTTP", "a page", "a list", "no error", "no text", "too deep"],
)
def test_something_else_that_listens_there_is_not_taken_for_anki(answer: bytes) -> None:
    with listening(answer) as url:
        assert "what answers there is not AnkiConnect" in refusal(AnkiConnect(url))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://127.0.0.1",
        "http://",
        "http://127.0.0.1:99999",
        "http://[::1",
        "file:///x",
        "http://a..b:8765",
        f"http://{'a' * 64}:8765",
        "http://127.0.0.1:8765/ä",
        "http://exa mple:1",
        "http://127.0.0.1:8765/a b",
        "http://h\x00st:1",
        "http://127.0.0.1\n:8765",
        "http://\udcff:8765",
    ],
)
def test_an_address_that_is_none_is_a_mistake_of_usage(url: str) -> None:
    with pytest.raises(UsageError, match="is no address"):
        AnkiConnect(url)


def test_a_proxy_of_the_environment_is_not_asked(anki: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    AnkiConnect(anki.url).greet()
