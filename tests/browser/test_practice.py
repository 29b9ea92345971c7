"""Practice without end as a reader uses it, in a real browser."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.practice import KINDS, LESSON, LEVELS, MISTAKES, QUIZ, run
from tests.browser.test_every_page import AXE_OPTIONS
from tests.browser.test_progress import DENIED, stored
from tests.browser.visits import OpenPage

FIXED = "Math.random = () => 0.5;"


def named(page: Page) -> tuple[str, int, int]:
    """Give the kind, the level and the seed that the address names."""
    match = re.search(r"\?practice=([a-z-]+)\.(\d)\.(\d+)$", page.url)
    assert match, page.url
    return match[1], int(match[2]), int(match[3])


def go(page: Page, name: str) -> None:
    """Go to a problem as the browser's back and forward do."""
    page.evaluate(
        """name => {
            history.pushState(null, "", `?practice=${encodeURIComponent(name)}`);
            dispatchEvent(new PopStateEvent("popstate"));
        }""",
        name,
    )


def drawn(page: Page) -> dict[str, Any]:
    """Draw the problem that the page shows once more, its numbers as a reader would type them."""
    found: Any = run(
        page,
        """const problem = problems.problem(...argument);
        const typed = numbers => answers.written(numbers, problem.form);
        const entries = Object.entries(problem.mistakes).map(([name, one]) => [name, typed(one)]);
        return { ...problem, right: typed(problem.answer), wrong: Object.fromEntries(entries) };""",
        list(named(page)),
    )
    assert isinstance(found, dict)
    return found


def answer(page: Page, text: str) -> str:
    """Type an answer and check it; give the feedback."""
    page.get_by_label("Your answer").fill(text)
    page.get_by_role("button", name="Check", exact=True).click()
    return page.locator(".practice-feedback").inner_text()


def another(page: Page) -> None:
    page.locator(".practice-problem").get_by_role("button", name="Another one like this").click()


def level(page: Page) -> str:
    return page.locator(".practice-level").inner_text()


@pytest.mark.parametrize("kind", KINDS)
def test_names_the_mistake_behind_each_wrong_answer(kind: str, open_page: OpenPage) -> None:
    """Five wrong answers and the right one, of problems of every level."""
    visit = open_page(f"{LESSON}?practice={kind}.1.19")
    page = visit.page
    page.locator(".practice-problem").wait_for()
    heard = 0
    for number in range(1, len(LEVELS) + 1):
        go(page, f"{kind}.{number}.19")
        problem = drawn(page)
        for name, wrong in problem["wrong"].items():
            told = answer(page, wrong)
            assert f"{MISTAKES[name].mistake.text}. " in told, (name, told)
            link = page.locator(".practice-feedback").get_by_role("link")
            assert link.inner_text() == MISTAKES[name].section.text
            assert page.evaluate(
                "hash => document.querySelector(hash).textContent",
                link.get_attribute("href"),
            ).startswith(MISTAKES[name].section.text)
            heard += 1
        assert answer(page, problem["right"]).startswith(f"Right. {problem['right']}.")
        steps = page.locator(".practice-solution li").all_text_contents()
        for shown, step in zip(steps, problem["steps"], strict=True):
            assert shown.replace("\u00a0", " ").startswith(step["text"])
    assert heard >= 5
    assert visit.messages == []


def test_practice_names_the_mistakes_that_the_mastery_check_names(open_page: OpenPage) -> None:
    page = open_page("glossary/").page
    drawn = """
        const names = new Set();
        for (let level = 1; level <= problems.LEVELS; level++) {
            for (let seed = 0; seed < 40; seed++) {
                const { mistakes } = problems.problem(argument, level, seed);
                for (const name of Object.keys(mistakes)) names.add(name);
            }
        }
        return [...names];
    """
    kinds = run(page, "return problems.KINDS")
    assert sorted(kinds) == sorted(KINDS)
    known: dict[str, Any] = {kind: run(page, drawn, kind) for kind in KINDS}
    assert {name for names in known.values() for name in names} == set(MISTAKES)
    computing = {
        question.practice.text: question for question in QUIZ.questions if question.practice
    }
    numbers = [QUIZ.questions.index(question) + 1 for question in computing.values()]
    assert numbers == [1, 2, 3, 5, 8]
    for kind, question in computing.items():
        assert {wrong.key for wrong in question.wrong} <= set(known[kind])


def test_another_one_like_a_question_once_it_is_checked(open_page: OpenPage) -> None:
    page = open_page(LESSON, before=FIXED).page
    assert page.locator(".mastery-check .practise:visible").count() == 0
    for question in QUIZ.questions:
        page.locator(f"input[name='{question.key}'][value='right']").check()
    page.get_by_role("button", name="Check the answers").click()
    offers = page.locator(".mastery-check .practise:visible")
    assert offers.count() == 5
    offers.nth(2).click()
    page.locator("[data-kind='receptive-field'] .practice-problem").wait_for()
    assert named(page) == ("receptive-field", 1, 50000)
    focused = page.evaluate("document.activeElement.textContent")
    assert focused == "Problem 50000, foundational"
    problem = drawn(page)
    assert answer(page, problem["right"]).startswith("Right.")


def test_what_cannot_be_read_does_not_count(open_page: OpenPage) -> None:
    page = open_page(f"{LESSON}?practice=to-the-end.1.3").page
    page.locator(".practice-problem").wait_for()
    for typed, said in (
        ("banana", "“banana” could not be read. Wanted: two numbers with 3 decimals"),
        ("1.5", "That was read as 1 number, 1.5; 2 are needed."),
        ("<b>1</b> 2", "“<” could not be read."),
    ):
        told = answer(page, typed)
        assert told.startswith("Not read. ")
        assert said in told or "could not be read" in told
        assert told.endswith("This does not count as wrong.")
        assert page.evaluate("document.activeElement.id") == "practice-answer"
    right = drawn(page)["right"]
    assert "One more in a row leads to the level intermediate." in answer(page, right)


def test_the_level_rises_with_success_and_falls_with_failure(open_page: OpenPage) -> None:
    visit = open_page(LESSON)
    page = visit.page
    page.locator("[data-kind='output-size'] .practise").click()
    page.locator(".practice-problem").wait_for()
    assert level(page) == "Your level here: foundational, 1 of 3."
    for number, name in enumerate(LEVELS, 1):
        assert named(page)[1] == number
        assert f", {name}" in page.locator(".practice-problem h4").inner_text()
        told = answer(page, drawn(page)["right"])
        if number < 3:
            assert f"One more in a row leads to the level {LEVELS[number]}." in told
        another(page)
        told = answer(page, drawn(page)["right"])
        if number < 3:
            assert f"That was 2 in a row: the next one is {LEVELS[number]}." in told
            assert level(page) == f"Your level here: {LEVELS[number]}, {number + 1} of 3."
        another(page)
    assert stored(page)["practice"] == {"cnns-from-scratch": {"output-size": "advanced"}}
    page.reload()
    page.locator(".practice-problem").wait_for()
    assert level(page) == "Your level here: advanced, 3 of 3."
    answer(page, "1 1")
    told = answer(page, "2 2")
    assert "easier" not in told, "one problem counts once"
    another(page)
    assert "The next one is easier: intermediate." in answer(page, "1 1")
    another(page)
    assert named(page)[1] == 2
    page.locator(".practice-solution summary").click()
    page.locator(".practice-level").get_by_text("this problem does not count").wait_for()
    answer(page, drawn(page)["right"])
    another(page)
    told = answer(page, drawn(page)["right"])
    assert "One more in a row" in told, "what was looked up did not count"
    assert visit.messages == []


def test_a_link_shows_its_problem_in_another_browser(open_page: OpenPage) -> None:
    visit = open_page(LESSON)
    visit.page.locator("[data-kind='winners'] .practise").click()
    problem = visit.page.locator(".practice-problem")
    problem.get_by_role("button", name="Copy link to this problem").click()
    visit.page.get_by_text("Link copied.").wait_for()
    link = visit.page.evaluate("navigator.clipboard.readText()")
    assert link == visit.page.url
    shown = problem.locator("table").inner_text()
    there = open_page(link.removeprefix(visit.site)).page
    there.locator(".practice-problem").wait_for()
    assert there.locator(".practice-problem table").inner_text() == shown
    assert there.url == link
    assert there.evaluate("document.activeElement.tagName") == "H4"
    assert there.locator(".practice-problem h4").is_visible()


def test_a_problem_of_another_level_does_not_change_the_readers(open_page: OpenPage) -> None:
    page = open_page(f"{LESSON}?practice=window-count.3.7").page
    page.locator(".practice-problem").wait_for()
    assert level(page).endswith("This problem is of another level and does not change yours.")
    told = answer(page, drawn(page)["right"])
    assert told.startswith("Right.")
    assert "in a row" not in told
    another(page)
    assert named(page)[1] == 1


def test_an_address_that_names_no_problem_is_told_and_harmless(open_page: OpenPage) -> None:
    visit = open_page(f"{LESSON}?practice=%ff%00&practice=%")
    page = visit.page
    told = page.locator(".practice-trouble")
    told.get_by_text("The address asks for the problem").wait_for()
    for name in (
        "",
        "x",
        "output-size",
        "output-size.0.1",
        "output-size.4.1",
        "output-size.1.123456",
        "output-size.1.-1",
        "output-size.1.1e3",
        "__proto__.1.1",
        "constructor.1.1",
        "tostring.1.1",
        "<img src=x onerror=alert(1)>.1.1",
        "output-size.1.1" + "0" * 2000,
        "\u202eoutput-size.1.1",
    ):
        page.evaluate("document.querySelector('.practice-trouble').textContent = ''")
        go(page, name)
        text = told.text_content() or ""
        assert text.startswith(f"The address asks for the problem “{name[:60]}")
        assert len(text) < 180
        assert page.locator(".practice-problem, .practice img").count() == 0
    page.locator("[data-kind='parameters'] .practise").click()
    page.locator(".practice-problem").wait_for()
    assert told.inner_text() == ""
    assert visit.messages == []


def test_without_scripts_there_is_no_dead_button(open_page: OpenPage) -> None:
    page = open_page(LESSON, scripts=False).page
    assert page.locator(".practise:visible").count() == 0
    assert "runs none" in page.locator(".practice .unscripted").inner_text()
    mistakes = page.locator(".practice-mistakes")
    mistakes.locator("summary").click()
    for key, mistake in MISTAKES.items():
        told = mistakes.locator(f"[data-mistake='{key}']").inner_text()
        assert told.startswith(f"{mistake.mistake.text}. ")
        assert mistake.section.text in told


def test_denied_storage_keeps_the_level_for_the_visit(open_page: OpenPage) -> None:
    page = open_page(f"{LESSON}?practice=parameters.1.5", before=DENIED).page
    page.locator(".practice-problem").wait_for()
    answer(page, drawn(page)["right"])
    another(page)
    assert "the next one is intermediate" in answer(page, drawn(page)["right"])
    assert page.locator(".progress-trouble").inner_text().startswith("Nothing will be remembered")
    another(page)
    assert named(page)[1] == 2


def test_the_keyboard_alone_solves_a_problem(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    page.locator("[data-kind='window-count'] .practise").focus()
    page.keyboard.press("Enter")
    page.locator(".practice-problem").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "practice-answer"
    described = page.evaluate(
        "document.activeElement.getAttribute('aria-describedby').split(' ')"
        ".every(id => document.getElementById(id))"
    )
    assert described
    page.keyboard.type(drawn(page)["right"])
    page.keyboard.press("Enter")
    feedback = page.locator(".practice-feedback")
    assert feedback.get_attribute("role") == "status"
    assert feedback.inner_text().startswith("Right.")
    while "Another" not in page.evaluate("document.activeElement.textContent"):
        page.keyboard.press("Tab")
    before = named(page)
    page.keyboard.press("Enter")
    assert named(page) != before
    assert page.evaluate("document.activeElement.tagName") == "H4"
    assert page.get_by_label("Your answer").input_value() == ""


def test_a_table_that_scrolls_is_reached_with_the_keyboard(open_page: OpenPage) -> None:
    page = open_page(f"{LESSON}?practice=winners.3.19").page
    tables = page.locator(".practice-tables")
    tables.wait_for()
    assert tables.get_attribute("tabindex") is None
    page.set_viewport_size({"width": 220, "height": 640})
    page.locator(".practice-tables[tabindex='0']").wait_for()
    assert tables.evaluate("tables => tables.scrollWidth > tables.clientWidth")


def test_nothing_of_it_is_loaded_before_it_is_opened(open_page: OpenPage) -> None:
    visit = open_page(LESSON, until="networkidle")
    scripts = [url for url in visit.requests if "/practice" in url and url.endswith(".js")]
    assert scripts == [f"{visit.site}assets/javascripts/practice.js"]
    assert len(visit.page.request.get(scripts[0]).body()) < 1024
    visit.page.route("**/practice/page.js", lambda route: route.abort())
    visit.page.locator(".practice .practise").first.click()
    visit.page.locator(".practice-trouble").get_by_text("could not be loaded").wait_for()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_axe_finds_nothing_and_nothing_sticks_out(
    width: int, scheme: str, open_page: OpenPage
) -> None:
    page = open_page(f"{LESSON}?practice=winners.1.4", width=width, scheme=scheme).page
    page.locator(".practice-problem").wait_for()
    for kind, number, typed in (
        ("to-the-end", 3, "right"),
        ("changed-weight", 2, "wrong"),
        ("receptive-field", 3, "12"),
        ("winners", 2, ""),
    ):
        go(page, f"{kind}.{number}.4")
        problem = drawn(page)
        if typed == "wrong":
            typed = next(iter(problem["wrong"].values()))
        answer(page, problem["right"] if typed == "right" else typed)
        page.locator(".practice-solution summary").click()
        found = Axe().run(page, [".practice"], AXE_OPTIONS).response["violations"]
        faults = [(fault["id"], fault["nodes"][0]["html"]) for fault in found]
        assert faults == [], json.dumps(faults, indent=1)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        cut = page.evaluate(
            """() => [...document.querySelectorAll(".practice *")]
                .filter(e => !e.closest(".practice-tables"))
                .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
                .map(e => e.outerHTML.slice(0, 120))"""
        )
        assert cut == []
        small = page.evaluate(
            """() => [...document.querySelectorAll(".practice :is(button, input, summary)")]
                .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24)
                .map(e => e.outerHTML.slice(0, 120))"""
        )
        assert small == []
