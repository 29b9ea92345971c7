"""What the figures compute and write in the browser, against PyTorch on random layers."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import pytest
import torch
from torch.nn import functional

from tests.browser.visits import OpenPage

SEED = 2026
ROUNDS = 200  # of each kind of layer
MODULES = "assets/javascripts/interactive/"
COMPUTE = """async ([modules, text]) => {
    const arithmetic = await import(`${modules}arithmetic.js`);
    const plain = value => {
        if (Array.isArray(value) || ArrayBuffer.isView(value)) return [...value].map(plain);
        if (value?.shape) return [[...value.shape], plain(value.values)];
        if (value?.winners) return [plain(value.output), plain(value.winners)];
        return Number.isFinite(value) ? value : String(value);
    };
    const given = value => value?.image ? arithmetic.tensor(value.image) : value;
    const results = JSON.parse(text).map(([name, ...values]) =>
        plain(arithmetic[name](...values.map(given))));
    return JSON.stringify(results);
}"""
Call = tuple[list[Any], Any]  # a function's name and what it is given, and what torch makes of it


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Keep torch to one thread: in layers this small, waiting for others is most of the work."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def image(tensor: torch.Tensor) -> dict[str, Any]:
    """Give a tensor as the page gets it."""
    return {"image": tensor.tolist()}


def result(tensor: torch.Tensor) -> list[Any]:
    """Give a tensor as the page gives it back."""
    return [list(tensor.shape), tensor.detach().flatten().tolist()]


def values(draw: random.Random, *shape: int) -> torch.Tensor:
    """Give quarters from -2 to 2: many are equal, and float64 adds and multiplies them exactly."""
    numbers = [draw.randint(-8, 8) / 4 for _ in range(math.prod(shape))]
    return torch.tensor(numbers, dtype=torch.float64).reshape(shape)


def padding(draw: random.Random, most: int) -> tuple[int | dict[str, int], list[int]]:
    """Give one padding or one a side, for the page, and left, right, top and bottom for torch."""
    if draw.random() < 0.5:
        around = draw.randint(0, most)
        return around, [around] * 4
    names = ("left", "right", "top", "bottom")
    apart = {name: draw.randint(0, most) for name in names}
    return apart, [apart[name] for name in names]


def convolutions(draw: random.Random) -> Iterator[Call]:
    for _ in range(ROUNDS):
        groups, depth, filters = (draw.randint(1, 3) for _ in range(3))
        height, width = draw.randint(1, 7), draw.randint(1, 7)
        shape = (groups * filters, depth, draw.randint(1, 4), draw.randint(1, 4))
        photo, weights = values(draw, groups * depth, height, width), values(draw, *shape)
        bias = values(draw, shape[0]) if draw.random() < 0.5 else None
        mode = draw.choice(["zeros", "reflect", "replicate"])
        # torch reflects no further than the image is long.
        most = min(height, width) - 1 if mode == "reflect" else 3
        around, sides = padding(draw, min(most, 3))
        stride, dilation, flip = draw.randint(1, 3), draw.randint(1, 3), draw.random() < 0.5
        filled = functional.pad(photo[None], sides, mode="constant" if mode == "zeros" else mode)
        options = {"padding": around, "mode": mode, "stride": stride, "dilation": dilation}
        options |= {"groups": groups, "flip": flip}
        if bias is not None:
            options["bias"] = bias.tolist()
        kernels = weights.flip(2, 3) if flip else weights
        try:
            output = functional.conv2d(filled, kernels, bias, stride, 0, dilation, groups)[0]
        except RuntimeError:  # the kernel is larger than the padded image
            rows, columns = (
                max(0, (size - dilation * (side - 1) - 1) // stride + 1)
                for size, side in zip(filled.shape[2:], shape[2:], strict=True)
            )
            output = torch.zeros(shape[0], rows, columns)
            assert output.numel() == 0
        yield ["convolve", image(photo), image(weights), options], result(output)
        yield ["flipped", image(weights)], result(weights.flip(2, 3))


def poolings(draw: random.Random) -> Iterator[Call]:
    for _ in range(ROUNDS):
        kernel, stride, dilation = (draw.randint(1, 3) for _ in range(3))
        reach = dilation * (kernel - 1) + 1
        shape = [draw.randint(1, 2), *(draw.randint(reach, reach + 4) for _ in range(2))]
        photo = values(draw, *shape) - draw.choice([0, 3])  # or nothing but negative values
        around, sides = padding(draw, kernel)
        left, _, top, _ = sides
        window: dict[str, Any] = {"padding": around, "dilation": dilation}
        if stride != kernel or draw.random() < 0.5:
            window["stride"] = stride
        filled = photo.clone().requires_grad_()
        output, places = functional.max_pool2d(
            functional.pad(filled, sides, value=-torch.inf)[None],
            *(kernel, stride, 0, dilation),
            return_indices=True,
        )
        # Where the winners are without padding; a window of padding alone has none.
        wide = shape[2] + sides[0] + sides[1]
        plane = torch.arange(shape[0])[:, None, None] * shape[1] * shape[2]
        winners = plane + (places[0] // wide - top) * shape[2] + places[0] % wide - left
        winners[output[0] == -torch.inf] = -1
        given = [image(photo), kernel, window]
        yield ["maxPool", *given], [result(output[0]), winners.flatten().tolist()]

        sent = values(draw, *output.shape[1:])
        (received,) = torch.autograd.grad(output[0], filled, sent)
        call = ["maxPoolBackward", sent.flatten().tolist(), winners.flatten().tolist(), shape]
        yield call, result(received)

        # Ties share: amax over each window, one of a side of dilation × (kernel - 1) + 1.
        rim = functional.pad(filled, sides, value=-torch.inf)
        for axis in (1, 2):
            rim = rim.unfold(axis, reach, stride)
        taps = rim[..., ::dilation, ::dilation]
        known = (output[0] != -torch.inf).double()
        (shared,) = torch.autograd.grad(taps.amax((3, 4)), filled, sent * known)
        yield ["sharedMaxPoolBackward", sent.flatten().tolist(), *given], result(shared)

        mean = torch.full((shape[0], 1, kernel, kernel), kernel**-2.0, dtype=torch.float64)
        zeros = functional.pad(filled, sides)[None]
        average = functional.conv2d(zeros, mean, None, stride, 0, dilation, shape[0])[0]
        yield ["averagePool", *given], result(average)
        (spread,) = torch.autograd.grad(average, filled, sent)
        yield ["averagePoolBackward", sent.flatten().tolist(), *given], result(spread)
        if dilation == 1 and len({*sides}) == 1 and sides[0] <= kernel / 2:
            average = functional.avg_pool2d(photo[None], kernel, stride, sides[0])
            yield ["averagePool", *given], result(average[0])

        ones = torch.ones(1, 1, kernel, kernel, dtype=torch.float64)
        dark = torch.zeros(1, *shape[1:], dtype=torch.float64, requires_grad=True)
        seen = functional.conv2d(functional.pad(dark, sides)[None], ones, None, stride, 0, dilation)
        (counts,) = torch.autograd.grad(seen.sum(), dark)
        window = {"padding": around, "dilation": dilation}
        if stride > 1:
            window["stride"] = stride
        yield ["windowCounts", shape[1], shape[2], kernel, window], result(counts)


def sizes(draw: random.Random) -> Iterator[Call]:
    for _ in range(ROUNDS):
        size, kernel, stride, dilation = (draw.randint(1, most) for most in (9, 5, 4, 3))
        before, after = draw.randint(0, 3), draw.randint(0, 3)
        row = torch.zeros(1, 1, size + before + after)
        try:
            wanted = functional.conv1d(row, torch.zeros(1, 1, kernel), None, stride, 0, dilation)
            places = wanted.shape[2]
        except RuntimeError:
            places = 0
        options = {"before": before, "after": after, "stride": stride, "dilation": dilation}
        yield ["outputSize", size, kernel, options], places


def layers(draw: random.Random) -> Iterator[Call]:
    for _ in range(ROUNDS // 3):
        groups, kernel, side = (draw.randint(1, most) for most in (4, 5, 9))
        channels, filters = groups * draw.randint(1, 4), groups * draw.randint(1, 4)
        bias = draw.random() < 0.5
        sizes = {"channels": channels, "filters": filters, "kernel": kernel, "groups": groups}
        options = {"groups": groups, "bias": bias, "device": "meta"}
        layer = torch.nn.Conv2d(channels, filters, kernel, padding=kernel // 2, **options)
        parameters = sum(parameter.numel() for parameter in layer.parameters())
        yield ["parameterCount", {**sizes, "bias": bias}], parameters
        output = layer(torch.zeros(1, channels, side, side, device="meta"))
        places = output.shape[2] * output.shape[3]
        # Each weight is multiplied, and its product added, once at each place.
        yield ["multiplyAdds", {**sizes, "places": places}], layer.weight.numel() * places
        features, scores = draw.randint(1, 6), draw.randint(1, 4)
        inputs, weights = values(draw, features), values(draw, scores, features)
        offset = values(draw, scores)
        wanted = functional.linear(inputs, weights, offset).tolist()
        yield ["linear", inputs.tolist(), weights.tolist(), offset.tolist()], wanted
        yield ["relu", image(weights)], result(weights.relu())


def flat(found: Any) -> list[float]:
    """Give all numbers of nested lists, shapes included."""
    return [n for part in found for n in flat(part)] if isinstance(found, list) else [float(found)]


def close(one: Any, other: Any) -> bool:
    """Say whether the numbers of two nested lists agree; -inf agrees with itself."""
    pairs = list(zip_longest(flat(one), flat(other), fillvalue=math.nan))
    return all(a == b or abs(a - b) <= 1e-12 for a, b in pairs)


def test_the_pages_layers_compute_what_torchs_do(open_page: OpenPage) -> None:
    draw = random.Random(SEED)
    pairs = [pair for kind in (convolutions, poolings, sizes, layers) for pair in kind(draw)]
    assert len(pairs) > 2000
    calls = [call for call, _ in pairs]
    visit = open_page("404.html")
    found = visit.page.evaluate(COMPUTE, [visit.site + MODULES, json.dumps(calls)])
    wrong = [
        (call, pages, torchs)
        for (call, torchs), pages in zip(pairs, json.loads(found), strict=True)
        if not close(pages, torchs)
    ]
    assert wrong[:1] == [], f"{len(wrong)} calls: {sorted({call[0] for call, *_ in wrong})}"


def test_numbers_are_written_and_read_as_readers_do(open_page: OpenPage) -> None:
    visit = open_page("404.html")
    call = """async ([modules, name, calls]) => {
        const numbers = await import(`${modules}numbers.js`);
        return calls.map(values => numbers[name](...values));
    }"""

    def results(name: str, *calls: list[Any]) -> list[Any]:
        return visit.page.evaluate(call, [visit.site + MODULES, name, list(calls)])

    written = {
        "0": [0],
        "−1": [-1],
        "1,234,568": [1234567.5],
        "0.852": [0.852, 3],
        "−0.25": [-0.25, 2],
        "0.00": [-0.001, 2],  # never −0
        "0.5": [0.5, 3, 1],
        "1.0": [1, 3, 1],
        "−∞": [-math.inf],
        "∞": [math.inf],
    }
    assert results("written", *written.values()) == list(written)
    texts = {
        "−1.5": -1.5,
        "\N{EN DASH}2": -2,
        "-.5": -0.5,
        " +3 ": 3,
        "0,25": 0.25,
        "1.": 1,
        "007": 7,
    }
    assert results("read", *([text] for text in texts)) == list(texts.values())
    no_numbers = ["", ".", "-", "1e5", "0x10", "1.2.3", "--1", "∞", "Infinity", "NaN", "1 2", "½"]
    assert all(math.isnan(found) for found in results("read", *([text] for text in no_numbers)))
    assert results("python", [[[0.5, -1], [2, 0]]], [1.25]) == ["[[0.5, -1], [2, 0]]", "1.25"]
    grid = ([5, 0, 1, 2], [-5, 0, 1, 2], [0.126, 0, 1, 2], [-0.001, -1, 1, 2])
    nearest = results("within", *grid)
    assert nearest == [1, 0, 0.13, 0]
    assert math.copysign(1, nearest[-1]) == 1
