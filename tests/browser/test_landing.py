"""The landing page: one screen that shows what is different, and nothing on it untrue."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Locator

from tests.browser.visits import HEIGHTS, ROOT, OpenPage

SNIPPET = ROOT / "snippets" / "cnns_from_scratch" / "one_convolution_window.py"


def bottom(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_screen_shows_the_claim_its_evidence_and_the_way_in(
    width: int, scheme: str, open_page: OpenPage
) -> None:
    page = open_page(width=width, scheme=scheme).page
    assert bottom(page.locator("h1")) < HEIGHTS[width]
    assert bottom(page.locator("a.action")) < HEIGHTS[width]
    evidence = page.locator(".landing-evidence li").last
    assert bottom(evidence) <= HEIGHTS[width]
    if width == 1280:
        assert bottom(page.locator(".landing svg.drawing")) <= HEIGHTS[width]


def test_the_one_action_leads_into_the_lesson(open_page: OpenPage) -> None:
    page = open_page().page
    assert page.locator("a.action").count() == 1
    page.locator("a.action").click()
    page.wait_for_url("**/cnns-from-scratch/")
    assert page.inner_text("h1").startswith("CNNs from Scratch")


def test_the_code_and_the_output_it_quotes_exist(open_page: OpenPage) -> None:
    statement, printed = open_page().page.locator(".landing-evidence p code").all_inner_texts()
    assert statement in SNIPPET.read_text().splitlines()
    assert printed in SNIPPET.with_suffix(".out").read_text().splitlines()


def test_check_says_what_the_page_claims_that_it_says(tmp_path: Path, open_page: OpenPage) -> None:
    """Type 0.853 where the text says 0.852, and compare the check's answer with the page's."""
    for folder in ("docs", "snippets", "figures"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    page = tmp_path / "docs" / "index.md"
    page.write_text(page.read_text().replace("[0.852]", "[0.853]", 1))
    result = subprocess.run(
        [sys.executable, "-m", "proof", "check", "docs/index.md"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    claimed = open_page().page.inner_text(".landing-evidence pre").split()
    assert " ".join(claimed) in " ".join(result.stdout.split())
