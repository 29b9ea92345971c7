"""The curriculum page: a search as one types, what is written, done and next."""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from proof.extensions.curriculum import read_curriculum
from proof.project import DOCS
from tests.browser.test_every_page import AXE_OPTIONS
from tests.browser.visits import OpenPage

CURRICULUM = "curriculum/"
TOPICS = read_curriculum(DOCS).topics
DONE = """localStorage.setItem("from-scratch-progress-1", JSON.stringify({
    "from-scratch-progress": 1, completed: ["cnns-from-scratch"], answers: {} }))"""


def shown(page: Page) -> list[str]:
    return page.locator(".track li:visible .topic").evaluate_all(
        "topics => topics.map(topic => topic.firstChild.textContent.trim())"
    )


def test_all_topics_are_there_and_only_written_ones_are_links(open_page: OpenPage) -> None:
    page = open_page(CURRICULUM).page
    assert shown(page) == [topic.title for topic in TOPICS]
    for topic, item in zip(TOPICS, page.locator(".track li").all(), strict=True):
        written = (DOCS / topic.slug / "index.md").is_file()
        assert item.locator("a").count() == int(written)
        assert ("not written yet" in item.inner_text()) == (not written)


@pytest.mark.parametrize(
    "query", ["transformer", "TRANS", "llm eval", "evaluation llm", "math & stat", "math and stat"]
)
def test_searches_titles_and_tracks_as_one_types(query: str, open_page: OpenPage) -> None:
    page = open_page(CURRICULUM).page
    page.get_by_label("Search the topics").press_sequentially(query)
    words = query.lower().replace("&", "and").split()
    texts = {topic: f"{topic.title} {topic.track}".lower().replace("&", "and") for topic in TOPICS}
    expected = [topic for topic in TOPICS if all(word in texts[topic] for word in words)]
    assert expected
    assert shown(page) == [topic.title for topic in expected]
    assert page.locator(".track:visible").count() == len({topic.track for topic in expected})
    found = page.locator(".curriculum-found")
    assert found.get_attribute("role") == "status"
    assert found.inner_text() == f"{len(expected)} of 158 topics found"


def test_found_topics_keep_their_numbers_and_all_come_back(open_page: OpenPage) -> None:
    page = open_page(CURRICULUM).page
    field = page.get_by_label("Search the topics")
    field.fill("cnns")
    assert page.locator(".track li:visible").evaluate_all("all => all.map(one => one.value)") == [
        19
    ]
    field.fill("no such topic")
    assert shown(page) == []
    assert page.locator(".curriculum-found").inner_text() == "0 of 158 topics found"
    field.fill(" ")
    assert len(shown(page)) == 158
    assert page.locator(".curriculum-found").inner_text() == ""


def test_says_what_is_done_and_what_comes_next(open_page: OpenPage) -> None:
    page = open_page(CURRICULUM).page
    following = page.locator(".curriculum-next")
    assert following.inner_text() == "Next for you: CNNs from Scratch"
    assert not page.locator(".track .lesson-done").is_visible()
    following.get_by_role("link").click()
    page.wait_for_url("**/cnns-from-scratch/")

    page = open_page(CURRICULUM, before=DONE).page
    assert page.locator(".track .lesson-done").is_visible()
    assert page.locator(".curriculum-tools .progress-count").inner_text() == "1 of 158 done"
    assert page.locator(".track .progress-count:visible").all_inner_texts() == ["1 of 13 done"]
    assert page.locator(".curriculum-next").inner_text() == (
        "You have done every lesson that is written. "
        "Training & Backpropagation comes next, and is not written yet."
    )


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_while_searching(width: int, open_page: OpenPage) -> None:
    visit = open_page(CURRICULUM, width=width, before=DONE)
    visit.page.get_by_label("Search the topics").fill("scratch")
    found = Axe().run(visit.page, options=AXE_OPTIONS).response["violations"]
    faults = [(fault["id"], fault["nodes"][0]["html"]) for fault in found]
    assert faults == [], json.dumps(faults, indent=1)
    assert visit.messages == []


def test_without_scripts_the_list_is_whole_and_nothing_is_offered(open_page: OpenPage) -> None:
    page = open_page(CURRICULUM, scripts=False).page
    assert len(shown(page)) == 158
    acting = page.locator("article :is(input, button, progress)").all()
    assert acting
    assert not [one for one in acting if one.is_visible()]
