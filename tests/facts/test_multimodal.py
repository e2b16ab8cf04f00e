"""The losses, shapes and counts of the deck on multimodal models, worked out afresh."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest

from tests.support.facts import program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

QUOTED: dict[str, str] = {
    **dict.fromkeys(
        ("codebook-diversity", "distractors-same-utterance", "wav2vec-diagram", "wav2vec-whisper"),
        "baevski2020 title: the number belongs to the name of wav2vec 2.0",
    ),
    "whisper-robust": "radford2022 §3.3: the comparison at equal LibriSpeech scores",
    "zero-shot-imagenet": "radford2021 §3.1.3: from 11.5% to 76.2%, as the original ResNet-50 with 1.28 million labels",
}


def said(text: Text, note: str, key: str) -> str:
    return prose(text(f"multimodal/{note}", key))


def cross_entropy(logits: Any, labels: Any) -> float:
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -float(log_p[np.arange(len(labels)), labels].mean())


def clip_loss(text: Text, images: Any, texts: Any, scale: float) -> float:
    names: dict[str, Any] = {"np": np, "cross_entropy": cross_entropy, "n": len(images)}
    names |= {"images": images, "texts": texts, "scale": scale}
    exec(program(text("multimodal/clip-code", "cloze")), names)
    return float(names["loss"])


@pytest.mark.proves("clip-code", "clip-chance-loss", "batch-negatives")
def test_clip_chooses_along_rows_and_columns(text: Text, drill: Drill) -> None:
    rng = np.random.default_rng(0)
    images, texts = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in rng.normal(size=(2, 6, 4)))
    similarity = images @ texts.T * math.exp(1.5)
    terms = []
    for i in range(6):
        for line in (similarity[i], similarity[:, i]):
            terms.append(math.log(sum(math.exp(s) for s in line)) - similarity[i, i])
    assert clip_loss(text, images, texts, 1.5) == pytest.approx(sum(terms) / len(terms))
    for n in (2, 8, 64, 1024, 32768):
        assert drill("multimodal/clip-chance-loss", n=n) == pytest.approx(-math.log(1 / n))
    same = np.ones((8, 1))
    assert clip_loss(text, same, same, 1.0) == pytest.approx(drill("multimodal/clip-chance-loss", n=8))
    for n in (8, 32, 64, 100, 1000):
        assert drill("multimodal/batch-negatives", n=n) == (~np.eye(n, dtype=bool)).sum()
    # The batch size is the one that radford2021 §2.5 names.
    assert f"{2**15:,} pairs" in said(text, "batch-negatives", "why")


@pytest.mark.proves("scale-needed")
def test_without_a_scale_the_best_share_is_tiny(text: Text) -> None:
    n = 32_768
    share = math.e / (math.e + (n - 1) / math.e)
    assert f"{share:.4f}" == "0.0002"
    assert rf"e^1 / (e^1 + {n - 1} \, e^{{-1}}) \approx 0.0002" in said(text, "scale-needed", "why")
    assert f"{n:,} texts" in said(text, "scale-needed", "q")
    scaled = math.exp(100 * (1 - 0.8))
    assert scaled / (scaled + n) > 0.99
    assert "at 100 or below" in said(text, "scale-needed", "why")


@pytest.mark.proves("captioning-to-matching")
def test_the_gains_of_matching_multiply(text: Text) -> None:
    # radford2021 §2.3: a caption is learned 3 times slower than its bag of words, and matching is 4 times as efficient.
    bag, matching = 3, 4
    assert said(text, "captioning-to-matching", "typed") == str(bag * matching)
    why = said(text, "captioning-to-matching", "why")
    assert f"{bag} times as fast as captioning, and matching {matching} times as fast again" in why


@pytest.mark.proves("patch-count", "finer-patches-cost", "context-after-images")
def test_patches_fill_the_image(text: Text, drill: Drill) -> None:
    for h, p in product((224, 336, 384, 448), (14, 16, 32)):
        if h % p == 0:
            corners = [(y, x) for y in range(0, h, p) for x in range(0, h, p)]
            assert drill("multimodal/patch-count", h=h, p=p) == len(corners)
    count = {p: (224 // p) ** 2 for p in (16, 32)}
    assert said(text, "finer-patches-cost", "typed") == str(count[16] ** 2 // count[32] ** 2)
    for n, h, k in product((4096, 8192), (224, 336), (2, 4, 6)):
        used = k * len([1 for _ in product(range(0, h, 14), range(0, h, 14))])
        assert drill("multimodal/context-after-images", n=n, h=h, k=k) == n - used
        assert n > used
    assert f"an image takes {(336 // 14) ** 2} tokens" in said(text, "context-after-images", "why")


@pytest.mark.proves("patches-code", "patch-as-convolution")
def test_patches_are_windows_that_touch(text: Text) -> None:
    names: dict[str, Any] = {}
    exec(program(text("multimodal/patches-code", "cloze")), names)
    image = np.random.default_rng(1).normal(size=(6, 8, 3))
    rows = names["patches"](image, 2)
    windows = [image[y : y + 2, x : x + 2].reshape(-1) for y in range(0, 6, 2) for x in range(0, 8, 2)]
    assert (rows == np.array(windows)).all()
    # A convolution of kernel and stride p, for one output channel, is the dot product of each window with its kernel.
    rng = np.random.default_rng(2)
    image, kernel = rng.normal(size=(48, 48, 3)), rng.normal(size=768)
    convolved = [
        float((image[y : y + 16, x : x + 16] * kernel.reshape(16, 16, 3)).sum())
        for y in range(0, 48, 16)
        for x in range(0, 48, 16)
    ]
    assert names["patches"](image, 16) @ kernel == pytest.approx(convolved)
    assert said(text, "patch-as-convolution", "a").startswith("Both as large as a patch")


@pytest.mark.proves("whisper-frames")
def test_whisper_holds_a_vector_for_each_twentieth_of_a_second(text: Text, drill: Drill) -> None:
    for s in (4, 10, 12, 20, 30):
        assert drill("multimodal/whisper-frames", s=s) == s * 16_000 / 160 / 2
    assert "30 seconds" in said(text, "whisper-frames", "why")
    assert f"{drill('multimodal/whisper-frames', s=30):,.0f}" in said(text, "whisper-frames", "why")


@pytest.mark.proves("sarcasm-needs-early")
def test_no_sum_of_two_functions_is_the_exclusive_or(text: Text) -> None:
    # Columns: words nice, words bad, photo nice, photo bad. The best sum for sarcasm leaves an error everywhere.
    inputs = np.array([[1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1]], float)
    sarcastic = np.array([0.0, 1.0, 1.0, 0.0])
    weights = np.linalg.lstsq(inputs, sarcastic, rcond=None)[0]
    assert inputs @ weights == pytest.approx([0.5] * 4)
    assert "exclusive or" in said(text, "sarcasm-needs-early", "why")
