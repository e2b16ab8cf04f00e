"""The facts of the deck on ALBERT: parameters and work counted from shapes, its programs run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = NDArray[np.float64]

QUOTED: dict[str, str] = {
    "best-embedding-width": "lan2020 Table 3, averages of the all-shared rows",
    "which-sharing-costs": "lan2020 Table 4, E=128: shared-attention 81.7, not-shared 81.6, shared-FFN 80.2",
    "cross-test": "lan2020 Table 5, NSP and SOP accuracies",
    "order-gain": "lan2020 §4.6, the gains named in the text",
    "xxlarge-trade": "lan2020 §4.3, Table 2 and Table 6",
    "left-out-by-xlnet": "raffel2020 §3.7, the models of ALBERT's ensemble and the size of T5-11B",
    "sharing-diagram": "the blocks, numbered",
    "not-converging": "lan2020 Figure 1, the 24 layers of ALBERT-large",
}

VOCABULARY, POSITIONS = 30_000, 512
BERT_LARGE, XXLARGE, LARGE = (24, 1024), (12, 4096), (24, 1024)


def said(text: Text, note: str, key: str) -> str:
    return prose(text(f"albert/{note}", key))


def block(width: int) -> int:
    """The weights of a block's matrices."""
    return 4 * width * width + 2 * width * 4 * width


def with_biases(width: int) -> int:
    return block(width) + 4 * width + 4 * width + width + 4 * width


def albert(width: int, embedding: int = 128) -> int:
    tables = (VOCABULARY + POSITIONS + 2) * embedding + 2 * embedding + embedding * width + width
    return tables + with_biases(width) + width * width + width


def bert(layers: int, width: int) -> int:
    return (VOCABULARY + POSITIONS + 2) * width + 2 * width + layers * with_biases(width) + width * width + width


@pytest.mark.proves("factorised-formula", "factorised-drill", "factorised-code")
def test_the_factorised_embedding_has_two_small_matrices_and_low_rank(text: Text, drill: Drill) -> None:
    assert "${V E + E H}$".replace("{", "").replace("}", "") in filled(text("albert/factorised-formula", "cloze"))
    table, up = np.zeros((30_000, 100)), np.zeros((100, 4000))
    assert drill("albert/factorised-drill", w=100, h=4000) * 1e6 == table.size + up.size
    assert f"{30_000 * 4000 // 10**6} million at 4,000" in said(text, "factorised-drill", "why")
    names: dict[str, Any] = {"rng": np.random.default_rng(0), "V": 50, "E": 4, "H": 12, "ids": np.array([3, 49, 3])}
    exec(program(text("albert/factorised-code", "cloze")), names)
    whole = names["table"] @ names["up"]
    assert whole.shape == (50, 12)
    assert np.linalg.matrix_rank(whole) == 4
    assert names["x"] == pytest.approx(whole[[3, 49, 3]])


@pytest.mark.proves("layers-shared-drill")
def test_shared_layers_are_stored_once(drill: Drill) -> None:
    for layers in (6, 12, 24):
        assert drill("albert/layers-shared-drill", layers=layers, d=1000) * 1e6 == block(1000)


@pytest.mark.proves("fewer-parameters-same-work", "depth-work", "albert-against-bert")
def test_parameters_shrink_while_the_work_does_not(text: Text) -> None:
    assert bert(*BERT_LARGE) / albert(LARGE[1]) == pytest.approx(18, abs=1)
    assert "18 times fewer" in said(text, "fewer-parameters-same-work", "q")
    assert LARGE[0] * block(LARGE[1]) == BERT_LARGE[0] * block(BERT_LARGE[1])
    work = XXLARGE[0] * block(XXLARGE[1]) / (BERT_LARGE[0] * block(BERT_LARGE[1]))
    assert float(text("albert/depth-work", "typed")) == work
    why = said(text, "depth-work", "why")
    assert f"{block(XXLARGE[1]) / block(BERT_LARGE[1]):.0f} times the weights in each" in why
    assert f"{block(XXLARGE[1]) / 1e6:.0f} million" in why
    assert f"{BERT_LARGE[0] * block(BERT_LARGE[1]) / 1e6:.0f} million in BERT-large's 24" in why
    assert albert(XXLARGE[1]) / bert(*BERT_LARGE) == pytest.approx(0.7, abs=0.05)
    assert text("albert/albert-against-bert", "contrast.by.parameters.albert") == f"{albert(768) / 1e6:.0f} million"
    assert (
        text("albert/albert-against-bert", "contrast.by.parameters.bert")
        == f"{round(bert(12, 768), -7) // 10**6} million"
    )
    assert 1 - albert(768) / bert(12, 768) == pytest.approx(0.9, abs=0.02)
