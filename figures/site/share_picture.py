"""The site's mark: a kernel of three rows, the middle one lit."""

from figures.share import mark, sheet
from figures.style import Drawing, Grid


def draw() -> Drawing:
    """Draw the mark."""
    drawing = sheet()
    mark(drawing, Grid(744, 123, 128, 128))
    return drawing
