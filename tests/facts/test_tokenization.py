"""Facts of the deck on tokenization: the tokenizers, written down and run on the cards' examples."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Symbols = tuple[str, ...]

QUOTED: dict[str, str] = {
    "uneven-languages": "Petrov and others 2023, abstract: up to 15 times",
}


def pair_counts(words: dict[Symbols, int]) -> Counter[Symbols]:
    pairs: Counter[Symbols] = Counter()
    for symbols, n in words.items():
        for at in range(len(symbols) - 1):
            pairs[symbols[at], symbols[at + 1]] += n
    return pairs


def merged(symbols: Symbols, pair: Symbols) -> Symbols:
    out: list[str] = []
    at = 0
    while at < len(symbols):
        if symbols[at : at + 2] == pair:
            out.append("".join(pair))
            at += 2
        else:
            out.append(symbols[at])
            at += 1
    return tuple(out)


def longest_match(word: str, vocabulary: set[str], mark: str = "##") -> list[str]:
    out: list[str] = []
    at = 0
    while at < len(word):
        for end in range(len(word), at, -1):
            piece = (mark if at else "") + word[at:end]
            if piece in vocabulary:
                out.append(piece)
                at = end
                break
        else:
            return ["[UNK]"]
    return out


CORPUS: dict[Symbols, int] = {tuple("low"): 5, tuple("slow"): 3, tuple("now"): 4, tuple("not"): 6}


@pytest.mark.proves("characters-cost")
def test_a_sequence_four_times_as_long_has_sixteen_times_the_scores(text: Text) -> None:
    assert "averages 4 characters" in prose(text("tokenization/characters-cost", "q"))
    assert int(text("tokenization/characters-cost", "typed")) == (4 * 100) ** 2 / 100**2


@pytest.mark.proves("granularity")
def test_the_rare_word_and_its_parts_have_as_many_letters_as_stated(text: Text) -> None:
    cell = text("tokenization/granularity", "contrast.by.rare.subword")
    parts = cell.split("`")[1::2]
    assert "".join(parts) == "untweetable"
    assert text("tokenization/granularity", "contrast.by.rare.character") == f"{len('untweetable')} separate letters"


@pytest.mark.proves("bpe-first-merge", "bpe-second-merge")
def test_the_first_two_merges_of_the_small_corpus(text: Text) -> None:
    q = prose(text("tokenization/bpe-first-merge", "q"))
    again = prose(text("tokenization/bpe-second-merge", "q"))
    for symbols, n in CORPUS.items():
        assert f"`{''.join(symbols)}` {n} times" in q
        assert f"`{''.join(symbols)}` ({n})" in again
    (first, most), (second, fewer) = pair_counts(CORPUS).most_common(2)
    assert text("tokenization/bpe-first-merge", "typed") == " ".join(first)
    assert f"$5 + 3 + 4 = {most}$ times, `{' '.join(second)}` only {fewer} times" in prose(
        text("tokenization/bpe-first-merge", "why")
    )
    assert f"was second, at {fewer}" in again
    after = pair_counts({merged(symbols, first): n for symbols, n in CORPUS.items()})
    best, n = after.most_common(1)[0]
    answer = prose(text("tokenization/bpe-second-merge", "a"))
    assert f"in `not`, {after[second]} times; `{' '.join(best)}` has {n}." in answer


@pytest.mark.proves("bpe-count-code", "bpe-merge-code")
def test_the_code_on_the_cards_trains_byte_pair_encoding(text: Text) -> None:
    names: dict[str, Any] = {"Counter": Counter, "words": CORPUS}
    exec(program(text("tokenization/bpe-count-code", "cloze")), names)
    assert names["pairs"] == pair_counts(CORPUS)
    assert names["best"] == ("o", "w")
    exec(program(text("tokenization/bpe-merge-code", "cloze")), names)
    for letters in itertools.product("ab", repeat=6):
        for pair in itertools.product("ab", repeat=2):
            assert names["merge"](letters, pair) == merged(letters, pair)
    assert names["merge"](tuple("aaa"), ("a", "a")) == ("aa", "a")
    assert "`a a a` with the pair `a a` becomes `aa a`" in prose(text("tokenization/bpe-merge-code", "why"))


@pytest.mark.proves("bpe-encode")
def test_replayed_merges_differ_from_the_longest_match(text: Text) -> None:
    symbols: Symbols = tuple("ner")
    for pair in (("e", "r"), ("n", "e")):
        symbols = merged(symbols, pair)
    assert text("tokenization/bpe-encode", "typed") == " ".join(symbols)
    assert longest_match("ner", {"n", "e", "r", "er", "ne"}, mark="") == ["ne", "r"]
    assert "would have taken `ne` and `r`" in prose(text("tokenization/bpe-encode", "why"))


@pytest.mark.proves("bpe-vocabulary-count", "byte-level-no-unknown")
def test_every_text_is_bytes_and_gpt_2_has_one_token_for_each_byte_and_merge(text: Text) -> None:
    values = len(range(2**8))
    assert "makes 50,000 merges and adds one special token" in prose(text("tokenization/bpe-vocabulary-count", "q"))
    assert int(text("tokenization/bpe-vocabulary-count", "typed")) == values + 50_000 + 1
    assert f"{values} bytes" in prose(text("tokenization/bpe-vocabulary-count", "why"))
    assert f"all {values} byte values" in prose(text("tokenization/byte-level-no-unknown", "a"))
    assert "over 130,000 entries" in prose(text("tokenization/byte-level-no-unknown", "why"))  # quoted from §2.2


@pytest.mark.proves("uneven-languages")
def test_burmese_characters_take_three_bytes(text: Text) -> None:
    assert {len(chr(each).encode()) for each in range(0x1000, 0x10A0)} == {3}
    assert "three to a character" in prose(text("tokenization/uneven-languages", "a"))


@pytest.mark.proves("emoji-in-bytes")
def test_an_emoji_beyond_the_basic_plane_takes_four_bytes(text: Text) -> None:
    emoji = text("tokenization/emoji-in-bytes", "q").split("`")[1]
    assert f"(U+{ord(emoji):X})" in prose(text("tokenization/emoji-in-bytes", "q"))
    assert int(text("tokenization/emoji-in-bytes", "typed")) == len(emoji.encode())
    assert {len(chr(each).encode()) for each in range(0x10000, 0x110000)} == {4}
    assert len(chr(0xFFFF).encode()) == 3


@pytest.mark.proves("wordpiece-picks", "wordpiece-score")
def test_wordpiece_and_byte_pair_encoding_disagree_on_the_counts(text: Text) -> None:
    q = prose(text("tokenization/wordpiece-picks", "q"))
    assert "`t` 1,000, `h` 400, `t h` 300; `q` 50, `u` 900, `q u` 50" in q
    assert 300 > 50
    assert 50 / (50 * 900) > 300 / (1000 * 400)
    assert r"$50/(50 \cdot 900)$ is larger than $300/(1000 \cdot 400)$" in prose(
        text("tokenization/wordpiece-picks", "a")
    )
    assert r"\frac{ n(ab) }{ n(a) \, n(b) }" in prose(filled(text("tokenization/wordpiece-score", "cloze")))


@pytest.mark.proves("wordpiece-split", "wordpiece-unknown")
def test_the_longest_match_takes_player_and_gives_up_on_an_unknown_character(text: Text) -> None:
    vocabulary = {"play", "player", "##er", "##ers", "##s"}
    q = prose(text("tokenization/wordpiece-split", "q"))
    assert all(f"`{piece}`" in q for piece in vocabulary)
    assert text("tokenization/wordpiece-split", "typed") == " ".join(longest_match("players", vocabulary))
    assert longest_match("player☺", vocabulary) == ["[UNK]"]
    assert "A single `[UNK]`" in prose(text("tokenization/wordpiece-unknown", "a"))


@pytest.mark.proves("unigram-best-split")
def test_the_chosen_split_is_the_more_probable_one(drill: Drill) -> None:
    for a, b, c, d in itertools.product((1, 2, 3), (8, 10, 12), (2, 4, 5), (3, 5, 6)):
        if a * b != c * d:
            pieces = {"hug": a / 100, "s": b / 100, "hu": c / 100, "gs": d / 100}
            best = [1.0] + [0.0] * 4
            for end in range(1, 5):
                best[end] = max(best[at] * pieces.get("hugs"[at:end], 0) for at in range(end))
            assert drill("tokenization/unigram-best-split", a=a, b=b, c=c, d=d) == pytest.approx(100 * best[4])


@pytest.mark.proves("embedding-growth", "fertility")
def test_vocabulary_arithmetic(drill: Drill) -> None:
    for d, v in itertools.product((1000, 2000, 4000), (50_000, 64_000, 128_000)):
        before, after = ([rows * d for _ in ("in", "out")] for rows in (32_000, v))
        assert drill("tokenization/embedding-growth", d=d, v=v) == pytest.approx((sum(after) - sum(before)) / 1e6)
    assert drill("tokenization/fertility", f=1.6, c=8000) * 1.6 == pytest.approx(8000)
    assert math.isclose(drill("tokenization/fertility", f=4, c=2000), 500)


@pytest.mark.proves("digits-from-the-left")
def test_groups_from_the_left_put_the_units_in_different_places(text: Text) -> None:
    groups = {number: [number[at : at + 3] for at in range(0, len(number), 3)] for number in ("1234", "567")}
    assert "`1234` becomes `" + "` `".join(groups["1234"]) + "`" in prose(
        text("tokenization/digits-from-the-left", "q")
    )
    places = {number: (len(found) - 1, len(found[-1]) - 1) for number, found in groups.items()}
    assert places["1234"] != places["567"]
    assert "`567`" in prose(text("tokenization/digits-from-the-left", "a"))


@pytest.mark.proves("resize-embeddings")
def test_the_code_gives_the_embeddings_a_row_for_the_new_token(text: Text) -> None:
    class Tokenizer:
        vocab_size = 100

        def __init__(self) -> None:
            self.added: list[str] = []

        def add_tokens(self, tokens: list[str], special_tokens: bool) -> None:
            assert special_tokens
            self.added += tokens

        def __len__(self) -> int:
            return self.vocab_size + len(self.added)

    sizes: list[int] = []
    model = SimpleNamespace(resize_token_embeddings=sizes.append)
    exec(program(text("tokenization/resize-embeddings", "cloze")), {"tokenizer": Tokenizer(), "model": model})
    assert sizes == [101]
