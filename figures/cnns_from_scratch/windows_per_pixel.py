"""How many windows see each pixel, without and with padding."""

from functools import partial
from itertools import product

from matplotlib.figure import Figure

from figures.palette import shade
from figures.style import LEFT, Drawing, Grid, Values, number

CELL = 26


def draw(padding_border_evidence: Values) -> Figure:
    """Draw a count of windows for each pixel, without and with padding."""
    size, kernel = padding_border_evidence.image_size, padding_border_evidence.kernel
    border = len(kernel) // 2
    drawing = Drawing(height=252)

    for name, padding, left in (("Valid", 0, LEFT), ("Padded", border, 170)):
        windows = (size + 2 * padding - len(kernel) + 1) ** 2
        drawing.heading((left, 14), name, number(windows) + " windows")
        top = 48 + (border - padding) * CELL
        padded, image = (
            Grid(left, top, CELL, CELL),
            Grid(left + padding * CELL, top + padding * CELL, CELL, CELL),
        )
        for row, column in product(range(size + 2 * padding), repeat=2):
            if not {row, column} <= set(range(padding, size + padding)):
                x, y, width, height = padded.box(row, column)
                drawing.box((x + 1, y + 1, width - 2, height - 2), None, "line", 1, (2, 2))
        counts = [
            [padding_border_evidence.evidence((row, column), padding) for column in range(size)]
            for row in range(size)
        ]
        drawing.cells(image, counts, partial(shade, "window", most=kernel.size), number)
        drawing.frame(padded.box(0, 0, *kernel.shape), "window")
    drawing.key((LEFT, 222), "first window", None, "window")
    drawing.key((LEFT, 241), "padding", None, "line", (2, 2))
    return drawing.figure
