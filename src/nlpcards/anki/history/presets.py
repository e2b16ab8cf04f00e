"""The preset of deck options that carries to Anki what shapes memory: parameters, retention, steps."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from hashlib import blake2b
from typing import Any

from nlpcards.core.memory import Settings

NAME = "nlpcards"
"""What the preset is called in Anki."""


def preset(settings: Settings) -> dict[str, Any]:
    """The preset as Anki's legacy packages have it; what memory does not depend on is as in Anki's default.

    Its id follows from what it says: Anki adds a preset only where it has none of that id, and never changes one, so
    other parameters come as another preset, to which the decks then belong.
    """
    shaping: dict[str, Any] = {
        "fsrsParams6": list(settings.parameters),
        "desiredRetention": settings.desired_retention,
        "learning": _minutes(settings.learning_steps),
        "relearning": _minutes(settings.relearning_steps),
        "maximum": settings.maximum_interval,
    }
    text = json.dumps(shaping, sort_keys=True)
    number = int.from_bytes(blake2b(text.encode(), digest_size=6, person=b"nlpcards").digest(), "big") | 1 << 32
    return {
        "id": number,
        "mod": 0,
        "usn": 0,
        "name": NAME,
        "maxTaken": 60,
        "autoplay": True,
        "timer": 0,
        "replayq": True,
        "dyn": False,
        "new": {
            "bury": False,
            "delays": shaping["learning"],
            "initialFactor": 2500,
            "ints": [1, 4, 0],
            "order": 1,
            "perDay": 20,
        },
        "rev": {
            "bury": False,
            "ease4": 1.3,
            "hardFactor": 1.2,
            "ivlFct": 1.0,
            "maxIvl": settings.maximum_interval,
            "perDay": 200,
        },
        "lapse": {"delays": shaping["relearning"], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0.0},
        "fsrsParams6": shaping["fsrsParams6"],
        "desiredRetention": shaping["desiredRetention"],
        "sm2Retention": 0.9,
    }


def with_preset(
    decks: dict[str, Any], number: int, ours: Container[int], retention: Mapping[int, float]
) -> dict[str, Any]:
    """Decks of a package, by their ids, of which `ours` belong to the preset `number`; `retention` (0-1) is what single
    ones, by their ids, have of their own. The others are of Anki's default preset, which takes none from a deck that
    Anki has.
    """
    for key, deck in decks.items():
        if int(key) not in ours:
            continue
        deck["conf"] = number
        own = retention.get(int(key))
        if own is not None:
            deck["desiredRetention"] = round(own * 100)
    return decks


def _minutes(steps: tuple[int, ...]) -> list[float]:
    return [step / 60 for step in steps]
