"""Facts of the deck on NumPy, pandas and Matplotlib, computed by running NumPy, and the others where installed."""

from __future__ import annotations

import itertools
import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support.facts import program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

DECK = "scientific-python"
QUOTED: dict[str, str] = {
    "chained-assignment": "pandas documentation, Copy-on-Write: default from 3.0; the 100 is an example",
}


def run(code: str, **names: Any) -> dict[str, Any]:
    exec(code, names)
    return names


@pytest.mark.proves("broadcasting-rule", "row-means-code", "outer-by-none-code", "silent-square")
def test_broadcasting(text: Text) -> None:
    X = np.arange(6.0).reshape(2, 3)
    row = np.array([1.0, 2, 3])
    assert (X + row == X + row.reshape(1, 3)).all()
    assert "`(3,)` acts as `(1, 3)`" in prose(text(f"{DECK}/broadcasting-rule", "a"))
    centred = run(program(text(f"{DECK}/row-means-code", "cloze")), X=X)["centred"]
    assert centred == pytest.approx(np.array([line - line.mean() for line in X]))
    A, B = np.ones((4, 5)), np.zeros((6, 5))
    differences = run(program(text(f"{DECK}/outer-by-none-code", "cloze")), A=A, B=B)["differences"]
    assert differences == pytest.approx(np.array([[a - b for b in B] for a in A]))
    assert differences.shape == (4, 6, 5)
    assert (np.zeros((7, 1)) - np.zeros(7)).shape == (7, 7)


@pytest.mark.proves("slice-or-list", "assign-through-mask", "small-view-big-memory")
def test_views_and_copies(text: Text) -> None:
    X = np.array([1.0, -2, 3, -4])
    for name, taken in (("basic", X[1:3]), ("fancy", X[[1, 2]]), ("mask", X[X > 0])):
        shared = np.shares_memory(X, taken)
        assert text(f"{DECK}/slice-or-list", f"contrast.by.gives.{name}").endswith("view" if shared else "copy")
    table = np.array([[1.0, -1, 2], [-3, 4, -1], [-1, -1, 5], [6, -2, -2]])
    assert f"`{table.shape}` with {(table > 0).sum()} positive" in text(
        f"{DECK}/slice-or-list", "contrast.by.shape.ask"
    )
    for name, taken in (("basic", table[1:3]), ("mask", table[table > 0])):
        assert text(f"{DECK}/slice-or-list", f"contrast.by.shape.{name}") == str(taken.shape)
    X[X < 0][0] = 5
    assert X.tolist() == [1, -2, 3, -4]
    X[X < 0] = 0
    assert X.tolist() == [1, 0, 3, 0]
    E = np.zeros((1000, 2))
    assert E[:100].base is E
    assert E[:100].copy().base is None


@pytest.mark.proves("einsum-attention-code", "einsum-trace", "einsum-drill")
def test_einsum(text: Text, drill: Drill) -> None:
    rng = np.random.default_rng(0)
    Q, K = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(2, 3, 6, 5))
    scores = run(program(text(f"{DECK}/einsum-attention-code", "cloze")), np=np, Q=Q, K=K)["scores"]
    assert scores == pytest.approx(Q @ K.swapaxes(-1, -2))
    A = rng.normal(size=(4, 4))
    assert np.einsum("ii->", A) == pytest.approx(getattr(np, text(f"{DECK}/einsum-trace", "typed"))(A))
    products = sum(1 for _ in itertools.product(range(10), range(30), range(100)))
    assert drill(f"{DECK}/einsum-drill", n=10, m=30, d=100) == products


def test_pandas_where_installed(text: Text) -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"label": ["a", "b", "a"], "length": [1, 5, 3], "text": ["X.", None, "y"]})
    assert run(program(text(f"{DECK}/groupby-code", "cloze")), frame=frame)["means"].to_dict() == {"a": 2, "b": 5}
    assert frame.groupby("label")["length"].transform("mean").tolist() == [2, 5, 2]
    documents, labels = pd.DataFrame({"id": [1, 2]}), pd.DataFrame({"id": [1, 1], "y": [0, 1]})
    assert documents.merge(labels, on="id", how=text(f"{DECK}/left-merge", "typed"))["id"].tolist() == [1, 1, 2]
    with pytest.raises(pd.errors.MergeError):
        documents.merge(labels, on="id", validate="one_to_one")
    present = frame["text"].dropna()
    assert present.str.contains(".").all()
    assert not pd.Series(["\n"]).str.contains(".").any(), "the dot matches any character but a newline"
    assert present.str.contains(".", regex=False).tolist() == [True, False]
    assert frame["text"].str.lower().isna().tolist() == [False, True, False]
    texts = pd.DataFrame({"text": ["a b a", "b c"]})
    counts = run(program(text(f"{DECK}/explode-code", "cloze")), frame=texts)["counts"]
    assert counts.to_dict() == {"a": 2, "b": 2, "c": 1}
    assert texts["text"].str.split().explode().index.tolist() == [0, 0, 0, 1, 1]


def test_chained_assignment_where_pandas_is_installed(text: Text) -> None:
    pd = pytest.importorskip("pandas", minversion="3")
    frame = pd.DataFrame({"label": ["a", "b"], "length": [50, 150]})
    code = re.findall(r"`(frame[^`]* = [^`]*)`", text(f"{DECK}/chained-assignment", "q"))[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run(code, frame=frame)
    assert frame["label"].tolist() == ["a", "b"]
    run(re.findall(r"`(frame.loc[^`]*)`", text(f"{DECK}/chained-assignment", "why"))[0], frame=frame)
    assert frame["label"].tolist() == ["a", "long"]


@pytest.mark.proves("zipf-axes-code")
def test_one_over_the_rank_is_a_straight_line_on_logarithmic_axes(text: Text) -> None:
    ranks = np.arange(1, 1001)
    slope = np.polyfit(np.log(ranks), np.log(5000 / ranks), 1)[0]
    assert f"slope ${slope:.0f}$" in prose(text(f"{DECK}/zipf-axes-code", "why"))


def test_matplotlib_where_installed(text: Text, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib").use("Agg")
    monkeypatch.chdir(tmp_path)
    plt = pytest.importorskip("matplotlib.pyplot")
    names = run(program(text(f"{DECK}/subplots-code", "cloze")), plt=plt, losses=[3, 2, 1])
    assert len(names["axes"]) == 2
    assert (tmp_path / "loss.png").exists()
    assert "ax" in run(program(text(f"{DECK}/zipf-axes-code", "cloze")), plt=plt, counts=[8, 4, 2])
    for name, part in (("figure", names["fig"]), ("axes", names["axes"][0])):
        assert hasattr(part, text(f"{DECK}/figure-or-axes", f"contrast.by.does.{name}").strip("`"))
