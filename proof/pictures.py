"""What a block draws with matplotlib, as pictures for the page.

Loaded where matplotlib is: into the page's worker, once a block imports it.
"""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Iterator
from typing import Any

import matplotlib
from matplotlib import pyplot
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from proof.session import Ended

MOST = 4  # pictures of one run
PIXELS = 4_000_000  # of one picture
SHARP = 2  # dots per pixel, for fine screens, where that keeps the limit
LONGEST = 300  # characters of an alternative text

Picture = dict[str, Any]


class _Manager(FigureManagerBase):
    """What `show()` asks to show a figure: the page does, after the run."""

    def show(self) -> None:
        """Draw, so that what cannot be drawn is told at the line that wants it shown."""
        self.canvas.draw()


FigureCanvasAgg.manager_class = _Manager  # type: ignore[assignment]  # a property of the class


def clear() -> None:
    """Begin anew: no figure is open, and every setting is matplotlib's own."""
    pyplot.close("all")
    matplotlib.rcdefaults()
    matplotlib.use("agg")


def take() -> tuple[list[Picture], list[str]]:
    """Give the open figures as pictures, and what there is to say of them; close them.

    A picture is a PNG in Base64, its width and height in pixels of a page, and what it says.
    """
    numbers = pyplot.get_fignums()
    pictures, notes = [], []
    for place, number in enumerate(numbers[:MOST], 1):
        figure = pyplot.figure(number)
        width, height = (round(size) for size in figure.bbox.size)
        try:
            with warnings.catch_warnings(record=True) as warned:
                png = _png(figure, width * height)
        except (Exception, Ended) as error:
            reason = str(error) if isinstance(error, Ended) else f"{type(error).__name__}: {error}"
            notes.append(f"Picture {place} is not shown: {' '.join(reason.split())}")
            continue
        notes += dict.fromkeys(f"Picture {place}: {one.message}" for one in warned[:MOST])
        text = "; ".join(_texts(figure)) or f"Picture {place} drawn by this block"
        if len(text) > LONGEST:
            text = text[: LONGEST - 1] + "\u2026"
        pictures.append({"png": png, "width": width, "height": height, "text": text})
    if len(numbers) > MOST:
        notes.append(f"{len(numbers)} pictures were drawn: the first {MOST} are shown")
    clear()
    return pictures, notes


def _png(figure: Figure, pixels: int) -> str:
    if pixels > PIXELS:
        raise Ended(f"it has {pixels:,} pixels, and at most {PIXELS:,} are shown. Make it smaller")
    scale = SHARP if pixels * SHARP**2 <= PIXELS else 1
    content = io.BytesIO()
    # Cut to what is drawn, a picture could have any size.
    with matplotlib.rc_context({"savefig.bbox": "standard"}):
        figure.savefig(content, format="png", dpi=scale * figure.dpi)
    return base64.b64encode(content.getvalue()).decode()


def _texts(figure: Figure) -> Iterator[str]:
    """Give the titles of a figure, and the labels of its axes."""
    suptitle = figure.get_suptitle()
    if suptitle:
        yield suptitle
    for axes in figure.axes:
        if title := axes.get_title():
            yield title
        for name, label in (("across", axes.get_xlabel()), ("up", axes.get_ylabel())):
            if label:
                yield f"{name}: {label}"
