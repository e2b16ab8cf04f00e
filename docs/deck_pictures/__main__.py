"""Draws the pictures of the bundled decks: `python -m docs.deck_pictures` writes `decks/media/*.svg`.

Every line is computed, with the standard library alone and nothing random that is not seeded, so that a test can hold
the files to these functions; what a card says of its picture is computed once more in `tests/facts`.
"""

from __future__ import annotations

from pathlib import Path

from docs.deck_pictures import models, training

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "decks" / "media"


def pictures() -> dict[str, str]:
    """The SVG of each picture by the name of its file."""
    return {
        "activation-curves.svg": models.activation_curves(),
        "equal-compute.svg": training.equal_compute_curves(),
        "kl-fits.svg": models.kl_fits(),
        "learning-rates.svg": training.learning_rates(),
        "masked-attention.svg": models.masked_attention(),
        "momentum-paths.svg": training.momentum_paths(),
        "penalty-regions.svg": training.penalty_regions(),
        "roc-curves.svg": models.roc_curves(),
        "schedules.svg": training.schedules(),
        "sinusoids.svg": models.sinusoids(),
        "softmax-temperature.svg": models.softmax_temperature(),
        "three-runs.svg": training.three_runs(),
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in pictures().items():
        (FOLDER / name).write_text(text, "utf-8")
        print((FOLDER / name).relative_to(ROOT))
