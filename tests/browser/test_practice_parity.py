"""What the practice's problems say, answer and hold for mistakes, against NumPy and torch.

Python reads each problem as a reader does, from its text and tables, and computes everything anew.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from tests.browser.practice import KINDS, LEVELS, MISTAKES, run
from tests.browser.visits import OpenPage

SEEDS = 170  # of each level, so more than 500 of each kind
Problem = dict[str, Any]
Numbers = list[float]

DRAWN = """
    const form = JSON.stringify;
    return Array.from({ length: argument.seeds }, (_, seed) => {
        const problem = problems.problem(argument.kind, argument.level, seed);
        const again = problems.problem(argument.kind, argument.level, seed);
        const typed = numbers => answers.read(answers.written(numbers, problem.form), problem.form);
        const judged = numbers => answers.judge(typed(numbers), problem);
        return {
            ...problem,
            same: form(problem) === form(again),
            example: answers.read(problem.form.example, problem.form).numbers,
            judged: judged(problem.answer).verdict,
            named: Object.fromEntries(Object.entries(problem.mistakes).map(
                ([name, numbers]) => [name, judged(numbers).mistakes])),
        };
    });
"""


def text_of(problem: Problem) -> str:
    """Give all words of a problem, its layers included."""
    parts = [" ".join(part) if isinstance(part, list) else part for part in problem["text"]]
    return " ".join(part for part in parts if isinstance(part, str))


def integers(pattern: str, problem: Problem) -> list[int]:
    """Find the whole numbers that a pattern captures in a problem's text."""
    match = re.search(pattern, text_of(problem))
    assert match, (pattern, problem["text"])
    return [int(group) for group in match.groups() if group]


def optional(pattern: str, problem: Problem) -> int:
    """Find one whole number, or 1 where the text does not tell it."""
    match = re.search(pattern, text_of(problem))
    return int(match[1]) if match else 1


def decimals(text: str) -> list[float]:
    """Find the numbers with decimals in a text."""
    return [float(one.replace("−", "-")) for one in re.findall(r"−?\d+\.\d+", text)]


def tables(problem: Problem) -> list[torch.Tensor]:
    """Give the tables of numbers, in order."""
    return [
        torch.tensor(
            [[float(one.replace("−", "-")) for one in row] for row in part["rows"]],
            dtype=torch.float64,
        )
        for part in problem["text"]
        if isinstance(part, dict)
    ]


def convolved_shape(
    sides: list[int],
    kernel: int,
    stride: int,
    padding: int | tuple[int, ...],
    dilation: int = 1,
    *,
    ceil: bool = False,
) -> list[int]:
    """Let torch find the shape of an output; rounded up, by a pooling that may do so."""
    image = torch.empty(1, 1, *sides, device="meta")
    if not isinstance(padding, int):
        image = functional.pad(image, padding)
        padding = 0
    if ceil:
        image = functional.pad(image, (padding,) * 2 * len(sides))
        pool = functional.max_pool1d if len(sides) == 1 else functional.max_pool2d
        return list(pool(image, kernel, stride, 0, dilation, ceil_mode=True).shape[2:])
    if any(side + 2 * padding < dilation * (kernel - 1) + 1 for side in image.shape[2:]):
        return [
            max(0, (side + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1)
            for side in image.shape[2:]
        ]
    weights = torch.empty(1, 1, *[kernel] * len(sides), device="meta")
    convolve = functional.conv1d if len(sides) == 1 else functional.conv2d
    return list(convolve(image, weights, None, stride, padding, dilation).shape[2:])


def parameters(
    channels: int, filters: int, kernel: int, groups: int = 1, *, bias: bool = True
) -> int:
    """Let torch make the layer, and count."""
    layer = torch.nn.Conv2d(
        channels, filters, kernel, groups=groups, bias=bias, device="meta", dtype=torch.float64
    )
    return sum(one.numel() for one in layer.parameters())


def size_mistakes(sides: list[int], kernel: int, stride: int, padding: int, dilation: int = 1):
    once = (padding, 0) * len(sides)
    right = convolved_shape(sides, kernel, stride, padding, dilation)
    return {
        "padding-forgotten": convolved_shape(sides, kernel, stride, 0, dilation),
        "padding-counted-once": convolved_shape(sides, kernel, stride, once, dilation),
        "rounded-up": convolved_shape(sides, kernel, stride, padding, dilation, ceil=True),
        "first-place-forgotten": [side - 1 for side in right],
        "height-and-width-swapped": right[::-1],
        "dilation-ignored": convolved_shape(sides, kernel, stride, padding),
    }


def output_size(problem: Problem, level: int) -> tuple[Numbers, dict[str, Numbers]]:
    if level == 1:
        side, kernel, stride, padding = integers(
            r"is (\d+) pixels wide. A kernel (\d+) .* stride (\d+), .*padding of (\d+)", problem
        )
        sides = [side]
    else:
        pattern = r"of (\d+) × (\d+) pixels.* of (\d+) × \d+ .*stride (\d+).*padding of (\d+)"
        *sides, kernel, stride, padding = integers(pattern, problem)
    dilation = optional(r"dilation of (\d+)", problem)
    right = convolved_shape(sides, kernel, stride, padding, dilation)
    return right, size_mistakes(sides, kernel, stride, padding, dilation)


def parameter_count(problem: Problem, level: int) -> tuple[Numbers, dict[str, Numbers]]:
    if level == 3:
        pattern = r"keeps (\d+) channels: .* (\d+) × \d+, .* (\d+) groups.* makes (\d+) channels"
        channels, kernel, groups, filters = integers(pattern, problem)
        assert groups == channels
        first = parameters(channels, channels, kernel, channels)
        second = parameters(channels, filters, 1)
        mistakes = {
            "groups-ignored": parameters(channels, channels, kernel) + second,
            "biases-not-counted": first - channels + second - filters,
            "channels-ignored": first + parameters(1, filters, 1),
            "one-layer-counted": first,
        }
        return [first + second], {name: [number] for name, number in mistakes.items()}
    filters, channels, kernel = integers(r"makes (\d+) channels of (\d+), .* (\d+) ×", problem)
    groups = optional(r"in (\d+) groups", problem)
    right = parameters(channels, filters, kernel, groups)
    weights = parameters(channels, filters, kernel, groups, bias=False)
    mistakes = {
        "channels-ignored": parameters(1, filters, kernel),
        "biases-not-counted": weights,
        "bias-for-each-channel": weights + filters * channels // groups,
        "one-filter-counted": parameters(channels, 1, kernel),
        "groups-ignored": parameters(channels, filters, kernel),
        "groups-counted-twice": weights // groups + filters,
    }
    return [right], {name: [number] for name, number in mistakes.items()}


def colour_crop(problem: Problem, level: int) -> tuple[Numbers, dict[str, Numbers]]:
    pattern = r"(\d+) × (\d+).*meets (\d+) filters .* (\d+) × \d+, stride (\d+), .* of (\d+) on"
    height, width, filters, kernel, stride, padding = integers(pattern, problem)
    channels = 3 if level == 1 else integers(r"map of (\d+) channels", problem)[0]
    assert ("colour image" in text_of(problem)) == (level == 1)
    groups = optional(r"in (\d+) groups", problem)
    sides = convolved_shape([height, width], kernel, stride, padding)
    count = parameters(channels, filters, kernel, groups)
    shapes = size_mistakes([height, width], kernel, stride, padding)
    mistakes = {name: [filters, *shape, count] for name, shape in shapes.items()}
    counts = {
        "channels-ignored": parameters(1, filters, kernel),
        "biases-not-counted": parameters(channels, filters, kernel, groups, bias=False),
        "groups-ignored": parameters(channels, filters, kernel),
    }
    mistakes |= {name: [filters, *sides, count] for name, count in counts.items()}
    mistakes["channels-kept"] = [channels, *sides, count]
    return [filters, *sides, count], mistakes


def reach(layers: list[tuple[int, int, int]]) -> Numbers:
    """Let torch send two neighbouring outputs back to the inputs that they depend on."""
    touched = torch.eye(2, dtype=torch.float64)[:, None]
    for kernel, stride, dilation in reversed(layers):
        ones = torch.ones(1, 1, kernel, dtype=torch.float64)
        touched = functional.conv_transpose1d(touched, ones, stride=stride, dilation=dilation)
    places = [row.nonzero().flatten() for row in touched[:, 0]]
    first, second = (int(place[0]) for place in places)
    return [int(places[0][-1]) - first + 1, second - first]


def receptive_field(problem: Problem, _: int) -> tuple[Numbers, dict[str, Numbers]]:
    layers = [
        (int(kernel), int(stride), int(dilation or 1))
        for kernel, stride, dilation in re.findall(
            r"(\d+) × \d+, stride (\d+)(?:, dilation (\d+))?", text_of(problem)
        )
    ]
    assert len(layers) == len(problem["text"][1])
    early = [one for kernel, stride, d in layers for one in ((1, stride, 1), (kernel, 1, d))]
    whole = [(d * (kernel - 1) + 2, stride, 1) for kernel, stride, d in layers]
    right = reach(layers)
    mistakes = {
        "stride-applied-too-early": reach(early),
        "jump-not-multiplied": [right[0], reach([*layers[:-1], (1, 1, 1)])[1]],
        "whole-kernel-added": reach(whole),
        "jump-ignored": [reach([(kernel, 1, d) for kernel, _, d in layers])[0], right[1]],
        "dilation-ignored": reach([(kernel, stride, 1) for kernel, stride, _ in layers]),
    }
    return right, mistakes


def changed_weight(problem: Problem, level: int) -> tuple[Numbers, dict[str, Numbers]]:
    patch, kernel = tables(problem)
    top, left = (0, 0) if level == 1 else integers(r"pixel \((\d+), (\d+)\) of", problem)
    row, column = integers(r"weight at \((\d+), (\d+)\) to", problem)
    responses = functional.conv2d(patch[None, None], kernel[None, None])[0, 0]
    response = responses[top, left].item()
    told = decimals(text_of(problem))
    assert told[0] == pytest.approx(response, abs=1e-12)
    new = told[1] if level == 3 else 0.0
    changed = kernel.clone()
    changed[row, column] = new
    right = functional.conv2d(patch[None, None], changed[None, None])[0, 0, top, left].item()
    old = kernel[row, column].item()
    under = patch[top + row, left + column].item()
    place = [] if level == 1 else [top + row, left + column]
    if level == 1:
        blank = kernel.clone()
        blank[row - 1, column - 1] = 0
        from_one = [float((patch * blank).sum())]
    else:
        from_one = [right, top + row + 1, left + column + 1]
    mistakes = {
        "sign-lost": [2 * response - right, *place],
        "weight-not-multiplied": [response - old + new, *place],
        "contribution-taken-for-response": [old * under],
        "counted-from-one": from_one,
        "place-of-the-window-forgotten": [
            response + (new - old) * patch[row, column].item(),
            row,
            column,
        ],
        "old-weight-kept": [response + new * under, *place],
        "new-weight-forgotten": [response - old * under, *place],
        "row-and-column-swapped": [right, *place[::-1]],
    }
    return [right, *place], mistakes


def winners(problem: Problem, _: int) -> tuple[Numbers, dict[str, Numbers]]:
    [rows] = tables(problem)
    size, stride, count = integers(
        r"windows of (\d+) × \d+ and stride (\d+) .* the (\d+) win", problem
    )
    height, width = rows.shape
    _, flat = functional.max_pool2d(rows[None], size, stride, return_indices=True)
    places = np.stack(np.unravel_index(flat[0].numpy(), rows.shape), axis=-1)
    assert places.shape[:2] == ((height - size) // stride + 1, (width - size) // stride + 1)
    starts = np.stack(np.indices(places.shape[:2]), axis=-1) * stride
    turned = rows.flip(0, 1)[None]
    _, last = functional.max_pool2d(turned, size, stride, return_indices=True)
    from_end = np.unravel_index(last[0].flip(0, 1).numpy(), rows.shape)
    ranked = np.argsort(-rows.numpy(), axis=None, kind="stable")[:count]
    mistakes = {
        "counted-from-one": places + 1,
        "row-and-column-swapped": places[..., ::-1],
        "windows-ignored": np.stack(np.unravel_index(ranked, rows.shape), axis=-1),
        "place-within-the-window": places - starts,
        "last-of-equals": np.array(rows.shape) - 1 - np.stack(from_end, axis=-1),
    }
    assert places.size == 2 * count
    return places.flatten().tolist(), {
        name: numbers.flatten().tolist() for name, numbers in mistakes.items()
    }


def window_counts(height: int, width: int, kernel: int, stride: int, padding: int) -> torch.Tensor:
    """Cut all windows out of an image of ones and lay them back."""
    ones = torch.ones(1, 1, height, width)
    cut = functional.unfold(ones, kernel, padding=padding, stride=stride)
    return functional.fold(cut, (height, width), kernel, padding=padding, stride=stride)[0, 0]


def window_count(problem: Problem, level: int) -> tuple[Numbers, dict[str, Numbers]]:
    kernel, stride, height, width = integers(
        r"kernel of (\d+) × \d+ .* stride (\d+) .* of (\d+) × (\d+)", problem
    )
    row, column = integers(r"pixel \((\d+), (\d+)\)", problem)
    padding = integers(r"padding of (\d+)", problem)[0] if level > 1 else 0
    counts = window_counts(height, width, kernel, stride, padding)

    def along(side: int, place: int) -> int:
        starts = np.arange(-padding, side + padding - kernel + 1, stride)
        return int(((starts <= place) & (place < starts + kernel)).sum())

    mistakes = {
        "counts-added": along(height, row) + along(width, column),
        "counted-from-one": counts[row - 1, column - 1].item(),
        "border-forgotten": kernel * kernel,
        "more-taken-for-equal": kernel * kernel,
        "zeros-taken-for-nothing": window_counts(height, width, kernel, stride, 0)[
            row, column
        ].item(),
        "stride-forgotten": window_counts(height, width, kernel, 1, padding)[row, column].item(),
    }
    return [counts[row, column].item()], {name: [number] for name, number in mistakes.items()}


def to_the_end(problem: Problem, _: int) -> tuple[Numbers, dict[str, Numbers]]:
    first, *kernels = tables(problem)
    told = torch.tensor(decimals(text_of(problem)), dtype=torch.float64)
    weights, bias = told[:-2].reshape(2, -1), told[-2:]
    image = first[None, None]

    def logits(
        feature_map: torch.Tensor,
        pool: Callable[[torch.Tensor, int], torch.Tensor] = functional.max_pool2d,
        biases: torch.Tensor = bias,
    ) -> torch.Tensor:
        return functional.linear(pool(feature_map, 2).flatten(), weights, biases)

    response = functional.conv2d(image, kernels[0][None, None]) if kernels else image
    right = logits(response.relu())
    mistakes = {
        "bias-forgotten": logits(response.relu(), biases=torch.zeros_like(bias)),
        "average-for-maximum": logits(response.relu(), functional.avg_pool2d),
        "relu-once-too-often": right.relu(),
        "relu-forgotten": logits(response),
    }
    if kernels:
        flipped = functional.conv2d(image, kernels[0].flip(0, 1)[None, None])
        mistakes["kernel-flipped"] = logits(flipped.relu())
    return right.tolist(), {name: numbers.tolist() for name, numbers in mistakes.items()}


COMPUTED = {
    "output-size": output_size,
    "parameters": parameter_count,
    "colour-crop": colour_crop,
    "receptive-field": receptive_field,
    "changed-weight": changed_weight,
    "winners": winners,
    "window-count": window_count,
    "to-the-end": to_the_end,
}


def sides_of(equation: str) -> Iterator[Fraction]:
    """Compute what stands on each side of the equals signs."""
    for side in equation.split(" = "):
        code = side.translate(str.maketrans({"−": "-", "·": "*", "⌊": "(", "⌋": ")//1", ",": ""}))
        assert re.fullmatch(r"[\d.()+*/ -]+", code), side
        yield Fraction(eval(re.sub(r"\d+(?:\.\d+)?", r"Fraction('\g<0>')", code)))


def same(numbers: Numbers, other: Numbers, form: dict[str, Any]) -> bool:
    """Tell whether two answers mean the same; places may come in any order."""
    if [part["style"] for part in form["parts"]] == ["places"]:
        pairs = [sorted(zip(one[::2], one[1::2], strict=True)) for one in (numbers, other)]
        return pairs[0] == pairs[1]
    return len(numbers) == len(other) and all(
        math.isclose(one, two, abs_tol=1e-9) for one, two in zip(numbers, other, strict=True)
    )


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Keep torch from sharing work that is over sooner than it is shared."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("kind", KINDS)
def test_torch_and_numpy_find_every_answer_and_every_mistake(
    kind: str, open_page: OpenPage
) -> None:
    page = open_page("glossary/").page
    named: set[str] = set()
    for level in range(1, len(LEVELS) + 1):
        drawn: Any = run(page, DRAWN, {"kind": kind, "level": level, "seeds": SEEDS})
        texts = set()
        for seed, problem in enumerate(drawn):
            told = (kind, level, seed, problem)
            right, wrong = COMPUTED[kind](problem, level)
            form, mistakes = problem["form"], problem["mistakes"]
            assert same(problem["answer"], right, form), told
            for name, numbers in mistakes.items():
                assert same(numbers, wrong[name], form), (name, told)
            assert len(mistakes) >= 3 or kind == "window-count", told
            answers = [problem["answer"], *mistakes.values(), problem["example"]]
            for index, one in enumerate(answers):
                assert not any(same(one, other, form) for other in answers[:index]), told
            assert problem["same"], told
            assert problem["judged"] == "right", told
            assert problem["named"] == {name: [name] for name in mistakes}, told
            for step in problem["steps"]:
                for equation in step.get("math", "").split("; ") if "math" in step else []:
                    assert all(one == other for one, other in pairwise(sides_of(equation))), told
            named |= set(mistakes)
            texts.add(str(problem["text"]))
        assert len(texts) > 0.4 * SEEDS, (
            f"{kind}, level {level}: only {len(texts)} different problems"
        )
    assert named <= set(MISTAKES)
