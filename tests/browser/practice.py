"""What tests of the practice share: the lesson's kinds, and its modules run in a real page."""

from __future__ import annotations

from playwright.sync_api import Page

from proof.quiz import read_quiz
from tests.browser.visits import ROOT

LESSON = "cnns-from-scratch/"
QUIZ = read_quiz(ROOT / "docs" / LESSON / "mastery-check.yml")
assert QUIZ.practice
KINDS = [kind.key for kind in QUIZ.practice.kinds]
MISTAKES = {mistake.key: mistake for mistake in QUIZ.practice.mistakes}
LEVELS = ("foundational", "intermediate", "advanced")


def run(page: Page, body: str, argument: object = None) -> object:
    """Run the body of a function where `problems` and `answers` are the practice's modules."""
    return page.evaluate(
        f"""async argument => {{
            const at = new URL("../assets/javascripts/practice/", location);
            const problems = await import(new URL("problems.js", at));
            const answers = await import(new URL("answers.js", at));
            {body}
        }}""",
        argument,
    )
