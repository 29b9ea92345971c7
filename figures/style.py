"""The figures' drawing language: one unit is one SVG user unit, and y grows downwards."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import hypot
from types import SimpleNamespace

from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from figures.palette import PALETTE, shade, text_on

WIDTH = 360  # a phone of 320 px then shows type of 13 units at more than 10 px
LEFT, RIGHT = 8, 352  # margins
TEXT, NOTE, LARGE = 13, 12, 22  # sizes of type
POINTS_PER_INCH = 72
GAP = 2  # between the cells of a grid
HATCH_SPACING = 8

Values = SimpleNamespace  # what a snippet left, by name
Point = tuple[float, float]
Box = tuple[float, float, float, float]  # x, y, width, height


def number(value: float, decimals: int = 0) -> str:
    """Write a value as the figures do: thousands grouped, the minus sign U+2212, never −0."""
    return f"{value:z,.{decimals}f}".replace("-", "−")


def signed(value: float, most: float) -> str:
    """Give the token of a cell for a value between −most and most."""
    return shade("negative" if value < 0 else "positive", abs(value), most)


def pixel(value: float) -> str:
    """Give the token of a photo's pixel, from 0 (black) to 1 (white)."""
    return shade("pixel", value, 1)


@dataclass(frozen=True)
class Grid:
    """Where the cells of a matrix lie: its upper left corner and the pitch of its cells."""

    x: float
    y: float
    width: float
    height: float

    def box(self, row: float, column: float, rows: float = 1, columns: float = 1) -> Box:
        """Give the rectangle of the cells from (row, column) on, without the gap around them."""
        return (
            self.x + column * self.width + GAP / 2,
            self.y + row * self.height + GAP / 2,
            columns * self.width - GAP,
            rows * self.height - GAP,
        )

    def centre(self, row: float, column: float) -> Point:
        """Give the middle of one cell."""
        return self.x + (column + 0.5) * self.width, self.y + (row + 0.5) * self.height


class Drawing:
    """A figure to draw on; each artist's `gid` holds the classes it gets in the SVG."""

    def __init__(self, height: float) -> None:
        """Start with an empty sheet."""
        self.figure = Figure(figsize=(WIDTH / POINTS_PER_INCH, height / POINTS_PER_INCH))
        self.figure.patch.set_visible(False)
        self._axes = self.figure.add_axes((0, 0, 1, 1))
        self._axes.set(xlim=(0, WIDTH), ylim=(height, 0))
        self._axes.set_axis_off()

    def _add(
        self, path: Path, fill: str | None, line: str | None, width: float, dashes: Sequence[float]
    ) -> None:
        classes = [f"{kind}-{token}" for kind, token in (("fill", fill), ("line", line)) if token]
        self._axes.add_patch(
            PathPatch(
                path,
                gid=" ".join(classes),
                facecolor=PALETTE[fill].light if fill else "none",
                edgecolor=PALETTE[line].light if line else "none",
                linewidth=width if line else 0,
                linestyle=(0, tuple(dash / width for dash in dashes)) if dashes else "solid",
                clip_on=False,
            )
        )

    def shape(
        self,
        points: Iterable[Point],
        fill: str | None = None,
        line: str | None = None,
        width: float = 1.5,
        dashes: Sequence[float] = (),
    ) -> None:
        """Draw a polygon."""
        self._add(Path([*points, (0, 0)], closed=True), fill, line, width, dashes)

    def line(
        self, points: Iterable[Point], token: str, width: float = 1.5, dashes: Sequence[float] = ()
    ) -> None:
        """Draw a line through the points."""
        self._add(Path(list(points)), None, token, width, dashes)

    def box(
        self,
        box: Box,
        fill: str | None = None,
        line: str | None = None,
        width: float = 1.5,
        dashes: Sequence[float] = (),
    ) -> None:
        """Draw a rectangle."""
        x, y, across, down = box
        corners = [(x, y), (x + across, y), (x + across, y + down), (x, y + down)]
        self.shape(corners, fill, line, width, dashes)

    def frame(self, box: Box, token: str, width: float = 3) -> None:
        """Outline cells, on a wider outline that sets it off from the cells beside them."""
        x, y, across, down = box
        half = GAP / 2
        box = (x - half, y - half, across + GAP, down + GAP)
        self.box(box, line="surface", width=width + GAP)
        self.box(box, line=token, width=width)

    def text(
        self,
        at: Point,
        words: str,
        token: str = "ink",
        size: float = TEXT,
        strong: bool = False,
        align: str = "center",
    ) -> None:
        """Write a line; `at` is the middle of its height, and of its width unless aligned."""
        x, y = at
        half_capital = 0.36 * size
        self._axes.text(
            x,
            y + half_capital,
            words,
            gid=f"fill-{token}",
            color=PALETTE[token].light,
            fontsize=size,
            fontweight="bold" if strong else "normal",
            ha=align,
            va="baseline",
            parse_math=False,
        )

    def heading(self, at: Point, words: str, note: str = "") -> None:
        """Write what stands below, in strong type, and under it a note."""
        self.text(at, words, strong=True, align="left")
        if note:
            self.text((at[0], at[1] + 17), note, "muted", NOTE, align="left")

    def key(
        self,
        at: Point,
        words: str,
        fill: str | None = None,
        line: str | None = None,
        dashes: Sequence[float] = (),
    ) -> None:
        """Draw a small square, and write what it stands for."""
        x, y = at
        self.box((x + 1, y - 5, 10, 10), fill, line, dashes=dashes)
        self.text((x + 19, y), words, "muted", NOTE, align="left")

    def cells(
        self,
        grid: Grid,
        values: Iterable[Iterable[float]],
        fill: Callable[[float], str],
        words: Callable[[float], str] | None = None,
        size: float = TEXT,
        strong: bool = False,
    ) -> None:
        """Draw a matrix: `fill` gives a value's token, `words` what stands in its cell.

        Cells of negative values are hatched, so that colour is not all that tells them.
        """
        places = [
            (grid.box(row, column), value, fill(value))
            for row, line in enumerate(values)
            for column, value in enumerate(line)
        ]
        for box, _, token in sorted(places, key=lambda place: place[2]):
            self.box(box, token)
        for box, value, _ in places:
            if value < 0:
                self.hatch(box)
        for (x, y, width, height), value, token in places:
            if words:
                at = (x + width / 2, y + height / 2)
                self.text(at, words(value), text_on(token), size, strong)

    def hatch(self, box: Box) -> None:
        """Stripe a rectangle, the mark of a negative value."""
        x, y, width, height = box
        for offset in range(HATCH_SPACING // 2, int(width + height), HATCH_SPACING):
            start = (x + min(offset, width), y + max(offset - width, 0))
            end = (x + max(offset - height, 0), y + min(offset, height))
            self.line([start, end], "hatch")

    def arrow(
        self,
        start: Point,
        end: Point,
        token: str = "muted",
        width: float = 1.5,
        dashes: Sequence[float] = (),
    ) -> None:
        """Draw a straight arrow."""
        head, half = 7, 4
        length = hypot(end[0] - start[0], end[1] - start[1])
        along, across = (end[0] - start[0]) / length, (end[1] - start[1]) / length
        base = (end[0] - head * along, end[1] - head * across)
        left = (base[0] - half * across, base[1] + half * along)
        right = (base[0] + half * across, base[1] - half * along)
        self.line([start, base], token, width, dashes)
        self.shape([left, end, right], fill=token)
