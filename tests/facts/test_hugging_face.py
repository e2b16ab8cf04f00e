"""Facts of the deck on the Hugging Face libraries: by stand-ins, and by the libraries where installed."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    "larger-than-memory": "sizes of an example; datasets, Datasets and Arrow",
    "ignored-label": "transformers, Data Collator: label_pad_token_id is -100",
    "train-new-from": "a vocabulary size of an example; course, ch. 6",
    "lora-config-code": "ranks of an example; the scaling is computed below",
    "spread-the-rank": "hu2021 Tables 5, 6, WikiSQL: q and v at rank 4 73.7, at rank 1 73.4; rank 8, q 70.4, v 73.0",
    "learns-and-forgets-less": "biderman2024 abstract: perturbations of a rank 10 to 100 times those of usual LoRA",
    "longest-or-max": "the largest length of BERT; transformers, BERT: max_position_embeddings is 512",
}


@pytest.mark.proves("mask-of-a-batch")
def test_the_mask_is_one_where_there_is_no_padding(text: Text) -> None:
    names: dict[str, Any] = {}
    exec(program(text("hugging-face/mask-of-a-batch", "cloze")), names)
    assert names["attention_mask"] == [[int(each != 0) for each in row] for row in names["input_ids"]]


@pytest.mark.proves("padding-waste-drill")
def test_padding_fills_up_to_the_longest(drill: Drill) -> None:
    for lengths in ((10, 30, 40, 60), (20, 35, 50, 100)):
        batch = [["token"] * n + ["[PAD]"] * (max(lengths) - n) for n in lengths]
        a, b, c, d = lengths
        assert drill("hugging-face/padding-waste-drill", a=a, b=b, c=c, d=d) == sum(row.count("[PAD]") for row in batch)


@pytest.mark.proves("effective-batch-drill", "optimizer-steps-drill")
def test_examples_a_step_and_steps_of_a_run(drill: Drill) -> None:
    assert drill("hugging-face/effective-batch-drill", b=8, g=4, p=2) == sum(8 for _ in range(4) for _ in range(2))
    for n, b, k in ((3200, 16, 2), (6400, 64, 3), (16000, 32, 5)):
        steps = sum(1 for _ in range(k) for _ in range(0, n, b))
        assert drill("hugging-face/optimizer-steps-drill", n=n, b=b, k=k) == steps / 10


@pytest.mark.proves("metrics-code", "heads-and-shapes")
def test_the_metric_is_the_share_of_right_classes(text: Text) -> None:
    names: dict[str, Any] = {}
    exec(program(text("hugging-face/metrics-code", "cloze")), names)
    logits = np.array([[2.0, 1.0], [0.0, 3.0], [5.0, 4.0], [1.0, 2.0]])
    assert names["compute_metrics"]((logits, np.array([0, 1, 1, 1]))) == {"accuracy": 0.75}
    table = filled(text("hugging-face/heads-and-shapes", "cloze"))
    assert "| `AutoModelForSequenceClassification` | $(b, k)$ |" in table
    assert "| `AutoModelForCausalLM` | $(b, n, V)$ |" in table


@pytest.mark.proves("strip-prompt-code", "new-tokens-or-length")
def test_the_reply_is_what_follows_the_prompt(text: Text) -> None:
    prompt = np.arange(8).reshape(2, 4)
    model = SimpleNamespace(generate=lambda input_ids, max_new_tokens: np.hstack([input_ids, 100 + input_ids[:, :3]]))
    tokenizer = SimpleNamespace(batch_decode=lambda ids, skip_special_tokens: ids.tolist())
    names: dict[str, Any] = {"model": model, "tokenizer": tokenizer, "inputs": {"input_ids": prompt}}
    exec(program(text("hugging-face/strip-prompt-code", "cloze")), names)
    assert names["replies"] == (100 + prompt[:, :3]).tolist()
    q = prose(text("hugging-face/new-tokens-or-length", "q"))
    assert "max_length=50" in q
    assert "48 tokens" in q
    assert 0 < 50 - 48 < 3


@pytest.mark.proves("temperature-without-effect")
def test_a_temperature_keeps_the_order_of_the_tokens() -> None:
    logits = np.random.default_rng(0).normal(size=50)
    assert {int((logits / temperature).argmax()) for temperature in (0.2, 1.0, 1.5, 9.0)} == {int(logits.argmax())}


@pytest.mark.proves("labels-by-word-ids", "ignored-label")
def test_first_pieces_carry_the_labels(text: Text) -> None:
    code = program(text("hugging-face/labels-by-word-ids", "cloze"))
    word_ids = eval(code.splitlines()[0].split("==")[1])
    labels = eval(code.splitlines()[1].split("==")[1])
    ignored = int(text("hugging-face/ignored-label", "typed"))
    of_words = [label for label in labels if label != ignored]
    expected = [
        ignored if word is None or (at and word_ids[at - 1] == word) else of_words[word]
        for at, word in enumerate(word_ids)
    ]
    assert labels == expected
    assert len(word_ids) == len("[CLS] Ann likes Heidel ##berg [SEP]".split())


@pytest.mark.proves("lora-config-code")
def test_the_scaling_is_alpha_over_the_rank(text: Text) -> None:
    code = program(text("hugging-face/lora-config-code", "cloze"))
    seen: dict[str, Any] = {}

    def config(**options: Any) -> None:
        seen.update(options)

    model = SimpleNamespace(print_trainable_parameters=lambda: None)
    exec(code, {"LoraConfig": config, "get_peft_model": lambda model, _: model, "model": model})
    assert f"scaled by {seen['lora_alpha']}/{seen['r']}" in prose(text("hugging-face/lora-config-code", "why"))
    assert math.isclose(seen["lora_alpha"] / seen["r"], 2)


def trained_with(text: Text) -> dict[str, Any]:
    """What the card gives to a trainer."""
    seen: dict[str, Any] = {}

    def trainer(**options: Any) -> Any:
        seen.update(options)
        return SimpleNamespace(train=lambda: None)

    names: dict[str, Any] = {"Trainer": trainer, "DataCollatorWithPadding": lambda each: ("pads by", each)}
    names |= {"model": "M", "args": "A", "tokenizer": "T", "data": {"train": [1], "validation": [2]}}
    exec(program(text("hugging-face/trainer-code", "cloze")), names)
    return seen


@pytest.mark.proves("trainer-code")
def test_the_trainer_gets_both_sets_and_the_tokenizer(text: Text) -> None:
    seen = trained_with(text)
    assert (seen["train_dataset"], seen["eval_dataset"]) == ([1], [2])
    assert (seen["data_collator"], seen["processing_class"]) == (("pads by", "T"), "T")


@pytest.mark.proves("map-code")
def test_a_batch_is_handed_to_the_tokenizer_in_lists(text: Text) -> None:
    def tokenizer(texts: list[str], truncation: bool) -> dict[str, list[list[str]]]:
        assert truncation
        return {"input_ids": [each.split() for each in texts]}

    def through(function: Callable[[dict[str, list[str]]], Any], batched: bool) -> Any:
        assert batched
        return function({"text": ["a b", "c"]})

    names: dict[str, Any] = {"tokenizer": tokenizer, "data": SimpleNamespace(map=through)}
    exec(program(text("hugging-face/map-code", "cloze")), names)
    assert names["data"] == {"input_ids": [["a", "b"], ["c"]]}


def test_the_libraries_themselves_say_the_same(text: Text) -> None:
    transformers: Any = pytest.importorskip("transformers")
    tokenizers: Any = pytest.importorskip("tokenizers")
    words = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 101, "[SEP]": 102, "hello": 7592, "world": 2088}
    inner = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="[UNK]"))
    inner.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    inner.post_processor = tokenizers.processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 101), ("[SEP]", 102)]
    )
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="[PAD]")
    batch = tokenizer(["hello world", "hello"], padding=True)
    names: dict[str, Any] = {}
    exec(program(text("hugging-face/mask-of-a-batch", "cloze")), names)
    assert batch["input_ids"] == names["input_ids"]
    assert batch["attention_mask"] == names["attention_mask"]
    assert set(trained_with(text)) <= set(inspect.signature(transformers.Trainer.__init__).parameters)
    assert transformers.DataCollatorWithPadding(tokenizer)([{"input_ids": [1]}, {"input_ids": [2, 3]}])[
        "attention_mask"
    ].tolist() == [[1, 0], [1, 1]]
    arguments = transformers.TrainingArguments.__dataclass_fields__
    for name in ("eval_strategy", "save_strategy", "load_best_model_at_end", "warmup_steps", "remove_unused_columns"):
        assert name in arguments
    assert arguments["remove_unused_columns"].default is True
