"""The labs' pictures, in the drawing language of the lessons' figures."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import ceil, floor, log10

import numpy as np

from figures.palette import shade, text_on
from figures.style import LEFT, NOTE, RIGHT, Box, Drawing, Grid, Point, number, pixel, signed
from figures.svg import render
from labs.intervals import Interval


@dataclass(frozen=True)
class Picture:
    """A drawing with its caption and its text alternative, as a notebook displays it."""

    drawing: Drawing
    title: str
    caption: str
    description: str

    def _repr_html_(self) -> str:
        name = "figure-" + re.sub(r"\W+", "_", self.title.lower())
        svg = render(self.drawing.figure, self.title)
        attributes = (
            f'role="img" aria-labelledby="{name}-title" aria-describedby="{name}-description"'
        )
        svg = svg.replace("<svg ", f"<svg {attributes} ", 1)
        svg = svg.replace("<title>", f'<title id="{name}-title">', 1)
        return (
            f'<figure class="figure" id="{name}"><div class="figure-drawing">{svg}</div>'
            f"<figcaption><p>{escape(self.caption)}</p></figcaption>"
            f'<details class="figure-description"><summary>Describe the figure</summary>'
            f'<div id="{name}-description"><p>{escape(self.description)}</p></div></details>'
            "</figure>"
        )


@dataclass(frozen=True)
class Chart:
    """The field of a chart: where it lies, and the values at its edges."""

    drawing: Drawing
    box: Box
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    def at(self, x: float, y: float) -> Point:
        """Place a pair of values."""
        left, top, width, height = self.box
        across = (x - self.x_range[0]) / (self.x_range[1] - self.x_range[0])
        up = (y - self.y_range[0]) / (self.y_range[1] - self.y_range[0])
        return left + across * width, top + (1 - up) * height

    def ticks(self, x: dict[float, str], y: dict[float, str], x_label: str, y_label: str) -> None:
        """Draw the two scales: a line at each value of y, the words at values of x below."""
        left, top, width, height = self.box
        for value, words in y.items():
            level = self.at(self.x_range[0], value)[1]
            self.drawing.line([(left, level), (left + width, level)], "cell")
            self.drawing.text((left - 6, level), words, "muted", NOTE, align="right")
        for value, words in x.items():
            across = self.at(value, self.y_range[0])[0]
            self.drawing.text((across, top + height + 12), words, "muted", NOTE)
        self.drawing.text((LEFT, top - 24), y_label, "muted", NOTE, align="left")
        self.drawing.text((left + width / 2, top + height + 30), x_label, "muted", NOTE)


def photo(drawing: Drawing, at: Point, side: float, image: np.ndarray) -> None:
    """Draw a photo, (rows, columns) from 0 (black) to 1 (white); runs of equal pixels in one."""
    rows, columns = image.shape
    # Under the pixels, a grey: between their edges, the page would shine through.
    drawing.box((*at, columns * side, rows * side), pixel(0.5))
    runs = []
    for row in range(rows):
        tokens = [pixel(value) for value in image[row]]
        starts = [0] + [c for c in range(1, columns) if tokens[c] != tokens[c - 1]] + [columns]
        runs += [(tokens[start], row, start, stop - start) for start, stop in pairwise(starts)]
    for token, row, column, length in sorted(runs):
        x, y = at[0] + column * side, at[1] + row * side
        drawing.box((x, y, length * side, side), token)


def drawn_cracks(
    rows: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]], columns: Sequence[str]
) -> Drawing:
    """Draw a row of pictures for each texture: its crop, the crack, both together."""
    side, pitch_x, pitch_y, top = 5.4, 119, 132, 22
    drawing = Drawing(height=top + len(rows) * pitch_y)
    for column, words in enumerate(columns):
        drawing.text((LEFT + column * pitch_x, 10), words, strong=True, align="left")
    for row, (name, (crop, crack, together)) in enumerate(rows.items()):
        y = top + row * pitch_y
        drawing.text((LEFT, y + 8), name, "muted", NOTE, align="left")
        low, high = together.min(), crop.max()
        shown = [(image - low) / (high - low) for image in (crop, together)]
        for column, image in enumerate((shown[0], 1 - crack, shown[1])):
            photo(drawing, (LEFT + column * pitch_x, y + 18), side, image)
    return drawing


RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MARKS = {"valid": "negative", "padded": "positive"}


def detection(distances: Sequence[int], shares: dict[str, Sequence[Interval]]) -> Drawing:
    """Draw each kind of network's detection rate, with its interval, at each distance."""
    drawing = Drawing(height=300)
    known = [share for kind in shares.values() for share in kind]
    lowest = floor(10 * min(share.low for share in known))
    highest = ceil(10 * max(share.high for share in known))
    scale = (lowest / 10, highest / 10)
    chart = Chart(drawing, (46, 40, 300, 200), (-0.5, len(distances) - 0.5), scale)
    chart.ticks(
        {distance: str(distance) for distance in distances},
        {tenths / 10: f"{tenths * 10}%" for tenths in range(lowest, highest + 1)},
        "pixels between crack and border",
        "cracks found",
    )
    for index, (kind, points) in enumerate(shares.items()):
        token, shift = MARKS[kind], (-0.09, 0.09)[index]
        places = [distance + shift for distance in distances]
        at = [chart.at(x, share.estimate) for x, share in zip(places, points, strict=True)]
        drawing.line(at, token, dashes=() if index else (4, 3))
        for x, centre, share in zip(places, at, points, strict=True):
            drawing.line([chart.at(x, share.low), chart.at(x, share.high)], token, width=2.5)
            mark(drawing, centre, token, hollow=index == 0)
        key = (200.0 + 80 * index, 16.0)
        mark(drawing, key, token, hollow=index == 0)
        drawing.text((key[0] + 10, key[1]), kind, "muted", NOTE, align="left")
    return drawing


def mark(drawing: Drawing, at: Point, token: str, *, hollow: bool) -> None:
    """Draw a point of a chart: a hollow square, or a full diamond."""
    x, y = at
    if hollow:
        drawing.box((x - 3, y - 3, 6, 6), "surface", token, width=1.5)
    else:
        drawing.shape([(x - 5, y), (x, y - 5), (x + 5, y), (x, y + 5)], token)


def kernels(named: Mapping[object, np.ndarray]) -> Drawing:
    """Draw kernels in rows of three, each with its name above and its weights in its cells."""
    columns = 3  # in narrower cells a weight with its sign has no room
    pitch_x = (RIGHT - LEFT + 10) / columns
    cell = (pitch_x - 10) / 3
    pitch_y = 3 * cell + 36
    rows = -(-len(named) // columns)
    drawing = Drawing(height=rows * pitch_y - 8)
    for place, (name, weights) in enumerate(named.items()):
        row, column = divmod(place, columns)
        _kernel(drawing, (LEFT + column * pitch_x, row * pitch_y), cell, str(name), weights)
    return drawing


def _kernel(drawing: Drawing, at: Point, cell: float, name: str, weights: np.ndarray) -> None:
    x, y = at
    drawing.text((x, y + 10), name, strong=True, align="left")
    most = abs(weights).max()
    grid = Grid(x, y + 20, cell, cell)
    drawing.cells(grid, weights, lambda w: signed(w, most), lambda w: number(w, 1), NOTE)


def recovery(
    first: np.ndarray,
    last: np.ndarray,
    chosen: np.ndarray,
    losses: Mapping[str, Sequence[float]],
) -> Drawing:
    """Draw a kernel before and after it was learned and as it was chosen; below, named losses."""
    drawing = Drawing(height=370)
    for column, (name, weights) in enumerate(
        {"at first": first, "learned": last, "chosen": chosen}.items()
    ):
        _kernel(drawing, (LEFT + column * 116, 0), 34, name, weights)
    least = min(loss for curve in losses.values() for loss in curve if loss > 0)
    lowest = 3 * floor(log10(least) / 3)
    steps = max(map(len, losses.values()))
    chart = Chart(drawing, (46, 172, 294, 150), (0, steps), (lowest, 1))
    chart.ticks(
        {step: f"{step}" for step in range(0, steps + 1, 100)},
        {exponent: power(exponent) for exponent in range(lowest, 1, 3)},
        "steps",
        "loss",
    )
    for index, (name, curve) in enumerate(losses.items()):
        dashes = ((), (6, 3), (2, 3))[index]
        at = [chart.at(step, log10(max(loss, least))) for step, loss in enumerate(curve)]
        drawing.line(at[::5], "window", dashes=dashes)
        x, y = 92 + 92 * index, 148
        drawing.line([(x, y), (x + 26, y)], "window", dashes=dashes)
        drawing.text((x + 32, y), name, "muted", NOTE, align="left")
    return drawing


def digits(images: np.ndarray, shown: Sequence[int]) -> Drawing:
    """Draw digits, (count, rows, columns) from 0 (paper) to 1 (ink), with what each shows."""
    side, pitch, columns = 7.0, 70, 5
    rows = -(-len(images) // columns)
    drawing = Drawing(height=rows * 84)
    for place, (image, digit) in enumerate(zip(images, shown, strict=True)):
        row, column = divmod(place, columns)
        x, y = LEFT + column * pitch, row * 84
        photo(drawing, (x, y + 20), side, 1 - image)
        drawing.text((x, y + 10), str(digit), strong=True, align="left")
    return drawing


def confusions(counts: np.ndarray) -> Drawing:
    """Draw how often each digit (row) was taken for each (column)."""
    cell = 30
    drawing = Drawing(height=48 + cell * len(counts))
    grid = Grid(RIGHT - cell * len(counts), 44, cell, cell)
    most = counts.max()
    drawing.text((grid.x + cell * len(counts) / 2, 10), "the network says", "muted", NOTE)
    drawing.text((LEFT, 30), "shows", "muted", NOTE, align="left")
    for digit in range(len(counts)):
        drawing.text((grid.centre(0, digit)[0], 30), str(digit), strong=True)
        drawing.text((grid.x - 14, grid.centre(digit, 0)[1]), str(digit), strong=True)
    for row, column in np.ndindex(counts.shape):
        count = counts[row, column]
        right = row == column
        token = shade("window", count, most) if right else "gradient-cell" if count else "cell"
        drawing.box(grid.box(row, column), token)
        if count:
            drawing.text(grid.centre(row, column), str(count), text_on(token), strong=not right)
    return drawing


def listed(weights: np.ndarray) -> str:
    """Write a kernel's weights row by row, for a description."""
    return "; ".join(", ".join(number(weight, 1) for weight in row) for row in weights)


def power(exponent: int) -> str:
    """Write a power of ten: one itself, others with a raised exponent."""
    return "10" + str(exponent).translate(RAISED) if exponent else "1"


def bound(value: float) -> str:
    """Give the power of ten next above a small value, without an exponent."""
    decimals = -floor(log10(value)) - 1
    return f"{10**-decimals:.{max(decimals, 0)}f}"
