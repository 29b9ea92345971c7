"""A page that is over its budget says by how much, and which of its files grew."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks import page_weights
from benchmarks.page_weights import LESSON, LESSON_SCRIPTS, OTHER_PAGE, main, over_budget

LESSON_PAGE = '<meta property="article:published_time" content="2026-01-01">'
SCRIPT = "assets/javascripts/figure.js"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a site of two pages whose weights are on record."""
    monkeypatch.setattr(page_weights, "RECORD", tmp_path / "page_weights.toml")
    site = tmp_path / "site"
    (site / SCRIPT).parent.mkdir(parents=True)
    (site / "index.html").write_text("<p>", "utf-8")
    (site / "lesson.html").write_text(LESSON_PAGE, "utf-8")
    (site / "site.css").write_text("p {}", "utf-8")
    (site / SCRIPT).write_text("export {};", "utf-8")
    main(site)
    return site


def grow(file: Path, size: int) -> None:
    """Write what no compression makes smaller than a size in bytes."""
    file.write_bytes(random.Random(0).randbytes(size))


def test_what_is_within_its_budget_has_no_trouble(site: Path) -> None:
    grow(site / "site.css", OTHER_PAGE - 200)
    assert over_budget("index.html", ["index.html", "site.css"], site) == ""


def test_a_page_over_its_budget_names_the_files_that_grew(site: Path) -> None:
    grow(site / "site.css", OTHER_PAGE)
    (site / "new.css").write_text("a {}", "utf-8")
    title, most, *others = over_budget(
        "index.html", ["index.html", "new.css", "site.css"], site
    ).splitlines()
    assert title.startswith("index.html: with all that it asks for, it has 75,")
    assert title.endswith("more than 75,000; since the record:")
    assert "site.css" in most
    assert ["new.css" in line and line.endswith("new") for line in others] == [True, False]


def test_a_lesson_may_weigh_more_but_its_scripts_may_not(site: Path) -> None:
    grow(site / SCRIPT, LESSON_SCRIPTS)
    trouble = over_budget("lesson.html", ["lesson.html", SCRIPT], site)
    assert trouble.startswith("lesson.html: of our own scripts it has 12,")
    grow(site / "site.css", LESSON)
    trouble = over_budget("lesson.html", ["lesson.html", "site.css"], site)
    assert "more than 100,000" in trouble
