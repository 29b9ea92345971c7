"""What the browser remembers of a reader: kept, agreed on by tabs, saved, added, forgotten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page

from tests.browser.test_mastery_check import LESSON, QUIZ, answer, check, choose, group
from tests.browser.visits import OpenPage

CURRICULUM = "curriculum/"
KEY = "from-scratch-progress-1"
NOTHING = {"completed": [], "answers": {}, "practice": {}}
SAVED = {
    "from-scratch-progress": 1,
    "completed": ["cnns-from-scratch", "a-lesson-of-next-year"],
    "answers": {"cnns-from-scratch": {"three-layers": "right"}},
    "practice": {"cnns-from-scratch": {"winners": "advanced"}},
}
DENIED = """
    Object.defineProperty(window, "localStorage", {
        get() { throw new DOMException("denied", "SecurityError"); }
    });
"""
FILL = """() => {
    for (let size = 2 ** 22, part = 0; size; size >>= 1) {
        try {
            while (true) localStorage.setItem(`filling-${part++}`, "x".repeat(size));
        } catch (error) {
            if (error.name !== "QuotaExceededError") throw error;
        }
    }
}"""


def stored(page: Page) -> object:
    return page.evaluate(f"JSON.parse(localStorage.getItem('{KEY}') ?? 'null')")


def add(page: Page, content: str | bytes, name: str = "progress.json") -> str:
    """Add a file on the curriculum page; give what the page says then."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add from a file").click()
    data = content.encode() if isinstance(content, str) else content
    status = page.locator(".progress-status")
    page.evaluate("document.querySelector('.progress-status').textContent = ''")
    chooser.value.set_files({"name": name, "mimeType": "application/json", "buffer": data})
    status.get_by_text(name).wait_for()
    return status.inner_text()


def save(page: Page) -> dict[str, object]:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    assert download.value.suggested_filename == "from-scratch-progress.json"
    saved: dict[str, object] = json.loads(Path(download.value.path()).read_text("utf-8"))
    return saved


def test_progress_moves_to_another_browser_as_a_file(open_page: OpenPage) -> None:
    here = open_page(LESSON)
    answer(here.page, wrong=1)
    check(here.page)
    here.page.goto(here.site + CURRICULUM)
    saved = save(here.page)
    assert saved == stored(here.page)
    there = open_page(CURRICULUM).page
    assert there.locator(".curriculum-tools .progress-count").inner_text() == "0 of 158 done"
    assert add(there, json.dumps(saved)) == "progress.json was added."
    assert there.locator(".curriculum-tools .progress-count").inner_text() == "1 of 158 done"
    assert stored(there) == saved
    there.goto(here.site + LESSON)
    assert there.locator("form input:checked").count() == len(QUIZ.questions)


def test_a_file_adds_to_what_is_there(open_page: OpenPage) -> None:
    visit = open_page(LESSON)
    choose(visit.page, QUIZ.questions[0], "sign-lost")
    visit.page.goto(visit.site + CURRICULUM)
    add(visit.page, json.dumps(SAVED))
    given = {"the-changed-weight": "sign-lost", "three-layers": "right"}
    assert stored(visit.page) == {**SAVED, "answers": {"cnns-from-scratch": given}}
    older = {"from-scratch-progress": 1, "completed": ["another-lesson"], "answers": {}}
    add(visit.page, json.dumps(older))
    saved = save(visit.page)
    assert saved["completed"] == ["cnns-from-scratch", "a-lesson-of-next-year", "another-lesson"]
    assert saved["answers"] == {"cnns-from-scratch": given}
    assert saved["practice"] == SAVED["practice"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "it is no JSON"),
        (json.dumps(SAVED)[:-5], "it is no JSON"),
        (b"\x00\xff" * 100, "it is no JSON"),
        ("null", "it holds no progress of this site"),
        ("[1, 2]", "it holds no progress of this site"),
        ('{"completed": [], "answers": {}}', "it holds no progress of this site"),
        (json.dumps({**SAVED, "from-scratch-progress": 2}), "a later version of this site wrote"),
        (json.dumps({**SAVED, "completed": "all"}), "its list of completed lessons is damaged"),
        (json.dumps({**SAVED, "completed": [19]}), "its list of completed lessons is damaged"),
        (json.dumps({**SAVED, "completed": ["<b>x</b>"]}), "its list of completed lessons is"),
        (json.dumps({**SAVED, "answers": [{}]}), "its answers are damaged"),
        (json.dumps({**SAVED, "answers": {"lesson": "right"}}), "its answers are damaged"),
        (json.dumps({**SAVED, "answers": {"lesson": {"one": 1}}}), "its answers are damaged"),
        (json.dumps({**SAVED, "answers": {"__proto__": {"a": "b"}}}), "its answers are damaged"),
        (json.dumps({**SAVED, "practice": []}), "its levels of practice are damaged"),
        (json.dumps({**SAVED, "practice": {"a": {"b": 2}}}), "its levels of practice are damaged"),
        (json.dumps({**SAVED, "x": "y" * 300_000}), "it is larger than 256 KB"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "bytes",
)
def test_a_refused_file_changes_nothing(
    content: str | bytes, reason: str, open_page: OpenPage
) -> None:
    visit = open_page(CURRICULUM)
    add(visit.page, json.dumps(SAVED))
    told = add(visit.page, content)
    assert told.startswith(f"progress.json was not added: {reason}")
    assert told.endswith("Nothing has changed.")
    assert stored(visit.page) == SAVED
    assert visit.messages == []


def test_forgetting_asks_first(open_page: OpenPage) -> None:
    page = open_page(CURRICULUM).page
    add(page, json.dumps(SAVED))
    asked: list[str] = []

    def decline(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", decline)
    page.get_by_role("button", name="Forget all").click()
    assert asked == ["Forget all lessons completed and all answers given?"]
    assert stored(page) == SAVED
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Forget all").click()
    assert page.locator(".progress-status").inner_text() == "All is forgotten."
    assert stored(page) == {"from-scratch-progress": 1, **NOTHING}
    assert page.locator(".curriculum-tools .progress-count").inner_text() == "0 of 158 done"


def test_two_tabs_agree(open_page: OpenPage) -> None:
    visit = open_page(LESSON)
    one, other = visit.page, visit.page.context.new_page()
    other.goto(visit.site + LESSON)
    curriculum = visit.page.context.new_page()
    curriculum.goto(visit.site + CURRICULUM)
    choose(one, QUIZ.questions[0], "sign-lost")
    group(other, QUIZ.questions[0]).locator("input[value='sign-lost']:checked").wait_for()
    choose(other, QUIZ.questions[1], "right")
    group(one, QUIZ.questions[1]).locator("input[value='right']:checked").wait_for()
    assert one.locator(".questions-left").inner_text() == "6 questions left"
    answer(other, wrong=0)
    check(other)
    one.locator(".lesson-step .lesson-done").wait_for()
    curriculum.locator("[data-done='cnns-from-scratch']").wait_for()
    curriculum.once("dialog", lambda dialog: dialog.accept())
    curriculum.get_by_role("button", name="Forget all").click()
    for page in (one, other):
        page.locator(".lesson-step .lesson-done").wait_for(state="hidden")
        page.locator(".questions-left").get_by_text("8 questions left").wait_for()
        assert page.locator("form input:checked").count() == 0
        assert page.locator("fieldset[data-verdict]").count() == 0


def test_a_page_that_was_put_aside_catches_up(open_page: OpenPage) -> None:
    """Going back may show the page as it was left, deaf to other tabs in between."""
    page = open_page(LESSON).page
    choose(page, QUIZ.questions[0], "right")
    page.evaluate(
        """key => {
            localStorage.removeItem(key);
            dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
        }""",
        KEY,
    )
    assert page.locator(".questions-left").inner_text() == "8 questions left"


def test_denied_storage_is_said_and_the_page_works(open_page: OpenPage) -> None:
    visit = open_page(LESSON, before=DENIED)
    trouble = visit.page.locator(".progress-trouble")
    refused = "Nothing will be remembered: this browser refuses to store anything."
    assert trouble.inner_text() == refused
    answer(visit.page, wrong=1)
    assert "The lesson is complete." in check(visit.page)
    assert visit.page.locator(".lesson-step .lesson-done").is_visible()
    assert trouble.inner_text() == refused
    visit.page.goto(visit.site + CURRICULUM)
    assert trouble.inner_text() == refused
    assert add(visit.page, json.dumps(SAVED)) == "progress.json was added."
    assert visit.page.locator(".curriculum-tools .progress-count").inner_text() == "1 of 158 done"
    assert set(visit.messages) <= {"denied"}  # the theme's own scripts ask for storage too


def test_full_storage_is_said_and_the_page_works(open_page: OpenPage) -> None:
    visit = open_page(LESSON)
    trouble = visit.page.locator(".progress-trouble")
    choose(visit.page, QUIZ.questions[0], "right")
    visit.page.evaluate(FILL)
    assert trouble.inner_text() == ""
    answer(visit.page, wrong=1)
    assert trouble.inner_text() == "Nothing will be remembered: this browser has no room left."
    assert "The lesson is complete." in check(visit.page)
    assert visit.page.locator(".lesson-step .lesson-done").is_visible()
    visit.page.evaluate(
        "for (const key of Object.keys(localStorage))"
        " if (key.startsWith('filling')) localStorage.removeItem(key)"
    )
    choose(visit.page, QUIZ.questions[0], "right")
    assert trouble.inner_text() == ""
    visit.page.reload()
    assert visit.page.locator("form input:checked").count() == len(QUIZ.questions)
    assert visit.page.locator(".lesson-step .lesson-done").is_visible()
    assert visit.messages == []


def test_damaged_storage_is_said_and_begins_anew(open_page: OpenPage) -> None:
    visit = open_page(LESSON)
    visit.page.evaluate(f"localStorage.setItem('{KEY}', '{{')")
    visit.page.reload()
    told = visit.page.locator(".progress-trouble").inner_text()
    assert told.startswith("What this browser had stored begins anew")
    answer(visit.page, wrong=0)
    assert visit.page.locator(".progress-trouble").inner_text() == ""
    visit.page.reload()
    assert visit.page.locator("form input:checked").count() == len(QUIZ.questions)
