"""Facts of the deck on PyTorch: arithmetic everywhere, and each program and claim run where PyTorch is installed."""

from __future__ import annotations

import copy
import io
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support.facts import filled, printed, program, prose

Text = Callable[[str, str], str]
Drill = Callable[..., float]

DECK = "pytorch"
QUOTED: dict[str, str] = {}


def run(code: str, **names: Any) -> dict[str, Any]:
    exec(code, names)
    return names


# --- everywhere -------------------------------------------------------------------------------------


@pytest.mark.proves("stride-drill")
def test_the_stride_of_the_first_axis_is_the_size_of_the_others(drill: Drill) -> None:
    for a, b, c in ((8, 10, 5), (16, 12, 30), (8, 20, 64)):
        x = np.zeros((a, b, c))
        assert drill(f"{DECK}/stride-drill", a=a, b=b, c=c) == x.strides[0] // x.itemsize
        flat = np.arange(a * b * c).reshape(a, b, c)
        assert drill(f"{DECK}/stride-drill", a=a, b=b, c=c) == flat[1, 0, 0] - flat[0, 0, 0]


@pytest.mark.proves("reshape-or-transpose")
def test_reshape_and_transpose_of_the_small_matrix(text: Text) -> None:
    ask = text(f"{DECK}/reshape-or-transpose", "contrast.by.rows.ask")
    A = run(ask.split("`")[1])["A"]
    for name, result in (("reshape", np.array(A).reshape(3, 2)), ("transpose", np.array(A).T)):
        said = text(f"{DECK}/reshape-or-transpose", f"contrast.by.rows.{name}")
        assert said == ", ".join(f"`{row}`" for row in result.tolist())
    assert "shape `(3, 2)`" in prose(text(f"{DECK}/reshape-or-transpose", "why"))


@pytest.mark.proves("graph-diagram", "grad-adds")
def test_gradients_by_differences(text: Text) -> None:
    said = filled(text(f"{DECK}/graph-diagram", "cloze"))
    x, w, b, eps = 3.0, 2.0, 5.0, 1e-6
    for name, value in (("x", x), ("w", w), ("b", b)):
        assert f"{name} = {value:.0f}  (" in said

    def y(w: float, b: float) -> float:
        return x * w + b

    assert f"w.grad = {(y(w + eps, b) - y(w - eps, b)) / (2 * eps):.0f}\n" in said
    assert f"b.grad = {(y(w, b + eps) - y(w, b - eps)) / (2 * eps):.0f}\n" in said
    slope = ((3 + eps) ** 2 - (3 - eps) ** 2) / (2 * eps)
    assert float(text(f"{DECK}/grad-adds", "typed")) == pytest.approx(2 * slope)
    assert f"adds $2x = {slope:.0f}$" in prose(text(f"{DECK}/grad-adds", "why"))


@pytest.mark.proves("saved-slice", "list-of-layers", "collate-code")
def test_numbers_that_are_only_examples(text: Text) -> None:
    E = np.zeros((1000, 4))
    assert E[:100].base is E
    assert E[:100].copy().base is None
    assert "`torch.save(E[:100], path)`" in text(f"{DECK}/saved-slice", "q")
    assert "nn.Linear(8, 8) for _ in range(4)" in text(f"{DECK}/list-of-layers", "q")
    assert "batch_size=32" in program(text(f"{DECK}/collate-code", "cloze"))


def test_the_picked_tokens_in_numpy(text: Text) -> None:
    class Axes(np.ndarray):
        """An array with the names of PyTorch that the code uses."""

        def unsqueeze(self, axis: int) -> Any:
            return np.expand_dims(np.asarray(self), axis)

        def gather(self, axis: int, index: Any) -> Any:
            return np.take_along_axis(np.asarray(self), index, axis)

    rng = np.random.default_rng(0)
    logp, ids = rng.normal(size=(2, 3, 7)), rng.integers(7, size=(2, 3))
    names = run(program(text(f"{DECK}/gather-code", "cloze")), logp=logp.view(Axes), targets=ids.view(Axes))
    assert names["picked"].tolist() == [[logp[i, j, ids[i, j]] for j in range(3)] for i in range(2)]
    assert logp[:, :, ids].shape == (2, 3, 2, 3)


# --- where PyTorch is installed ---------------------------------------------------------------------


def test_shapes_and_dtypes_in_pytorch(text: Text) -> None:
    torch: Any = pytest.importorskip("torch")
    F = torch.nn.functional
    assert torch.zeros(8, 10, 5).stride(0) == 50
    A = torch.tensor([[1, 2, 3], [4, 5, 6]])
    assert A.reshape(3, 2).tolist() == [[1, 2], [3, 4], [5, 6]]
    assert A.T.tolist() == [[1, 4], [2, 5], [3, 6]]

    heads = torch.randn(2, 3, 4, 5).transpose(1, 2)
    with pytest.raises(RuntimeError, match="not compatible with input tensor's size and stride"):
        heads.view(2, 4, 15)
    assert torch.equal(heads.reshape(2, 4, 15), heads.contiguous().view(2, 4, 15))

    X = np.ones((2, 3))
    with pytest.raises(RuntimeError, match="same dtype"):
        torch.nn.Linear(3, 1)(torch.from_numpy(X))
    assert (torch.from_numpy(X) + torch.ones(3)).dtype == torch.float64
    torch.nn.Linear(3, 1)(torch.from_numpy(X).float())
    torch.from_numpy(X)[0, 0] = 7
    assert X[0, 0] == 7

    logits, targets = torch.randn(2, 4, 7), torch.randint(7, (2, 4))
    with pytest.raises(RuntimeError, match="Expected target size"):
        F.cross_entropy(logits, targets)
    loss = run(program(text(f"{DECK}/flatten-for-loss-code", "cloze")), F=F, logits=logits, targets=targets)["loss"]
    each = [F.cross_entropy(logits[i, j], targets[i, j]).item() for i in range(2) for j in range(4)]
    assert loss.item() == pytest.approx(np.mean(each), rel=1e-5)

    picked = run(program(text(f"{DECK}/gather-code", "cloze")), logp=logits, targets=targets)["picked"]
    assert picked.tolist() == [[logits[i, j, targets[i, j]].item() for j in range(4)] for i in range(2)]
    assert logits[:, :, targets].shape == (2, 4, 2, 4)

    right = logits[0].argmax(-1) == targets[0]
    with pytest.raises(RuntimeError, match="Input dtype must be either a floating point or complex"):
        right.mean()
    assert right.float().mean() == right.numpy().mean()
    assert right.sum().dtype == torch.int64


def test_autograd_in_pytorch(text: Text) -> None:
    torch: Any = pytest.importorskip("torch")
    x = torch.tensor(3.0)
    w, b = torch.tensor(2.0, requires_grad=True), torch.tensor(5.0, requires_grad=True)
    h = x * w
    (h + b).backward()
    said = filled(text(f"{DECK}/graph-diagram", "cloze"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, tensor in (("w", w), ("b", b), ("h", h)):
            value = tensor.grad if tensor.grad is None else int(tensor.grad)
            assert f"{name}.grad = {value}\n" in said

    assert float(printed(program(text(f"{DECK}/grad-adds", "q")), torch=torch)) == float(
        text(f"{DECK}/grad-adds", "typed")
    )

    x, w = torch.randn(2, 3), torch.randn(3, 1, requires_grad=True)
    with pytest.raises(RuntimeError, match="Can't call numpy"):
        (x @ w).numpy()
    (x @ w).detach().numpy()
    with torch.no_grad():
        (x @ w).numpy()
    total: Any = 0
    for _ in range(2):
        total += (x @ w).sum()
    assert total.grad_fn is not None

    for keep in (False, True):
        h = torch.tanh(x @ w)
        loss1, loss2 = h.sum(), (h * h).sum()
        loss1.backward(retain_graph=keep)
        if keep:
            loss2.backward()
            continue
        with pytest.raises(RuntimeError, match="backward through the graph a second time"):
            loss2.backward()

    with pytest.raises(RuntimeError, match="leaf Variable that requires grad"):
        w -= 1
    model = torch.nn.Linear(3, 1)
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    run(program(text(f"{DECK}/manual-step-code", "cloze")), torch=torch, model=model, loss=model(x).sum(), lr=0.1)
    assert torch.allclose(model.weight, before["weight"] - 0.1 * x.sum(0))
    assert torch.allclose(model.bias, before["bias"] - 0.1 * 2)
    assert model.weight.grad is None
    elsewhere = program(text(f"{DECK}/manual-step-code", "cloze")).replace("no_grad()", "inference_mode()")
    assert "(`inference_mode()` would do here, too.)" in prose(text(f"{DECK}/manual-step-code", "why"))
    run(elsewhere, torch=torch, model=model, loss=model(x).sum(), lr=0.1)
    assert torch.allclose(model.weight, before["weight"] - 0.2 * x.sum(0))
    model(x).sum().backward()


def test_the_training_loop_in_pytorch(text: Text) -> None:
    torch: Any = pytest.importorskip("torch")
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Dropout(0.0), torch.nn.Linear(2, 1))
    optimizer, loss_fn = torch.optim.SGD(model.parameters(), lr=0.1), torch.nn.MSELoss()
    X = torch.randn(32, 2)
    loader = torch.utils.data.DataLoader(list(zip(X, X @ torch.tensor([[1.0], [-2.0]]), strict=True)), batch_size=8)
    modes: list[bool] = []

    def validate(model: Any) -> None:
        modes.append(model.training)
        model.eval()

    names = {"model": model, "loader": loader, "optimizer": optimizer, "loss_fn": loss_fn}
    run(program(text(f"{DECK}/loop-code", "cloze")), **names, epochs=40, device="cpu", validate=validate)
    assert modes == [True] * 40
    assert torch.allclose(model[1].weight, torch.tensor([[1.0, -2.0]]), atol=0.05)

    p = torch.nn.Parameter(torch.ones(1))
    optimizer = torch.optim.SGD([p], lr=0.1, weight_decay=0.1)
    (3 * p).sum().backward()
    (3 * p).sum().backward()
    assert p.grad.item() == 6
    optimizer.zero_grad()
    assert p.grad is None
    optimizer.step()
    assert p.item() == 1
    p.grad = torch.ones(1)
    optimizer.zero_grad(set_to_none=False)
    optimizer.step()
    assert p.item() < 1

    p = torch.nn.Parameter(torch.ones(1))
    optimizer = torch.optim.SGD([p], lr=0.1, momentum=0.9)
    p.grad = torch.ones(1)
    optimizer.step()
    for to_none in (False, True):
        optimizer.zero_grad(set_to_none=to_none)
        before = p.item()
        optimizer.step()
        assert (p.item() == before) is to_none


def classifier(text: Text, torch: Any) -> Any:
    return run(program(text(f"{DECK}/module-code", "cloze")), nn=torch.nn)["Classifier"]


def test_modules_and_modes_in_pytorch(text: Text) -> None:
    torch: Any = pytest.importorskip("torch")
    nn = torch.nn
    model = classifier(text, torch)(10, 4, 3)
    ids = torch.randint(10, (2, 5))
    assert torch.allclose(model(ids)[0], model.out(torch.stack([model.embed(i) for i in ids[0]]).mean(0)))

    class Early(nn.Module):  # type: ignore[name-defined, misc]
        def __init__(self) -> None:
            self.layer = nn.Linear(2, 2)

    with pytest.raises(AttributeError, match=r"before Module\.__init__"):
        Early()

    class Scaled(nn.Module):  # type: ignore[name-defined, misc]
        def __init__(self, code: str) -> None:
            super().__init__()
            exec(code, {"self": self, "torch": torch, "nn": nn, "d": 3})

    said = program(text(f"{DECK}/own-parameter-code", "cloze"))
    (scale,) = Scaled(said).parameters()
    assert scale.requires_grad
    assert scale.tolist() == [1, 1, 1]
    plain = Scaled("self.scale = torch.ones(d, requires_grad=True)")
    assert list(plain.parameters()) == []
    plain.scale.sum().backward()
    assert plain.scale.grad.tolist() == [1, 1, 1]

    class Listed(nn.Module):  # type: ignore[name-defined, misc]
        def __init__(self, register: bool) -> None:
            super().__init__()
            layers = [nn.Linear(8, 8) for _ in range(4)]
            self.layers = nn.ModuleList(layers) if register else layers
            n = 3
            exec(program(text(f"{DECK}/buffer-code", "cloze")), {"self": self, "torch": torch, "n": n})

    assert list(Listed(False).parameters()) == []
    assert sum(p.numel() for p in Listed(True).parameters()) == 4 * (8 * 8 + 8)
    assert "mask" not in Listed(True).state_dict()
    moved = Listed(True).to(torch.float64)
    assert moved.mask.dtype == torch.float64

    called: list[int] = []
    layer = nn.Linear(2, 2)
    layer.register_forward_hook(lambda *_: called.append(1))
    layer.forward(torch.ones(2))
    assert called == []
    layer(torch.ones(2))
    assert called == [1]

    layer, drop = nn.Linear(2, 2), nn.Dropout(0.5)
    with torch.no_grad():
        assert (drop(torch.ones(1000)) == 0).any()
        constant = layer(torch.ones(2))
    drop.eval()
    assert (drop(torch.ones(1000)) == 1).all()
    assert drop(layer(torch.ones(2))).requires_grad
    (layer(torch.ones(2)) * constant).sum().backward()
    with torch.inference_mode():
        inferred = layer(torch.ones(2))
    with pytest.raises(RuntimeError, match="Inference tensors cannot be saved for backward"):
        (layer(torch.ones(2)) * inferred).sum().backward()


def test_data_loaders_in_pytorch(text: Text) -> None:
    torch: Any = pytest.importorskip("torch")
    pad_sequence = pytest.importorskip("torch.nn.utils.rnn").pad_sequence
    DataLoader = pytest.importorskip("torch.utils.data").DataLoader
    data = [(torch.tensor([5, 6, 7]), 0), (torch.tensor([8]), 1)]
    code = program(text(f"{DECK}/collate-code", "cloze"))
    names = run(code, torch=torch, pad_sequence=pad_sequence, DataLoader=DataLoader, data=data)
    ids, labels = names["collate"](data)
    assert ids.tolist() == [[5, 6, 7], [8, 0, 0]]
    assert labels.tolist() == [0, 1]
    assert next(iter(names["loader"]))[0].shape == (2, 3)
    with pytest.raises(RuntimeError, match="equal size"):
        next(iter(DataLoader(data, batch_size=2)))
    assert next(iter(DataLoader(["a b", "c"], batch_size=2))) == ["a b", "c"]
    assert DataLoader(data).num_workers == 0

    class Stream(torch.utils.data.IterableDataset):  # type: ignore[misc]
        def __iter__(self) -> Any:
            return iter(range(3))

    with pytest.raises(ValueError, match="shuffle"):
        DataLoader(Stream(), shuffle=True)
    assert sorted(x for _ in range(2) for x in copy.copy(Stream())) == [0, 0, 1, 1, 2, 2]


def test_moving_and_saving_in_pytorch(text: Text, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    torch: Any = pytest.importorskip("torch")
    x, layer = torch.ones(2), torch.nn.Linear(2, 2)
    assert x.to("meta").device.type == "meta"
    assert x.device.type == "cpu"
    layer.to("meta")
    assert layer.weight.device.type == "meta"
    ids = torch.zeros(3, 5, dtype=torch.long, device="meta")
    positions = run(program(text(f"{DECK}/device-of-input-code", "cloze")), torch=torch, ids=ids)["positions"]
    assert positions.shape == (5,)
    assert positions.device.type == "meta"

    monkeypatch.chdir(tmp_path)
    Classifier = classifier(text, torch)
    trained = Classifier(10, 4, 3)
    code = program(text(f"{DECK}/save-load-code", "cloze"))
    sizes = {"vocabulary": 10, "d": 4, "classes": 3}
    loaded = run(code, torch=torch, model=trained, Classifier=Classifier, **sizes)["model"]
    assert not loaded.training
    assert loaded is not trained
    assert torch.equal(loaded.out.weight, trained.out.weight)

    whole = io.BytesIO()
    torch.save(torch.nn.Linear(2, 2), whole)
    whole.seek(0)
    with pytest.raises(Exception, match="Weights only load failed"):
        torch.load(whole)
    plain = io.BytesIO()
    torch.save({"epoch": 3, "names": ["a"], "weights": torch.ones(2)}, plain)
    plain.seek(0)
    assert torch.load(plain)["epoch"] == 3

    layer = torch.nn.Linear(2, 2)
    best, copied = layer.state_dict(), copy.deepcopy(layer.state_dict())
    with torch.no_grad():
        layer.weight += 1
    assert torch.equal(best["weight"], layer.weight)
    assert not torch.equal(copied["weight"], layer.weight)

    kept = layer.weight.clone()
    outcome = layer.load_state_dict({"module.weight": torch.zeros(2, 2)}, strict=False)
    assert torch.equal(layer.weight, kept)
    assert outcome.missing_keys == ["weight", "bias"]
    assert outcome.unexpected_keys == ["module.weight"]

    E, written = torch.zeros(1000, 50), []
    for part in (E, E[:100], E[:100].clone()):
        file = io.BytesIO()
        torch.save(part, file)
        written.append(len(file.getvalue()))
    assert written[1] == pytest.approx(written[0], rel=0.05)
    assert written[2] < written[0] / 5
