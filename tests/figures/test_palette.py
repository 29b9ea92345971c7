"""Every colour of the figures can be told from what it lies on, on light and on dark pages."""

from __future__ import annotations

import pytest

from figures.palette import (
    MARK_CONTRAST,
    PALETTE,
    STEPS,
    TEXT_CONTRAST,
    Colour,
    contrast,
    shade,
    text_on,
)

CELLS = [
    token
    for token in PALETTE
    if token == "cell" or token.endswith("-cell") or token.rpartition("-")[2].isdigit()
]
MARKS = ["ink", "muted", "line", "window", "positive", "negative", "gradient"]


def test_contrast_is_that_of_wcag(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PALETTE, "black on white", Colour("#000000", "#000000"))
    monkeypatch.setitem(PALETTE, "grey", Colour("#777777", "#000000"))
    monkeypatch.setitem(PALETTE, "white", Colour("#ffffff", "#ffffff"))
    assert contrast("black on white", "white") == pytest.approx(21)
    # The lower of 4.48, which just misses what text needs, and 21.
    assert contrast("grey", "white") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("token", CELLS)
def test_text_can_be_read_on_every_cell(token: str) -> None:
    assert contrast(text_on(token), token) >= TEXT_CONTRAST


@pytest.mark.parametrize("token", ["ink", "muted"])
def test_labels_can_be_read_beside_the_cells(token: str) -> None:
    assert contrast(token, "surface") >= TEXT_CONTRAST


@pytest.mark.parametrize("token", MARKS)
def test_marks_stand_out_from_the_page(token: str) -> None:
    assert contrast(token, "surface") >= MARK_CONTRAST


def test_text_can_be_read_over_the_stripes_of_a_negative_value() -> None:
    assert contrast("ink", "hatch") >= TEXT_CONTRAST
    assert {text_on(f"negative-{step}") for step in range(STEPS)} == {"ink"}


def test_a_ramp_ends_at_the_most() -> None:
    assert [shade("window", value, 4) for value in (0, 2, 4)] == [
        "window-0",
        f"window-{STEPS // 2}",
        f"window-{STEPS - 1}",
    ]
