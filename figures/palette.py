"""The colours of every figure: a token has one colour for light pages and one for dark pages."""

from typing import NamedTuple


class Colour(NamedTuple):
    """A token's colour on light and on dark pages, as `#rrggbb`."""

    light: str
    dark: str


STEPS = 9  # of each ramp, lowest value first
TEXT_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3
MARK_CONTRAST = 3.0  # WCAG 2.2, success criterion 1.4.11


def _channels(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def _ramp(name: str, low: Colour, high: Colour) -> dict[str, Colour]:
    """Give the tokens `name-0` to `name-8`, evenly spaced from low to high."""

    def step(start: str, end: str, share: float) -> str:
        pairs = zip(_channels(start), _channels(end), strict=True)
        return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)

    return {
        f"{name}-{index}": Colour(
            *(step(a, b, index / (STEPS - 1)) for a, b in zip(low, high, strict=True))
        )
        for index in range(STEPS)
    }


PALETTE = {
    "surface": Colour("#ffffff", "#1e2129"),
    "ink": Colour("#1c2330", "#eceef3"),
    "muted": Colour("#566070", "#aab3c2"),
    "line": Colour("#7d8796", "#7f8a9c"),
    "cell": Colour("#edf0f4", "#2b303b"),
    # A photo's pixels look alike on light and dark pages: a bright pixel is bright on both.
    **_ramp("pixel", Colour("#2f3744", "#323a48"), Colour("#fff8e3", "#fbf2d9")),
    "on-dark-pixel": Colour("#ffffff", "#ffffff"),
    "on-bright-pixel": Colour("#0d1118", "#0d1118"),
    # Signed values: weights, contributions, responses. Negative cells are also hatched.
    **_ramp("positive", Colour("#faf2ea", "#332d2b"), Colour("#f6a04d", "#9c5210")),
    "positive": Colour("#c05a00", "#f6a85c"),
    "positive-cell": Colour("#f8bf88", "#75441a"),
    **_ramp("negative", Colour("#edf2f9", "#29303c"), Colour("#8dbdf0", "#245f9f")),
    "negative": Colour("#1f66b0", "#79b4f2"),
    "negative-cell": Colour("#b1d1f3", "#264d7a"),
    "hatch": Colour("#d8e8fb", "#1d3a5c"),
    # Windows, fields, and how many windows there are.
    **_ramp("window", Colour("#eaf5f2", "#26332f"), Colour("#6cc9b4", "#0d6c5b")),
    "window": Colour("#007a68", "#45cdb2"),
    "window-cell": Colour("#a3dccf", "#185348"),
    # The gradient's way back.
    "gradient-cell": Colour("#f4d7ef", "#6b2a63"),
    "gradient": Colour("#a0278f", "#ee9be2"),
}


def luminance(colour: str) -> float:
    """Give the relative luminance of `#rrggbb` by WCAG, from 0 (black) to 1 (white)."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Give the contrast of two tokens by WCAG, from 1 to 21: the lower one of the two schemes."""
    ratios = []
    for first, second in zip(PALETTE[one], PALETTE[other], strict=True):
        low, high = sorted((luminance(first), luminance(second)))
        ratios.append((high + 0.05) / (low + 0.05))
    return min(ratios)


def shade(ramp: str, value: float, most: float) -> str:
    """Give a ramp's token for a value between 0 and most."""
    return f"{ramp}-{round(value / most * (STEPS - 1))}"


def text_on(token: str) -> str:
    """Give the token of the text that reads best on a cell of this token."""
    return max(("ink", "on-dark-pixel", "on-bright-pixel"), key=lambda text: contrast(text, token))
