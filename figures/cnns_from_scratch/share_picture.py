"""A photo patch, a kernel's first window outlined on it, and the response of that window."""

from functools import partial

from figures.share import sheet
from figures.style import GAP, Drawing, Grid, Values, number, pixel

PIXELS = Grid(700, 72, 107, 94)
BELOW = 520  # the middle of what stands under the patch
LINE = 8


def draw(slide_the_kernel: Values) -> Drawing:
    """Draw the patch and the first response."""
    drawing = sheet()
    rows, columns = slide_the_kernel.kernel.shape
    drawing.cells(PIXELS, slide_the_kernel.patch, pixel, partial(number, decimals=2), 29)
    window = PIXELS.box(0, 0, rows, columns)
    drawing.frame(window, "window", LINE)
    response = number(slide_the_kernel.feature_map[0, 0], 3)
    left, bottom = window[0] - GAP / 2, window[1] + window[3]
    drawing.line([(left, bottom), (left, BELOW), (left + 46, BELOW)], "window", LINE)
    drawing.text((left + 66, BELOW), response, "positive", 84, strong=True, align="left")
    return drawing
