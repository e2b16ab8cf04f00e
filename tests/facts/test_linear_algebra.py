"""Facts of the deck on linear algebra, computed with NumPy on small arrays."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]
Array = np.ndarray[Any, np.dtype[np.float64]]

QUOTED: dict[str, str] = {}


def cosine(x: Array, y: Array) -> float:
    return float(x @ y / math.sqrt(x @ x) / math.sqrt(y @ y))


def shape(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text.strip("() ").split(",") if each.strip())


@pytest.mark.proves("cosine-formula", "appended-to-itself", "similarity-measures")
def test_longer_vectors_change_the_dot_product_and_the_distance_but_not_the_cosine(text: Text) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 5))
    assert cosine(2 * x, y) == pytest.approx(cosine(x, y))
    assert 2 * x @ y == pytest.approx(2 * (x @ y))
    grown = (3 * x) @ (3 * y) / (x @ y)
    assert text("linear-algebra/similarity-measures", "contrast.by.double.dot") == f"is multiplied by {grown:.0f}"
    assert "three times as long" in text("linear-algebra/similarity-measures", "contrast.by.double.ask")
    further = np.linalg.norm(3 * x - 3 * y) / np.linalg.norm(x - y)
    assert text("linear-algebra/similarity-measures", "contrast.by.double.euclid") == f"is multiplied by {further:.0f}"
    assert cosine(x, x) == pytest.approx(1)
    assert cosine(x, -x) == pytest.approx(-1)
    assert text("linear-algebra/similarity-measures", "contrast.by.range.cosine") == "from -1 to 1"


@pytest.mark.proves("unit-vector-distance")
def test_the_squared_distance_of_unit_vectors_is_two_minus_two_cosines(text: Text) -> None:
    rng = np.random.default_rng(1)
    x, y = (v / np.linalg.norm(v) for v in rng.normal(size=(2, 7)))
    assert float((x - y) @ (x - y)) == pytest.approx(2 - 2 * cosine(x, y))
    assert r"= 2 - 2 \cos(x, y)$" in filled(text("linear-algebra/unit-vector-distance", "cloze"))


@pytest.mark.proves("cosine-drill")
def test_the_cosine_drill_divides_by_both_lengths(drill: Drill) -> None:
    for a, b in ((4, 3), (5, 12), (8, 6), (12, 5)):
        assert drill("linear-algebra/cosine-drill", a=a, b=b) == pytest.approx(
            cosine(np.array([3.0, 4.0]), np.array([float(a), float(b)]))
        )


@pytest.mark.proves("product-shapes")
def test_the_shapes_of_a_linear_layer(text: Text) -> None:
    lines = filled(text("linear-algebra/product-shapes", "cloze")).splitlines()
    x, w, b, out = (shape(line[line.rindex("(") :]) for line in lines[1:5])
    assert math.prod(x) > 0
    # Views of one number stand for the arrays, so that nothing large is computed.
    assert np.broadcast_shapes((*x[:-1], w[1]), b) == out
    assert x[-1] == w[0]
    assert (np.ones((2, 3, x[-1])) @ np.ones(w)).shape == (2, 3, out[-1])


@pytest.mark.proves("product-cost", "bracket-order")
def test_the_multiplications_of_a_product(text: Text, drill: Drill) -> None:
    def count(m: int, k: int, n: int) -> int:
        return sum(1 for _ in range(m) for _ in range(n) for _ in range(k))

    assert drill("linear-algebra/product-cost", m=10, k=100, n=5) == count(10, 100, 5)
    n = 7
    assert count(n, n, n) + count(n, n, 1) == n**3 + n**2
    assert count(n, n, 1) + count(n, n, 1) == 2 * n**2
    assert "$n^3 + n^2$ for $(AB)x$" in prose(text("linear-algebra/bracket-order", "q"))
    assert text("linear-algebra/bracket-order", "a").startswith("$2n^2$")


@pytest.mark.proves("transpose-of-product", "gram-matrix")
def test_transposes_of_products(text: Text) -> None:
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(2, 3)), rng.normal(size=(3, 4))
    assert (a @ b).T == pytest.approx(b.T @ a.T)
    why = prose(text("linear-algebra/transpose-of-product", "why"))
    for array in (a, b, b.T, a.T):
        assert r"${} \times {}$".format(*array.shape) in why
    assert (a @ a.T)[0, 1] == pytest.approx(a[0] @ a[1])
    assert text("linear-algebra/gram-matrix", "a").startswith(r"$X X^\top$")


@pytest.mark.proves("transpose-of-vector")
def test_a_vector_is_its_own_transpose_in_numpy(text: Text) -> None:
    x = np.zeros(5)
    assert str(x.T.shape) == "(5,)"
    assert shape(text("linear-algebra/transpose-of-vector", "typed")) == x.T.shape
    assert f"`{x[:, None].shape}`" in prose(text("linear-algebra/transpose-of-vector", "why"))


@pytest.mark.proves("three-norms", "l0-no-norm")
def test_the_norms_of_a_vector(text: Text) -> None:
    x = np.array([3.0, -4.0])
    assert text("linear-algebra/three-norms", "contrast.by.example.ask") == "Of the vector (3, -4)"
    for name, order in (("l1", 1), ("l2", 2), ("linf", np.inf)):
        assert float(text("linear-algebra/three-norms", f"contrast.by.example.{name}")) == np.linalg.norm(x, order)
    assert np.count_nonzero(2 * x) == np.count_nonzero(x) != 2 * np.count_nonzero(x)


@pytest.mark.proves("frobenius", "best-low-rank", "svd-code")
def test_the_svd_gives_the_norm_and_the_best_approximation(text: Text) -> None:
    rng = np.random.default_rng(3)
    a = rng.normal(size=(6, 4))
    s = np.linalg.svd(a)[1]
    assert np.sqrt((a**2).sum()) == pytest.approx(np.sqrt((s**2).sum()))
    names: dict[str, Any] = {"np": np, "A": a, "k": 2}
    exec(program(text("linear-algebra/svd-code", "cloze")), names)
    best = names["A_k"]
    assert np.linalg.matrix_rank(best) == 2
    error = np.linalg.norm(a - best)
    assert error**2 == pytest.approx((s[2:] ** 2).sum())
    for _ in range(200):
        rival = rng.normal(size=(6, 2))
        assert np.linalg.norm(a - rival @ np.linalg.lstsq(rival, a, rcond=None)[0]) >= error


@pytest.mark.proves("rank-through-bottleneck", "low-rank-parameters", "logits-rank")
def test_factors_bound_the_rank_and_hold_fewer_numbers(text: Text, drill: Drill) -> None:
    rng = np.random.default_rng(4)
    b, a = rng.normal(size=(768, 8)), rng.normal(size=(8, 768))
    assert np.linalg.matrix_rank(b @ a) == 8
    q = prose(text("linear-algebra/rank-through-bottleneck", "q"))
    assert r"$768 \times 8$" in q
    assert "a rank above 8" in q
    assert np.linalg.matrix_rank(rng.normal(size=(50, 5)) @ rng.normal(size=(5, 90))) == 5
    big, small = np.ones((500, 4)), np.ones((4, 300))
    assert drill("linear-algebra/low-rank-parameters", m=500, n=300, r=4) == big.size + small.size


@pytest.mark.proves("eigenvector", "power-iteration", "eigen-against-svd", "svd-picture")
def test_eigenvectors_and_singular_vectors(text: Text) -> None:
    rng = np.random.default_rng(5)
    basis = rng.normal(size=(3, 3))
    a = basis @ np.diag([3.0, 1.0, -0.5]) @ np.linalg.inv(basis)
    x = rng.normal(size=3)
    for _ in range(60):
        x = a @ x / np.linalg.norm(a @ x)
    assert abs(cosine(x, basis[:, 0])) == pytest.approx(1)
    assert a @ basis[:, 2] == pytest.approx(-0.5 * basis[:, 2])
    assert abs(cosine(basis[:, 0], basis[:, 1])) > 0.01
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    assert np.iscomplex(np.linalg.eigvals(turn)).all()
    shear = np.array([[1.0, 1.0], [0.0, 1.0]])
    assert np.linalg.matrix_rank(shear - np.eye(2)) == 1, "one line of eigenvectors only, so no basis of them"
    u, s, vt = np.linalg.svd(rng.normal(size=(4, 3)))
    assert u.T @ u == pytest.approx(np.eye(4))
    assert vt @ vt.T == pytest.approx(np.eye(3))
    assert (s >= 0).all()
    assert "of these not all" in text("linear-algebra/eigen-against-svd", "contrast.by.exists.eigen")


@pytest.mark.proves("broadcast-rule", "broadcast-shape", "all-against-all-loss")
def test_broadcasting_of_shapes(text: Text) -> None:
    total = np.zeros((32, 1, 64)) + np.zeros((10, 64))
    assert shape(text("linear-algebra/broadcast-shape", "typed")) == total.shape
    assert (np.zeros((2, 3, 768)) + np.zeros(768)).shape == (2, 3, 768)
    assert "`(768,)` fits `(32, 128, 768)`" in prose(text("linear-algebra/broadcast-rule", "why"))
    assert np.broadcast_shapes((768,), (32, 128, 768)) == (32, 128, 768)
    difference = np.zeros((100, 1)) - np.zeros(100)
    assert f"`{difference.shape}`" in prose(text("linear-algebra/all-against-all-loss", "why"))
    y, best = np.random.default_rng(8).normal(size=100), np.zeros((100, 1))
    for _ in range(200):
        best -= 0.1 * (best - y).mean(axis=1, keepdims=True)
    assert best == pytest.approx(np.full((100, 1), y.mean()))
    assert (np.zeros((100, 1))[:, 0] - np.zeros(100)).shape == (100,)


@pytest.mark.proves("jacobian-shape", "linear-layer-backward", "jacobian-table")
def test_jacobians_and_the_backward_pass_of_a_linear_layer(text: Text) -> None:
    rng = np.random.default_rng(7)
    w, x, g, eps = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=2), 1e-6
    jacobian = np.stack([(w @ (x + eps * e) - w @ (x - eps * e)) / (2 * eps) for e in np.eye(3)], axis=1)
    assert jacobian.shape == (2, 3)
    assert jacobian == pytest.approx(w, abs=1e-8)
    assert jacobian.T @ g == pytest.approx(w.T @ g, abs=1e-8)
    by_w = np.empty((2, 3))
    for i in range(2):
        for j in range(3):
            step = np.zeros((2, 3))
            step[i, j] = eps
            by_w[i, j] = g @ ((w + step) @ x - (w - step) @ x) / (2 * eps)
    assert by_w == pytest.approx(np.outer(g, x), abs=1e-8)
    said = prose(filled(text("linear-algebra/linear-layer-backward", "cloze")))
    assert r"= W^\top g" in said
    assert r"= g \, x^\top" in said
    z = rng.normal(size=5)
    relu = np.stack([(np.maximum(z + eps * e, 0) - np.maximum(z - eps * e, 0)) / (2 * eps) for e in np.eye(5)], axis=1)
    assert relu == pytest.approx(np.diag((z > 0).astype(float)), abs=1e-8)
    v = rng.normal(size=(4, 2))
    both = np.stack(
        [(v @ np.tanh(w @ (x + eps * e)) - v @ np.tanh(w @ (x - eps * e))) / (2 * eps) for e in np.eye(3)], 1
    )
    assert both == pytest.approx(v @ np.diag(1 - np.tanh(w @ x) ** 2) @ w, abs=1e-8)
    assert r"$J_g \, J_f$" in filled(text("linear-algebra/jacobian-table", "cloze"))
