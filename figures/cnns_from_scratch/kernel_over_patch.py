"""The kernel over the patch: the first window's sum, and the responses of all windows."""

from functools import partial
from itertools import accumulate

import numpy as np
from matplotlib.figure import Figure

from figures.style import (
    LARGE,
    LEFT,
    NOTE,
    RIGHT,
    Drawing,
    Grid,
    Values,
    number,
    pixel,
    signed,
)

COLUMN = 214  # left end of the kernel and of the feature map
SUM = 194  # left end of the sum


def draw(slide_the_kernel: Values, one_convolution_window: Values) -> Figure:
    """Draw patch and kernel; the first window's products, summed row by row; every response."""
    drawing = Drawing(height=576)
    kernel = slide_the_kernel.kernel
    weight = partial(signed, most=abs(kernel).max())

    pixels, weights = Grid(LEFT, 28, 40, 36), Grid(COLUMN, 28, 46, 36)
    drawing.heading((LEFT, 14), "Patch")
    drawing.cells(pixels, slide_the_kernel.patch, pixel, partial(number, decimals=2))
    drawing.frame(pixels.box(0, 0, *kernel.shape), "window")
    drawing.text((COLUMN - 22, pixels.centre(1, 0)[1]), "×", "muted", LARGE)
    drawing.heading((COLUMN, 14), "Kernel")
    drawing.cells(weights, kernel, weight, partial(number, decimals=1))

    products = Grid(LEFT, 240, 54, 36)
    drawing.heading((LEFT, 206), "First window", "pixel × weight")
    drawing.cells(
        products, one_convolution_window.products, weight, partial(number, decimals=3), NOTE
    )
    drawing.heading((SUM, 206), "Its response", "the sum, row by row")
    _draw_sum(drawing, products, one_convolution_window)

    _draw_responses(drawing, 430, slide_the_kernel)
    return drawing.figure


def _draw_sum(drawing: Drawing, beside: Grid, window: Values) -> None:
    """Draw a bar for each row, from where the last one ended, and one for their sum."""
    sums = [0.0, *accumulate(window.row_contributions)]
    scale = (RIGHT - SUM) / (max(sums) - min(sums))
    ends = [SUM + (value - min(sums)) * scale for value in sums]
    heights = [beside.centre(row, 0)[1] for row in range(len(sums))]
    drawing.line([(ends[0], heights[0] - 18), (ends[0], heights[-1] + 18)], "line", 1)
    for row, value in enumerate(window.row_contributions):
        start, end = ends[row : row + 2]
        drawing.line([(end, heights[row]), (end, heights[row + 1])], "muted", 1, dashes=(2, 2))
        _draw_bar(drawing, start, end, heights[row])
        if abs(end - start) > 60:
            drawing.text(((start + end) / 2, heights[row]), number(value, 3))
        else:
            drawing.text((max(start, end) + 6, heights[row]), number(value, 3), align="left")
    _draw_bar(drawing, ends[0], ends[-1], heights[-1])
    response = "= " + number(window.first_response, 3)
    drawing.text((ends[-1] + 8, heights[-1]), response, strong=True, align="left")


def _draw_bar(drawing: Drawing, start: float, end: float, y: float) -> None:
    """Draw a bar whose tip points to where the sum moves."""
    sign = "negative" if end < start else "positive"
    tip = end - np.sign(end - start) * min(6, abs(end - start))
    corners = [(start, y - 11), (tip, y - 11), (end, y), (tip, y + 11), (start, y + 11)]
    drawing.shape(corners, f"{sign}-cell", sign)


def _draw_responses(drawing: Drawing, top: float, slid: Values) -> None:
    """Draw a small patch for each place of the kernel, and the responses in the same places."""
    feature_map = slid.feature_map
    response = partial(signed, most=abs(feature_map).max())
    responses = Grid(COLUMN, top + 14, 69, 54)
    drawing.heading((LEFT, top), "Every window")
    for row, column in np.ndindex(feature_map.shape):
        small = Grid(LEFT + 4 + column * 68, top + 16 + row * 60, 11, 11)
        drawing.cells(small, slid.patch, pixel)
        drawing.frame(small.box(row, column, *slid.kernel.shape), "window", 2)
    drawing.arrow((150, top + 68), (COLUMN - 16, top + 68))
    drawing.heading((COLUMN, top), "Feature map")
    drawing.cells(responses, feature_map, response, partial(number, decimals=3))
    drawing.frame(responses.box(*slid.strongest), "ink")
    x, y = responses.centre(*slid.strongest)
    drawing.text((x, y + 40), "strongest", "muted", NOTE)
