"""The losses, rewards and counts of the deck on alignment, worked out afresh."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "small-models-lose": "wei2022 §4.2: on models of 8B and smaller instruction tuning hurts on held-out tasks",
    "small-preferred-to-large": "ouyang2022 abstract: outputs of the 1.3B InstructGPT preferred to 175B GPT-3",
    "lead-on-summaries": "rafailov2023 §6.2: at temperature 0 DPO 61%, PPO 57%; Figure 2: both fall, PPO to GPT-J",
}


def said(text: Text, note: str, key: str) -> str:
    return prose(text(f"alignment/{note}", key))


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


class Ids(np.ndarray[Any, np.dtype[np.int64]]):
    """Token ids with the one method of a tensor that the card's code calls."""

    def clone(self) -> Any:
        return self.copy()


@pytest.mark.proves("mask-the-prompt")
def test_the_prompt_is_masked_and_the_answer_kept(text: Text) -> None:
    ids = np.arange(12).reshape(2, 6).view(Ids)
    names: dict[str, Any] = {"input_ids": ids, "prompt_length": 4}
    exec(program(text("alignment/mask-the-prompt", "cloze")), names)
    assert names["labels"].tolist() == [[-100] * 4 + [4, 5], [-100] * 4 + [10, 11]]
    assert ids[0, 0] == 0


def test_pytorch_skips_the_label_of_the_card(text: Text) -> None:
    assert "skips the label -100 by default" in said(text, "mask-the-prompt", "why")
    torch = pytest.importorskip("torch")
    assert torch.nn.CrossEntropyLoss().ignore_index == -100


@pytest.mark.proves("reward-loss", "preference-probability")
def test_the_difference_of_rewards_gives_the_preference(text: Text, drill: Drill) -> None:
    for a, b in product((0.5, 1, 2, 3), (-1, 0, 1.5)):
        bradley_terry = math.exp(a) / (math.exp(a) + math.exp(b))
        assert drill("alignment/preference-probability", a=a, b=b) == pytest.approx(bradley_terry)
    why = said(text, "preference-probability", "why")
    assert f"a lead of 1 gives {sigmoid(1):.2f}, of 2 gives {sigmoid(2):.2f}." in why
    assert r"\sigma\left( r(x, y_w) - r(x, y_l) \right)" in prose(filled(text("alignment/reward-loss", "cloze")))


@pytest.mark.proves("reward-offset")
def test_an_offset_changes_no_loss(text: Text) -> None:
    rng = np.random.default_rng(0)
    won, lost = rng.normal(size=9), rng.normal(size=9)
    assert "5 more than before" in said(text, "reward-offset", "q")
    assert -np.log(sigmoid((won + 5) - (lost + 5))) == pytest.approx(-np.log(sigmoid(won - lost)))


@pytest.mark.proves("pairs-from-ranking")
def test_a_ranking_holds_each_pair_once(drill: Drill) -> None:
    for k in range(4, 10):
        assert drill("alignment/pairs-from-ranking", k=k) == len(list(combinations(range(k), 2)))


@pytest.mark.proves("penalised-reward", "penalised-reward-drill")
def test_the_penalty_is_beta_times_the_log_ratio(text: Text, drill: Drill) -> None:
    for r, p, q, b in product((2, 3, 4), (-20, -24, -30), (-30, -35, -40), (0.02, 0.1)):
        if p > q:
            expected = r - b * math.log(math.exp(p) / math.exp(q))
            assert drill("alignment/penalised-reward-drill", r=r, p=p, q=q, b=b) == pytest.approx(expected)
    formula = prose(filled(text("alignment/penalised-reward", "cloze")))
    assert r"- \beta \log \frac{ \pi(y \mid x) }{ \pi_{\mathrm{ref}}(y \mid x) }" in formula


@pytest.mark.proves("clipped-objective")
def test_the_clip_takes_away_what_is_gained_beyond_it(text: Text) -> None:
    names: dict[str, Any] = {"np": np}
    exec(program(text("alignment/clipped-objective", "cloze")), names)
    clipped = names["clipped"]
    assert clipped(1.5, 1.0) == clipped(1.2, 1.0) == pytest.approx(1.2)
    assert clipped(1.1, 1.0) == pytest.approx(1.1)
    # A bad action made likelier is still charged in full, one made rarer is charged no less than at the bound.
    assert clipped(1.5, -1.0) == pytest.approx(-1.5)
    assert clipped(0.5, -1.0) == pytest.approx(-0.8)
    assert "1.2 times as likely" in said(text, "clipped-objective", "why")


@pytest.mark.proves("unanimous-group", "group-as-baseline", "checked-not-judged")
def test_a_group_of_equal_rewards_teaches_nothing(text: Text) -> None:
    def advantages(rewards: list[float]) -> Any:
        group = np.array(rewards)
        return (group - group.mean()) / (group.std() + 1e-6)

    for all_alike in (1.0, 0.0):
        assert advantages([all_alike] * 8) == pytest.approx(np.zeros(8))
    assert advantages([1.0] * 2 + [0.0] * 6)[0] > 0 > advantages([1.0] * 2 + [0.0] * 6)[-1]
    assert "every advantage is 0." in said(text, "unanimous-group", "a")
    assert "eight answers" in said(text, "unanimous-group", "q")


@pytest.mark.proves("best-policy", "partition-cancels", "why-stay-close")
def test_the_closed_form_beats_all_other_policies(text: Text) -> None:
    rng, beta = np.random.default_rng(1), 0.5
    reward, ref = rng.normal(size=6), rng.dirichlet(np.ones(6))
    weight = ref * np.exp(reward / beta)
    best = weight / weight.sum()

    def value(policy: Any) -> float:
        return float(policy @ reward - beta * policy @ np.log(policy / ref))

    assert all(value(rng.dirichlet(np.ones(6))) <= value(best) for _ in range(2000))
    assert beta * np.log(best / ref) + beta * math.log(weight.sum()) == pytest.approx(reward)
    formula = prose(filled(text("alignment/best-policy", "cloze")))
    assert r"\propto \pi_{\mathrm{ref}}(y \mid x) \, e^{ r(x, y) / \beta }" in formula


@pytest.mark.proves("dpo-code", "dpo-first-loss", "dpo-gradient-weight")
def test_the_dpo_loss_starts_at_ln_two_and_weighs_wrong_pairs_most(text: Text) -> None:
    names: dict[str, Any] = {"np": np, "sigmoid": sigmoid}
    exec(program(text("alignment/dpo-code", "cloze")), names)
    loss = names["dpo_loss"]
    assert f"{loss(-31.0, -17.0, -31.0, -17.0):.3f}" == said(text, "dpo-first-loss", "typed")
    assert loss(-31.0, -17.0, -31.0, -17.0) == pytest.approx(math.log(2))
    beta, eps = 0.1, 1e-6
    for won, lost in ((-30.0, -40.0), (-45.0, -20.0)):
        slope = (loss(won + eps, lost, -35.0, -30.0) - loss(won - eps, lost, -35.0, -30.0)) / (2 * eps)
        implicit_w, implicit_l = beta * (won + 35), beta * (lost + 30)
        assert slope == pytest.approx(-beta * sigmoid(implicit_l - implicit_w), rel=1e-5)
    assert r"$\sigma(\hat{r}_l - \hat{r}_w)$" in said(text, "dpo-gradient-weight", "why")


@pytest.mark.proves("preferred-falls-too")
def test_the_margin_can_grow_while_both_answers_fall(text: Text) -> None:
    names: dict[str, Any] = {"np": np, "sigmoid": sigmoid}
    exec(program(text("alignment/dpo-code", "cloze")), names)
    losses = [names["dpo_loss"](-30.0 - t, -30.0 - 3 * t, -30.0, -30.0) for t in range(6)]
    assert losses == sorted(losses, reverse=True)
    assert said(text, "preferred-falls-too", "a").endswith("the rejected answers fall even faster.")


@pytest.mark.proves("best-of-n-divergence")
def test_the_divergence_of_best_of_n_by_integration(text: Text, drill: Drill) -> None:
    # The best of n has density n u^(n-1) over the rank u of an answer among those of the policy.
    u = (np.arange(1_000_000) + 0.5) / 1_000_000
    for n in (2, 4, 8, 16, 64):
        density = n * u ** (n - 1)
        logarithm = math.log(n) + (n - 1) * np.log(u)
        assert drill("alignment/best-of-n-divergence", n=n) == pytest.approx(
            float(np.mean(density * logarithm)), abs=1e-4
        )
    assert r"$\ln n - (n-1)/n$" in said(text, "best-of-n-divergence", "why")


@pytest.mark.proves("lead-over-prompting")
def test_a_good_prompt_makes_up_less_than_half_of_the_lead(text: Text) -> None:
    # ouyang2022 §4.1: 85 ± 3% against 175B GPT-3, 71 ± 4% against it with a few-shot prompt.
    bare, prompted, tie = 85, 71, 50
    assert 0.3 < (bare - prompted) / (bare - tie) < 0.5
    assert f"in {bare}% of comparisons" in said(text, "lead-over-prompting", "q")
    answer = said(text, "lead-over-prompting", "a")
    assert answer == f"Less than half: InstructGPT still won {prompted}%, where {tie}% would be a tie."
