"""The mastery check as a reader uses it, in a real browser."""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from proof.quiz import RIGHT, Question, read_quiz
from tests.browser.test_every_page import AXE_OPTIONS
from tests.browser.visits import ROOT, OpenPage

LESSON = "cnns-from-scratch/"
QUIZ = read_quiz(ROOT / "docs" / LESSON / "mastery-check.yml")
STORED = "from-scratch-progress-1"


def group(page: Page, question: Question) -> Locator:
    return page.locator(f"fieldset:has(input[name='{question.key}'])")


def choose(page: Page, question: Question, key: str) -> None:
    group(page, question).locator(f"input[value='{key}']").check()


def answer(page: Page, *, wrong: int) -> None:
    """Answer all questions, the first ones wrongly: with the first mistake that each names."""
    for number, question in enumerate(QUIZ.questions):
        choose(page, question, question.wrong[0].key if number < wrong else RIGHT)


def check(page: Page) -> str:
    page.get_by_role("button", name="Check the answers").click()
    return page.locator(".mastery-result").inner_text()


@pytest.mark.parametrize(("wrong", "complete"), [(2, False), (1, True), (0, True)])
def test_seven_of_eight_complete_the_lesson_and_six_do_not(
    wrong: int, complete: bool, open_page: OpenPage
) -> None:
    page = open_page(LESSON).page
    answer(page, wrong=wrong)
    told = check(page)
    assert told.startswith(f"{8 - wrong} of 8 right.")
    assert ("The lesson is complete." in told) == complete
    assert ("7 complete the lesson." in told) != complete
    assert page.locator(".lesson-step .lesson-done").is_visible() == complete
    done = page.locator(".lesson-progress .progress-count").all_inner_texts()
    assert done == [f"{int(complete)} of 158 done", f"{int(complete)} of 13 done"]
    bars = page.locator(".lesson-progress progress").all()
    assert [bar.evaluate("bar => bar.value") for bar in bars] == [int(complete)] * 2


def test_each_answer_gets_its_feedback(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    assert page.locator(".mastery-check summary:visible").count() == 0
    for place in range(3):
        for question in QUIZ.questions:
            choose(page, question, question.wrong[place].key)
        told = check(page)
        for question in QUIZ.questions:
            wrong = question.wrong[place]
            asked = group(page, question)
            feedback = asked.locator(".feedback")
            assert feedback.inner_text().startswith(f"{wrong.mistake.text}. ")
            assert feedback.get_by_role("link", name=wrong.section.text).is_visible()
            assert f"{question.title.text}: {wrong.mistake.text}." in told
            assert asked.get_attribute("data-verdict") == "wrong"
            assert not asked.locator("summary").is_visible(), "the answer, before it is found"
    for question in QUIZ.questions:
        choose(page, question, RIGHT)
        assert group(page, question).locator(".feedback").inner_text() == ""
        assert not group(page, question).locator("summary").is_visible()
    assert "To try again" not in check(page)
    for question in QUIZ.questions:
        asked = group(page, question)
        assert asked.locator(".feedback").inner_text().startswith("Right. ")
        assert asked.locator("summary").is_visible()


def test_feedback_links_lead_to_the_section_that_mends_the_mistake(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    answer(page, wrong=8)
    check(page)
    for question in QUIZ.questions:
        group(page, question).locator(".feedback a").click()
        target = page.evaluate("document.querySelector(':target').textContent")
        assert target.startswith(question.wrong[0].section.text)
    page.locator(".mastery-result a").first.click()
    assert page.evaluate("document.querySelector(':target').matches('fieldset')")


def test_what_is_announced_is_announced_politely(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    for place in (".questions-left", ".mastery-result", ".progress-trouble"):
        assert page.locator(f"form {place}").get_attribute("role") == "status"
    answer(page, wrong=1)
    check(page)
    question = group(page, QUIZ.questions[0])
    described = (question.get_attribute("aria-describedby") or "").split()
    read = " ".join(page.locator(f"#{one}").inner_text() for one in described)
    assert read.startswith("The first response was 0.852.")
    assert f"{QUIZ.questions[0].wrong[0].mistake.text}. " in read


def test_counts_what_is_left(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    count = page.locator(".questions-left")
    assert count.inner_text() == "8 questions left"
    choose(page, QUIZ.questions[3], RIGHT)
    choose(page, QUIZ.questions[3], QUIZ.questions[3].wrong[0].key)
    assert count.inner_text() == "7 questions left"
    told = check(page)
    assert told == "Answer every question first: 7 of 8 are left."
    assert page.evaluate("document.activeElement.name") == QUIZ.questions[0].key
    answer(page, wrong=3)
    assert count.inner_text() == "All 8 answered"
    check(page)
    assert count.inner_text() == "3 to try again"
    choose(page, QUIZ.questions[0], RIGHT)
    assert count.inner_text() == "2 to try again"


def test_the_keyboard_alone_completes_the_lesson(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    group(page, QUIZ.questions[0]).locator("input").first.focus()
    for question in QUIZ.questions:
        while page.evaluate("document.activeElement.name") != question.key:
            page.keyboard.press("Tab")
        page.keyboard.press("Space")
        for _ in range(4):
            if page.evaluate("document.activeElement.value") == RIGHT:
                break
            page.keyboard.press("ArrowDown")
        outline = page.evaluate(
            "getComputedStyle(document.activeElement.nextElementSibling).outlineStyle"
        )
        assert outline == "solid"
    while page.evaluate("document.activeElement.type") != "submit":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator(".mastery-result").inner_text().startswith("8 of 8 right.")
    assert page.locator(".lesson-step .lesson-done").is_visible()


def test_the_focus_is_never_under_the_bar_that_stays(open_page: OpenPage) -> None:
    page = open_page(LESSON, width=320).page
    answer(page, wrong=8)
    check(page)
    page.locator("form a").first.focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {
                const focused = document.activeElement;
                if (!focused.closest("form.mastery-check") || focused.closest(".mastery-foot"))
                    return true;
                const { x, y, width, height } = focused.getClientRects()[0];
                const top = document.elementFromPoint(x + width / 2, y + height / 2);
                return focused.contains(top) || focused.labels?.[0]?.contains(top);
            }"""
        )
        assert seen, page.evaluate("document.activeElement.outerHTML")


def test_answers_survive_a_reload(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    answer(page, wrong=2)
    page.reload()
    chosen = page.locator("form input:checked").evaluate_all("all => all.map(one => one.value)")
    wanted = [question.wrong[0].key for question in QUIZ.questions[:2]] + [RIGHT] * 6
    assert chosen == wanted
    assert page.locator(".questions-left").inner_text() == "All 8 answered"
    assert check(page).startswith("6 of 8 right.")


def test_a_stored_answer_that_is_no_choice_is_no_answer(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    answer(page, wrong=0)
    stored = page.evaluate(f"localStorage.getItem('{STORED}')")
    page.evaluate(
        "([key, text]) => localStorage.setItem(key, text)",
        [STORED, stored.replace(RIGHT, "renamed", 1)],
    )
    page.reload()
    assert page.locator(".questions-left").inner_text() == "1 question left"


def test_without_scripts_the_answers_unfold(open_page: OpenPage) -> None:
    page = open_page(LESSON, scripts=False).page
    assert page.locator(".mastery-check button:visible").count() == 0
    assert not page.locator(".questions-left").is_visible()
    assert "unfold the answer" in page.locator(".mastery-check .unscripted").inner_text()
    assert not page.locator(".lesson-progress").is_visible()
    for question in QUIZ.questions:
        answers = group(page, question).locator("details")
        assert not answers.locator("li").first.is_visible()
        answers.locator("summary").click()
        for choice in question.choices:
            assert answers.locator(f"[data-choice='{choice.key}']").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_in_a_checked_quiz(width: int, scheme: str, open_page: OpenPage) -> None:
    page = open_page(LESSON, width=width, scheme=scheme).page
    answer(page, wrong=4)
    check(page)
    # What stays in sight lies on other things, and where depends on how far the page is scrolled.
    page.evaluate(
        """() => document.querySelectorAll(".md-header, .mastery-foot")
            .forEach(bar => { bar.style.position = "static"; })"""
    )
    found = Axe().run(page, ["form.mastery-check", ".lesson-header"], AXE_OPTIONS)
    faults = [(fault["id"], fault["nodes"][0]["html"]) for fault in found.response["violations"]]
    assert faults == [], json.dumps(faults, indent=1)


def test_says_nothing_on_the_console(open_page: OpenPage) -> None:
    visit = open_page(LESSON)
    answer(visit.page, wrong=1)
    check(visit.page)
    assert visit.messages == []
