"""A fuzzer of the reader of Anki's packages, guided by what of the reader an input reaches.

    python -m tests.fuzz.packages FOLDER --seconds 3600          # packages, backups and collections
    python -m tests.fuzz.packages FOLDER --seconds 900 --notes   # single notes: templates, clozes, HTML

It needs `atheris`, which is no dependency of the project (`pip install atheris`; Linux). `--seconds` are the
processor's, in all. FOLDER keeps what was found between runs: a corpus of each, `findings` (an input and what it led
to), and what was spent. Each input is read in a worker that is killed where it takes more than `_SECONDS` of the
processor, and in which memory is bounded; the next worker goes on with the corpus. A file `stop` in the folder ends it.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.basics import ENDINGS, MOST, memory

_SECONDS = 20.0
"""Of the processor, that one input may take, the cost of following what it reaches included."""

_PROGRAM = 60 << 20
"""Bytes that the program itself holds, with all that an import loads. A worker holds more, of which an input is not
guilty.
"""

_LARGEST, _LARGEST_NOTE = 1 << 20, 20_000
"""Bytes of an input: a package, a single note. Long notes take most of the time, and say what short ones do."""

FOLLOWED = (
    "nlpcards.anki.reading",
    "nlpcards.anki.importing",
    "nlpcards.anki.history",
    "nlpcards.anki.source_text",
    "nlpcards.decks.importing",
    "nlpcards.collection.bringing_back",
    "nlpcards.collection.importing_packages",
    "nlpcards.collection.package_files",
    "nlpcards.collection.package_settings",
    "nlpcards.core.markup",
)
"""The modules that a stranger's file runs through."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--notes", action="store_true")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    folder: Path = given.folder.resolve()
    if given.worker:
        _work(folder, given.seconds, notes=given.notes)
    else:
        _supervise(folder, given.seconds, notes=given.notes)


def _supervise(folder: Path, seconds: float, *, notes: bool) -> None:
    """Start workers one after the other until the time is spent; keep what killed one."""
    corpus = folder / ("notes" if notes else "packages")
    for each in (corpus, folder / "findings"):
        each.mkdir(parents=True, exist_ok=True)
    if not any(corpus.iterdir()):
        _plant(corpus, notes=notes)
    (folder / "stop").unlink(missing_ok=True)
    spent = 0.0
    while spent < seconds and not (folder / "stop").exists():
        command = [
            sys.executable,
            "-m",
            "tests.fuzz.packages",
            str(folder),
            "--seconds",
            str(seconds - spent),
            "--worker",
        ]
        with (folder / f"{corpus.name}.log").open("ab") as log:
            worker = subprocess.Popen([*command, *(["--notes"] if notes else [])], stdout=log, stderr=log)
        _, status, used = os.wait4(worker.pid, 0)
        took = used.ru_utime + used.ru_stime
        spent += took
        code = os.waitstatus_to_exitcode(status)
        desk = _desk(worker.pid)
        for path in desk.glob("input.*"):
            if code != 0:
                _keep(folder, path.read_bytes(), path.suffix, _end(code))
        tried = int((desk / "tried").read_text() or 0) if (desk / "tried").exists() else 0
        _note_down(folder, corpus.name, took, tried)
        subprocess.run(["rm", "-rf", str(desk)], check=False)
        print(f"worker ended ({_end(code)}) after {took:.0f} s and {tried} inputs", flush=True)
        if took < 1 and code != 0:
            sys.exit(f"workers fail at once; see {corpus}.log")


def _end(code: int) -> str:
    return {0: "done", -signal.SIGPROF: "hang", -signal.SIGKILL: "killed"}.get(code, f"exit {code}")


def _note_down(folder: Path, name: str, seconds: float, tried: int) -> None:
    path = folder / f"{name}.tried.json"
    before = json.loads(path.read_text()) if path.exists() else {"seconds": 0.0, "inputs": 0, "workers": 0}
    after = {
        "seconds": before["seconds"] + seconds,
        "inputs": before["inputs"] + tried,
        "workers": before["workers"] + 1,
    }
    path.write_text(json.dumps(after))


def _desk(process: int) -> Path:
    """The folder in memory in which a worker puts its files."""
    return Path("/dev/shm" if Path("/dev/shm").is_dir() else tempfile.gettempdir()) / f"nlpcards-fuzz-{process}"


def _plant(corpus: Path, *, notes: bool) -> None:
    from tests.fuzz.seeds import seeds

    with tempfile.TemporaryDirectory() as folder:
        for name, content in seeds(Path(folder)):
            if (Path(name).suffix == ".json") == notes:
                (corpus / name).write_bytes(bytes((ENDINGS.index(Path(name).suffix),)) + content)


def _keep(folder: Path, content: bytes, suffix: str, why: str) -> None:
    """Keep an input that broke a promise; of those with one cause the smallest."""
    cause = blake2b(why.encode("utf-8", "replace"), digest_size=5).hexdigest()
    path = folder / "findings" / f"{cause}{suffix}"
    if not path.exists() or path.stat().st_size > len(content):
        path.write_bytes(content)
        path.with_name(path.name + ".txt").write_text(why, "utf-8", "replace")


def cause_of(error: BaseException) -> str:
    """What tells one cause from another: the kind of an error, and the lines of the program that it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in frames if "/nlpcards/" in each.filename]
    said = re.sub(r"[0-9a-f]*[0-9][0-9a-f]*", "#", str(error))[:100] if isinstance(error, AssertionError) else ""
    return f"{type(error).__name__} {said} at\n" + "\n".join(ours[-4:])


def _work(folder: Path, seconds: float, *, notes: bool) -> None:
    """Try inputs until the time is spent. Does not return."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=[*FOLLOWED, "zipfile"]):
        from tests.fuzz import archives
        from tests.fuzz.trial import tried
    desk = _desk(os.getpid())
    (desk / "rooms").mkdir(parents=True)
    tempfile.tempdir = str(desk / "rooms")
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    count = 0

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        chance = Random(seed)
        if not data or data[0] >= len(ENDINGS):
            return data
        suffix = ENDINGS[data[0]]
        if suffix == ".json" and chance.random() < 0.3:
            fresh = _by_bytes(atheris, chance, data[1:])
        else:
            fresh = archives.changed(chance, data[1:], suffix)
        return data[:1] + fresh if len(fresh) < most else data

    def one(data: bytes) -> None:
        nonlocal count
        count += 1
        if count % 20 == 0:
            (desk / "tried").write_text(str(count))
        if time.process_time() > seconds or (count % 20 == 0 and (folder / "stop").exists()):
            for path in desk.glob("input.*"):
                path.unlink()
            (desk / "tried").write_text(str(count))
            os._exit(0)
        if not data or data[0] >= len(ENDINGS) or (ENDINGS[data[0]] == ".json") != notes:
            return
        suffix = ENDINGS[data[0]]
        for path in desk.glob("input.*"):
            path.unlink()
        path = desk / f"input{suffix}"
        path.write_bytes(data[1:])
        Path("/proc/self/clear_refs").write_text("5")
        held = memory("VmRSS")
        signal.setitimer(signal.ITIMER_PROF, _SECONDS)
        start = time.process_time()
        try:
            tried(path, desk / "desk")
        except Exception as error:
            _keep(folder, data[1:], suffix, cause_of(error))
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        took = time.process_time() - start
        if (grown := memory("VmHWM") - held) > MOST - _PROGRAM:
            _keep(folder, data[1:], suffix, f"memory: {grown >> 27 << 7} MB")
        if took > _SECONDS / 4:
            _keep(folder, data[1:], suffix, f"slow: {took:.0f} s")

    atheris.Setup(
        [
            sys.argv[0],
            "-rss_limit_mb=0",
            "-timeout=1000000",
            "-len_control=0",
            "-use_counters=0",
            f"-max_len={_LARGEST_NOTE if notes else _LARGEST}",
            "-reload=0",
            "-detect_leaks=0",
            f"-artifact_prefix={folder}/",
            str(folder / ("notes" if notes else "packages")),
        ],
        one,
        custom_mutator=mutated,
    )
    atheris.Fuzz()


def _by_bytes(atheris: Any, chance: Random, content: bytes) -> bytes:
    """A note with one text changed by atheris, which knows what the reader compared texts with."""
    try:
        said = json.loads(content)
        name = chance.choice(list(said["fields"]))
        text: str = said["fields"][name]
        said["fields"][name] = atheris.Mutate(text.encode("utf-8", "replace"), len(text) * 4 + 64).decode(
            "utf-8", "replace"
        )
        return json.dumps(said).encode()
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        return content


if __name__ == "__main__":
    main()
