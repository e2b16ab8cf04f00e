"""The facts of the deck `bert-vs-gpt`: counts from shapes, masks built and counted, its code run."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.support.facts import filled, program

Text = Callable[[str, str], str]
Array = npt.NDArray[np.float64]

QUOTED: dict[str, str] = {
    "squad-drops-most": "devlin2019 Table 5: No NSP against LTR & No NSP",
    "same-size-not-controlled": "devlin2019 Table 1, averages 79.6 and 75.1: their difference",
    "auxiliary-loss": "radford2018 §4.1, the weight lambda; Table 5, averages with and without the auxiliary loss",
    "comparing-two-sentences": "brown2020 Table 3.8, averages and WiC",
    "tldr-summary": "radford2019 §3.6, the drop without the hint",
    "extra-fifteen-million": "openai2019 README, the note that the 117M of radford2019 Table 2 was an error",
    "pretrain-finetune-gap": "devlin2019 App. A.1, the shares 80, 10 and 10 per cent",
}

WIDTH, FEED_FORWARD, LAYERS = 768, 3072, 12
CHOSEN, TO_MASK, TO_RANDOM = 0.15, 0.8, 0.1


def block_parameters() -> int:
    """One transformer block: four projections, a feed-forward net of two layers, two layer norms."""
    attention = 4 * (WIDTH * WIDTH + WIDTH)
    feed_forward = WIDTH * FEED_FORWARD + FEED_FORWARD + FEED_FORWARD * WIDTH + WIDTH
    return attention + feed_forward + 2 * (2 * WIDTH)


def bert_base() -> int:
    """Embeddings of tokens, positions and segments with their norm, blocks, pooler."""
    return (30522 + 512 + 2) * WIDTH + 2 * WIDTH + LAYERS * block_parameters() + WIDTH * WIDTH + WIDTH


def gpt2_small() -> int:
    """Embeddings of tokens and positions, blocks, final norm; the output shares the token embeddings."""
    return (50257 + 1024) * WIDTH + LAYERS * block_parameters() + 2 * WIDTH


def softmax(scores: Array) -> Array:
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Array = exps / exps.sum(axis=-1, keepdims=True)
    return result


def two_layers(x: Array, weights: Array, causal: bool) -> tuple[list[tuple[Array, Array]], Array]:
    """Keys and values of each of two self-attention layers with residuals, and the final vectors."""
    seen = []
    for query_map, key_map, value_map in weights:
        keys, values = x @ key_map, x @ value_map
        seen.append((keys, values))
        scores = (x @ query_map) @ keys.T / np.sqrt(x.shape[1])
        if causal:
            scores[np.triu(np.ones_like(scores, dtype=bool), k=1)] = -np.inf
        x = x + softmax(scores) @ values
    return seen, x


@pytest.mark.proves("losses-in-512")
def test_gpt_gets_a_target_per_later_token_and_bert_fifteen_in_a_hundred(text: Text) -> None:
    tokens = 512
    gpt, bert = len(range(1, tokens)), CHOSEN * tokens
    answer = text("bert-vs-gpt/losses-in-512", "a")
    assert answer.startswith(f"About {gpt / bert:.1f} times")
    assert f"{gpt / bert:.1f}" == f"{1 / CHOSEN:.1f}", "the same for any long text"
    assert f"only the {CHOSEN:.0%} chosen" in answer
    assert f"In {tokens} tokens that is {gpt} against about {bert:.0f}." in text("bert-vs-gpt/losses-in-512", "why")


@pytest.mark.proves("share-corrupted")
def test_the_altered_share_is_the_chosen_share_times_masked_or_random(text: Text) -> None:
    answer = text("bert-vs-gpt/share-corrupted", "a")
    assert answer.startswith(f"{CHOSEN * (TO_MASK + TO_RANDOM):.1%}")
    assert f"{CHOSEN:.0%} are chosen and {TO_MASK + TO_RANDOM:.0%}" in answer
    assert f"{TO_MASK:.0%} to [MASK], {TO_RANDOM:.0%} to a random" in answer
    why = text("bert-vs-gpt/share-corrupted", "why")
    assert f"The other {CHOSEN * (1 - TO_MASK - TO_RANDOM):.1%}" in why
    assert f"among the {CHOSEN * (TO_MASK + TO_RANDOM):.1%}" in why


@pytest.mark.proves("mixed-pairs")
def test_independent_blanks_mix_half_the_pairs_and_the_chain_rule_mixes_none(text: Text) -> None:
    joint = {("New", "York"): 0.5, ("Los", "Angeles"): 0.5}
    firsts = {pair[0]: p for pair, p in joint.items()}
    seconds = {pair[1]: p for pair, p in joint.items()}
    independent = {pair: firsts[pair[0]] * seconds[pair[1]] for pair in product(firsts, seconds)}
    chained = {(a, b): firsts[a] * joint.get((a, b), 0.0) / firsts[a] for a, b in product(firsts, seconds)}
    assert sum(p for pair, p in independent.items() if pair not in joint) == 0.5
    assert sum(p for pair, p in chained.items() if pair not in joint) == 0.0
    answer = text("bert-vs-gpt/mixed-pairs", "a")
    assert "BERT half of the time" in answer
    assert "GPT never" in answer


@pytest.mark.proves("attention-column")
def test_the_third_key_is_used_by_all_queries_in_bert_and_from_the_third_on_in_gpt(text: Text) -> None:
    card = filled(text("bert-vs-gpt/attention-column", "cloze"))
    column = np.tril(np.ones((5, 5), dtype=int))[:, 3 - 1]
    assert "at position 3" in card
    assert "five tokens" in card
    assert re.search("query +" + " ".join(str(position) for position in range(1, 6)), card)
    assert re.search("BERT +" + " ".join("1" for _ in column) + "\n", card)
    assert re.search("GPT +" + " ".join(str(seen) for seen in column) + "\n", card)


@pytest.mark.proves("visible-pairs")
def test_visible_pairs_are_a_square_and_a_triangle(text: Text) -> None:
    for n in (1, 2, 7, 64):
        assert np.ones((n, n)).sum() == n**2
        assert np.tril(np.ones((n, n))).sum() == n * (n + 1) / 2
    card = " ".join(filled(text("bert-vs-gpt/visible-pairs", "cloze")).split())
    assert "all $n^2$ (query, key) pairs may interact in BERT" in card
    assert "$n(n+1)/2$ of them in GPT" in card
    why = text("bert-vs-gpt/visible-pairs", "why")
    assert f"{512 * 513 // 2:,} pairs against BERT's {512**2:,}" in " ".join(why.split())
    assert "At 512" in why


@pytest.mark.proves("change-last-token")
def test_a_new_last_token_moves_every_final_vector_unless_a_causal_mask_hides_it(text: Text) -> None:
    rng = np.random.default_rng(3)
    weights = rng.normal(size=(2, 3, 8, 8)) / np.sqrt(8)
    tokens = rng.normal(size=(6, 8))
    swapped = np.vstack([tokens[:5], rng.normal(size=(1, 8))])
    for causal, moved in ((False, [True] * 6), (True, [False] * 5 + [True])):
        (_, before), (_, after) = two_layers(tokens, weights, causal), two_layers(swapped, weights, causal)
        assert [not np.allclose(old, new) for old, new in zip(before, after, strict=True)] == moved
    assert text("bert-vs-gpt/change-last-token", "a") == "At the first five."


@pytest.mark.proves("targets-in-code")
def test_the_target_code_shifts_for_gpt_and_keeps_chosen_places_for_bert(text: Text) -> None:
    ids = np.array([11, 12, 13, 14])
    names: dict[str, Any] = {"np": np, "ids": ids, "MASK": 103, "chosen": np.array([False, True, False, False])}
    exec(program(text("bert-vs-gpt/targets-in-code", "cloze"), "python"), names)
    assert names["gpt_in"].tolist() == [11, 12, 13]
    assert names["gpt_out"].tolist() == [12, 13, 14]
    assert names["bert_in"].tolist() == [11, 103, 13, 14]
    assert names["bert_out"].tolist() == [-100, 12, -100, -100]


@pytest.mark.proves("same-or-next-position")
def test_without_a_shift_a_causal_position_can_see_its_own_target() -> None:
    visible = np.tril(np.ones((6, 6), dtype=bool))
    assert visible.diagonal().all(), "position t sees the token at t"
    assert not visible.diagonal(offset=1).any(), "and not the token at t + 1, its target"


@pytest.mark.proves("equal-stacks")
def test_the_two_stacks_of_blocks_have_equally_many_parameters(text: Text) -> None:
    why = text("bert-vs-gpt/equal-stacks", "why")
    assert f"{LAYERS * block_parameters():,}" in why
    asked = text("bert-vs-gpt/equal-stacks", "q")
    assert f"{LAYERS} blocks of width {WIDTH}" in asked
    assert f"{FEED_FORWARD:,}" in asked


@pytest.mark.proves("extra-fifteen-million")
def test_the_extra_parameters_of_gpt2_small_are_its_larger_vocabulary(text: Text) -> None:
    asked = text("bert-vs-gpt/extra-fifteen-million", "q")
    assert f"{gpt2_small() / 1e6:.1f} million" in asked
    assert f"{bert_base() / 1e6:.1f} million" in asked
    assert f"extra {(gpt2_small() - bert_base()) / 1e6:.0f} million" in " ".join(asked.split())
    answer = text("bert-vs-gpt/extra-fifteen-million", "a")
    assert f"{50257:,} against {30522:,}" in answer
    assert str(WIDTH) in answer
    why = " ".join(text("bert-vs-gpt/extra-fifteen-million", "why").split())
    assert f"That alone is {(50257 - 30522) * WIDTH / 1e6:.1f} million" in why
    assert "1,024 against 512" in why
    assert f"adds {(1024 - 512) * WIDTH / 1e6:.1f} million" in why
    assert f"takes back {(WIDTH * WIDTH + WIDTH) / 1e6:.1f} million" in why
    assert f"counted in its {bert_base() / 1e6:.1f}" in why


@pytest.mark.proves("new-head-weights")
def test_a_head_of_three_classes_has_one_row_of_the_width_for_each(text: Text) -> None:
    answer = text("bert-vs-gpt/new-head-weights", "a")
    assert f"{3 * WIDTH:,}, one row of {WIDTH}" in answer
    assert str(WIDTH) in text("bert-vs-gpt/new-head-weights", "q")
    assert f"{round(bert_base() / 1e7) * 10} million" in " ".join(text("bert-vs-gpt/new-head-weights", "why").split())


@pytest.mark.proves("gpt1-reads-last", "both-orders")
def test_under_a_causal_mask_only_the_last_position_sees_the_whole_text() -> None:
    visible = np.tril(np.ones((6, 6), dtype=bool))
    assert [position for position in range(6) if visible[position].all()] == [5]
    assert visible[0].sum() == 1, "the first position sees itself alone, so its vector never varies with the text"
    first, second = slice(0, 3), slice(3, 6)
    assert visible[second, first].all(), "the later sentence sees the other"
    assert not visible[first, second].any(), "the earlier one does not"


@pytest.mark.proves("kv-cache")
def test_an_appended_token_leaves_cached_keys_alone_only_under_a_causal_mask(text: Text) -> None:
    rng = np.random.default_rng(1)
    weights = rng.normal(size=(2, 3, 8, 8)) / np.sqrt(8)
    tokens = rng.normal(size=(6, 8))
    for causal in (True, False):
        (before, _), (after, _) = two_layers(tokens[:5], weights, causal), two_layers(tokens, weights, causal)
        kept = [
            all(np.allclose(old, new[:5]) for old, new in zip(*pair, strict=True))
            for pair in zip(before, after, strict=True)
        ]
        assert kept == [True, causal], "the first layer never changes, the second one only without a mask"
    why = " ".join(text("bert-vs-gpt/kv-cache", "why").split())
    assert f"Growing a text to 100 tokens one by one, GPT with a cache processes {sum(1 for _ in range(100))}" in why
    assert f"BERT {sum(range(1, 101)):,}" in why


@pytest.mark.proves("causal-mask-removed")
def test_without_a_mask_attention_can_copy_the_next_token_and_the_loss_goes_to_zero() -> None:
    n, sharpness = 6, 60.0
    one_hot = np.eye(n)
    looks_one_ahead = sharpness * np.eye(n, k=1)[:-1]
    predicted = softmax(looks_one_ahead) @ one_hot
    assert -np.log(predicted[np.arange(n - 1), np.arange(1, n)]).max() < 1e-9


@pytest.mark.proves("score-a-sentence")
def test_chain_rule_terms_multiply_to_a_probability_and_two_sided_terms_do_not() -> None:
    rng = np.random.default_rng(2)
    joint = rng.dirichlet(np.ones(4)).reshape(2, 2)
    chain = joint.sum(axis=1, keepdims=True) * (joint / joint.sum(axis=1, keepdims=True))
    assert np.allclose(chain, joint)
    pseudo = (joint / joint.sum(axis=0, keepdims=True)) * (joint / joint.sum(axis=1, keepdims=True))
    assert not np.isclose(pseudo.sum(), 1.0)


@pytest.mark.proves("comparing-two-sentences")
def test_gpt3_is_about_five_hundred_times_as_large_as_bert_large(text: Text) -> None:
    assert round(175e9 / 340e6, -2) == 500
    assert "five hundred times" in " ".join(text("bert-vs-gpt/comparing-two-sentences", "why").split())
