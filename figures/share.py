"""Share pictures: what a link to a page shows elsewhere, with the title on its left half."""

from io import BytesIO

from matplotlib.artist import Artist
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from figures.palette import PALETTE
from figures.style import POINTS_PER_INCH, Drawing, Grid
from proof.figures import Words

WIDTH, HEIGHT = 1200, 630
MARGIN = 72
COLUMN = 540  # width of the words; what a script draws lies to the right of them
TITLE, CLAIM = 92, 25  # sizes of type
TITLE_FONT = FontProperties(family=["STIXGeneral"], weight="bold")
CLAIM_FONT = FontProperties(family=["sans-serif"])


def sheet() -> Drawing:
    """Start a picture; a script draws to the right of the words."""
    drawing = Drawing(HEIGHT)
    drawing.figure.set_size_inches(WIDTH / POINTS_PER_INCH, HEIGHT / POINTS_PER_INCH)
    drawing.figure.axes[0].set(xlim=(0, WIDTH))
    return drawing


def mark(drawing: Drawing, grid: Grid) -> None:
    """Draw the site's mark: a kernel of three rows, the middle one lit."""
    for row, token in enumerate(("pixel-2", "positive", "pixel-2")):
        for column in range(3):
            drawing.box(grid.box(row, column), token)


def render(drawing: Drawing, words: Words) -> bytes:
    """Write the words on a picture, and give it as PNG, in the colours of dark pages."""
    if words.title:
        mark(drawing, Grid(MARGIN - 1, MARGIN - 1, 14, 14))
        drawing.text((MARGIN + 58, MARGIN + 20), words.site, size=32, strong=True, align="left")
    _write(drawing, words.title or words.site, TITLE, "ink", TITLE_FONT, HEIGHT / 2)
    _write(drawing, words.claim, CLAIM, "muted", CLAIM_FONT, HEIGHT - MARGIN - CLAIM)
    [axes] = drawing.figure.axes
    for artist in (*axes.patches, *axes.texts):
        _darken(artist)
    drawing.figure.patch.set(visible=True, facecolor=PALETTE["surface"].dark)
    buffer = BytesIO()
    drawing.figure.savefig(buffer, format="png", dpi=POINTS_PER_INCH, metadata={"Software": None})
    return buffer.getvalue()


def _darken(artist: Artist) -> None:
    """Give an artist the dark colours of the tokens that its `gid` names."""
    for name in artist.get_gid().split():
        kind, token = name.split("-", 1)
        colour = "edgecolor" if kind == "line" else "facecolor"
        is_text = hasattr(artist, "set_text")
        artist.set(**{"color" if is_text else colour: PALETTE[token].dark})


def _write(
    drawing: Drawing, words: str, size: float, token: str, font: FontProperties, middle: float
) -> None:
    """Write a paragraph on the left half."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and TextPath((0, 0), longer, size, prop=font).get_extents().width < COLUMN:
            lines[-1] = longer
        else:
            lines.append(word)
    for number, line in enumerate(lines):
        at = (MARGIN, middle + 1.18 * size * (number - (len(lines) - 1) / 2))
        drawing.text(at, line, token, size, font.get_weight() == "bold", align="left")
        drawing.figure.axes[0].texts[-1].set_fontfamily(font.get_family())
