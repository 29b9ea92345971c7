"""Max pooling forward, and the gradient's way back to the winners."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from matplotlib.figure import Figure

from figures.style import LEFT, Box, Drawing, Grid, Point, Values, number, signed

CELL, POOLED = 40, 48  # pitches
MIDDLE = 132  # left end of what was pooled
SPLIT = 264  # from the windows on the left to those on the right


def draw(max_pooling_winners: Values) -> Figure:
    """Draw four windows around what they pool to; then the gradient's way back."""
    feature_map, pooled = max_pooling_winners.feature_map, max_pooling_winners.pooled
    gradient = np.zeros_like(feature_map)
    gradient[tuple(np.transpose(max_pooling_winners.winners))] = 1
    drawing = Drawing(height=470)
    routes = partial(_draw_windows, drawing, max_pooling_winners.winners)

    drawing.heading((LEFT, 14), "Forward", "each window hands its largest value on")
    shading = partial(signed, most=feature_map.max())
    for winner, from_winner, to_pooled in routes(
        48, feature_map, pooled, shading, partial(number, decimals=2)
    ):
        drawing.frame(winner, "ink")
        drawing.arrow(from_winner, to_pooled, "ink", 2)

    drawing.heading((LEFT, 260), "Backward", "each pooled value’s gradient goes to its winner")
    for winner, to_winner, from_pooled in routes(
        294,
        gradient,
        np.ones_like(pooled),
        lambda value: "gradient-cell" if value else "cell",
        number,
    ):
        drawing.frame(winner, "gradient")
        drawing.arrow(from_pooled, to_winner, "gradient", 2, dashes=(4, 3))
    return drawing.figure


def _draw_windows(
    drawing: Drawing,
    winners: list[tuple[int, int]],
    top: float,
    around: np.ndarray,
    middle: np.ndarray,
    fill: Callable[[float], str],
    words: Callable[[float], str],
) -> Iterator[tuple[Box, Point, Point]]:
    """Draw one map's windows around the other; give each winner and the ends of its route."""
    inner = Grid(MIDDLE, top + 36, POOLED, POOLED)
    drawing.cells(inner, middle, fill, words)
    rows, columns = np.array(around.shape) // middle.shape
    for (row, column), winner in zip(np.ndindex(middle.shape), winners, strict=True):
        grid = Grid(LEFT + column * SPLIT, top + row * (rows * CELL + 8), CELL, CELL)
        window = around[row * rows : (row + 1) * rows, column * columns : (column + 1) * columns]
        drawing.cells(grid, window, fill, words)
        down, right = winner[0] - row * rows, winner[1] - column * columns
        x, y = grid.centre(down, right)
        to_x, to_y = inner.centre(row, column)
        inwards = 1 if to_x > x else -1
        outer_end = (x + inwards * (CELL / 2 + 5), y)
        inner_end = (to_x - inwards * (POOLED / 2 + 3), to_y)
        yield grid.box(down, right), outer_end, inner_end
