"""What a browser test opens, and what it gets back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
HEIGHTS = {320: 640, 390: 844, 768: 1024, 1280: 800}  # of windows, by their widths


@dataclass
class Visit:
    """A page in the browser, and what happened while it was there."""

    page: Page
    site: str  # the address of the served site
    requests: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


OpenPage = Callable[..., Visit]


def addresses() -> list[str]:
    """Address of every page of docs/, relative to the site."""
    docs = ROOT / "docs"
    pages = (page.relative_to(docs).as_posix() for page in docs.rglob("*.md"))
    notebooks = (page.relative_to(docs).with_suffix("").as_posix() for page in docs.rglob("*.py"))
    found = [path.removesuffix("index.md") for path in pages]
    return sorted([*found, *(f"{path}/" for path in notebooks)])
