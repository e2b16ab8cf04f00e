"""The facts of the deck on RoBERTa: sequences and parameters counted, and what is quoted from the paper's tables."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.facts import filled, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "bert-and-roberta": "liu2019 §2.4, §3.2, §4.4 and Table 4: batch 8K, 160GB, 50K units",
    "large-batch-result": "liu2019 Table 3: bsz 256, 2K and 8K, lr 1e-4, 7e-4 and 1e-3, ppl 3.99, 3.68 and 3.77",
    "full-length-always": "liu2019 §3.1, 512 tokens and 90 per cent",
    "objective-after-all": "clark2020 abstract, 15 per cent and less than a quarter of the compute",
}


def said(text: Text, note: str, key: str) -> str:
    return prose(text(f"roberta/{note}", key))


@pytest.mark.proves("same-mask-four-times", "dynamic-mask-matters-later")
def test_forty_epochs_over_ten_copies_repeat_each_mask_four_times(text: Text) -> None:
    copies, epochs = 10, 40
    seen = [epoch % copies for epoch in range(epochs)]
    assert {seen.count(copy) for copy in range(copies)} == {int(text("roberta/same-mask-four-times", "typed"))}
    assert "copied 10 times" in said(text, "same-mask-four-times", "q")
    assert "40 epochs" in said(text, "same-mask-four-times", "q")


@pytest.mark.proves("equal-cost-batches", "sequences-seen")
def test_as_many_sequences_are_read_in_fewer_larger_steps(text: Text, drill: Drill) -> None:
    sequences = 1_000_000 * 256
    for batch in (512, 1024, 2048, 4096, 8192):
        steps = drill("roberta/equal-cost-batches", b=batch) * 1000
        assert steps * batch == sequences
    assert drill("roberta/equal-cost-batches", b=2048) == 125
    assert round(drill("roberta/equal-cost-batches", b=8192)) == 31
    assert "125,000 steps for 2,000 sequences and 31,000 for 8,000" in said(text, "equal-cost-batches", "why")
    ratio = 500_000 * 8_000 / sequences
    assert float(text("roberta/sequences-seen", "typed")) == pytest.approx(ratio, rel=0.03)
    assert f"{sequences // 10**6} million against {500_000 * 8_000 // 10**6:,} million" in said(
        text, "sequences-seen", "why"
    )


@pytest.mark.proves("larger-vocabulary-parameters", "byte-level-why")
def test_a_larger_vocabulary_adds_rows_of_the_models_width(text: Text, drill: Drill) -> None:
    assert drill("roberta/larger-vocabulary-parameters", d=800, old=30000, new=50000) == 20_000 * 800 / 1e6
    base, large = (20_000 * width / 1e6 for width in (768, 1024))
    assert round(base) == 15
    assert round(large) == 20
    why = said(text, "larger-vocabulary-parameters", "why")
    assert "about 15 million at width 768, 20 at 1,024" in why
    assert "costs 15 million more" in said(text, "byte-level-why", "why")


@pytest.mark.proves("recipe-alone")
def test_the_gains_are_the_differences_of_the_published_accuracies(text: Text) -> None:
    bert, recipe, more_text, more_steps = 86.6, 89.0, 89.3, 90.2
    assert f"from {bert} to {recipe}." in said(text, "recipe-alone", "a")
    why = said(text, "recipe-alone", "why")
    assert f"then brought {more_text - recipe:.1f} and five times the steps {more_steps - more_text:.1f} more" in why
    assert round(100_000 * 8_000 / (1_000_000 * 256)) == 3
    assert "read three times as many sequences as BERT" in why
    assert 500 / 100 == 5
    assert 160 / 16 == 10


@pytest.mark.proves("roberta-pair")
def test_the_pair_has_two_separators_in_the_middle(text: Text) -> None:
    assert "`<s> first text </s></s> second text </s>`" in filled(text("roberta/roberta-pair", "cloze"))
