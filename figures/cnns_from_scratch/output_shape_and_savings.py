"""The shape a kernel leaves, and the parameters that sharing it saves."""

from math import ceil, sqrt

import numpy as np
from matplotlib.figure import Figure

from figures.style import LARGE, LEFT, NOTE, Drawing, Grid, Values, number

PIXEL = 32
COLUMN = 214  # left end of what is enlarged
UNIT = 10  # pitch of the hidden units
ENLARGED = 138  # side of one hidden unit, enlarged


def draw(slide_the_kernel: Values, dense_versus_conv_parameters: Values) -> Figure:
    """Draw where the kernel's middle fits; then parameters as areas, one part enlarged."""
    drawing = Drawing(height=532)
    _draw_shapes(drawing, slide_the_kernel)
    _draw_parameters(drawing, 238, dense_versus_conv_parameters)
    return drawing.figure


def _draw_shapes(drawing: Drawing, slid: Values) -> None:
    def shape(matrix: np.ndarray) -> str:
        return " × ".join(number(size) for size in matrix.shape)

    patch, feature_map = Grid(LEFT, 48, PIXEL, PIXEL), Grid(256, 80, PIXEL, PIXEL)
    drawing.heading((LEFT, 14), "Patch", shape(slid.patch))
    drawing.cells(patch, slid.patch, lambda _: "cell")
    first = np.array(slid.kernel.shape) // 2
    middles = Grid(patch.x + first[1] * PIXEL, patch.y + first[0] * PIXEL, PIXEL, PIXEL)
    drawing.cells(middles, slid.feature_map, lambda _: "window-cell")
    drawing.frame(patch.box(0, 0, *slid.kernel.shape), "window")
    drawing.arrow((152, 112), (238, 112))
    drawing.text((194, 98), shape(slid.kernel) + " kernel", "muted", NOTE)
    drawing.heading((feature_map.x, 14), "Feature map", shape(slid.feature_map))
    drawing.cells(feature_map, slid.feature_map, lambda _: "window-cell")
    for x, y in (middles.centre(0, 0), feature_map.centre(0, 0)):
        drawing.box((x - 4, y - 4, 8, 8), "window")
    drawing.key((LEFT, 192), "where the middle of the kernel fits", "window-cell")


def _draw_parameters(drawing: Drawing, top: float, counts: Values) -> None:
    """Draw areas to scale: the hidden units, one of them enlarged, and the convolution."""
    y = top + 34
    side = ceil(sqrt(counts.hidden_units))
    drawing.heading((LEFT, top), "Dense layer", number(counts.dense_parameters) + " parameters")
    units = Grid(LEFT - 1, y - 1, UNIT, UNIT)
    for unit in range(counts.hidden_units):
        enlarged = unit == side - 1
        drawing.box(units.box(*divmod(unit, side)), "ink" if enlarged else "line")
    below = (LEFT, y + side * UNIT + 12)
    drawing.text(below, number(counts.hidden_units) + " hidden units", "muted", NOTE, align="left")

    corner_x, _, _, height = units.box(0, side)
    drawing.line([(corner_x - 2, y), (COLUMN, y)], "muted", 1)
    drawing.line([(corner_x - 2, y + height), (COLUMN, y + ENLARGED)], "muted", 1)
    per_unit = counts.dense_parameters / counts.hidden_units
    drawing.heading((COLUMN, top), "One hidden unit", number(per_unit) + " parameters")
    drawing.box((COLUMN, y, ENLARGED, ENLARGED), "line")

    y += ENLARGED + 24
    convolution = ENLARGED * sqrt(counts.conv_parameters / per_unit)
    drawing.box((COLUMN, y - convolution / 2, convolution, convolution), "positive")
    drawing.heading((COLUMN + 16, y), "Convolution", number(counts.conv_parameters) + " parameters")

    y += 64
    drawing.text((LEFT, y), number(counts.ratio) + " ×", size=LARGE, strong=True, align="left")
    drawing.text(
        (LEFT, y + 22), "as many parameters in the dense layer", "muted", NOTE, align="left"
    )
