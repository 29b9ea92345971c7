"""The mastery check: `/// mastery-check` shows the questions of mastery-check.yml.

One form, one group of radio buttons a question, and its answers folded below. A script checks
what was chosen and shows the feedback on it; without one the answers unfold. `/// practice` lists
the kinds of problems that a script draws, and the mistakes that it names.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions.toc import slugify
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

from proof import notation
from proof.extensions.location import Page, page_of
from proof.faults import FaultError
from proof.page_quizzes import quiz_file
from proof.quiz import Choice, Kind, Mistake, Question, Quiz, WrongChoice, read_quiz
from proof.yaml_file import Text


class MasteryCheckBlock(Block):
    """The questions of the page."""

    NAME = "mastery-check"

    def on_create(self, parent: Element) -> Element:
        """Write the form; FaultError where its file is missing or has another form."""
        page = page_of(self.md)
        quiz = _quiz_of(page, self.NAME)
        form = _add(parent, "form", "mastery-check")
        form.set("data-lesson", page.folder)
        form.set("data-needed", str(quiz.needed))
        form.set("autocomplete", "off")
        total = len(quiz.questions)
        _add(form, "p", "mastery-rule").text = (
            f"Work each question out before you choose. {quiz.needed} right answers of {total} "
            "complete the lesson."
        )
        _add_unscripted(form, "Without scripts nothing is counted: choose, then unfold the answer.")
        for number, question in enumerate(quiz.questions, 1):
            _add_question(form, question, f"Question {number} of {total}")
        _add_foot(form, quiz)
        return form


class PracticeBlock(Block):
    """The kinds of problems that the page offers; its content introduces them."""

    NAME = "practice"

    def on_create(self, parent: Element) -> Element:
        """Begin; FaultError where the file is missing, or says nothing of practice."""
        page = page_of(self.md)
        practice = _quiz_of(page, self.NAME).practice
        if not practice:
            message = f"{quiz_file(page.file).name} lists no practice; write it, or take this out"
            raise page.fault(message, near=self.NAME)
        self.practice = practice
        offer = _add(parent, "div", "practice")
        offer.set("data-lesson", page.folder)
        return offer

    def on_end(self, block: Element) -> None:
        """Write the lists, below what the page says of them."""
        _add_unscripted(block, "A script draws the problems, and this browser runs none.")
        _add(block, "div", "practice-trouble").set("role", "status")
        kinds = _add(block, "ul", "practice-kinds")
        for kind in self.practice.kinds:
            _add_kind(kinds, kind)
        mistakes = _add(block, "details", "practice-mistakes")
        _add(mistakes, "summary").text = "The mistakes that practice knows by name"
        listed = _add(mistakes, "ul")
        for mistake in self.practice.mistakes:
            _add_mistake(listed, mistake)


def _quiz_of(page: Page, block: str) -> Quiz:
    file = quiz_file(page.file)
    if not file.is_file():
        message = f"there is no {file.name} beside this page; write it, or take the block out"
        raise page.fault(message, near=block)
    quiz = read_quiz(file)
    if quiz.faults:
        raise FaultError(quiz.faults[0])
    return quiz


def _add_kind(kinds: Element, kind: Kind) -> None:
    item = _add(kinds, "li")
    item.set("id", f"practice-{kind.key}")
    item.set("data-kind", kind.key)
    text = _add(item, "p")
    title = _add(text, "strong")
    title.text, title.tail = f"{_shown(kind.title)}.", f" {_shown(kind.task)} {_link(kind.section)}"
    _add_offer(item, kind.key, "Practise", _shown(kind.title))


def _add_mistake(listed: Element, mistake: Mistake) -> None:
    item = _add(listed, "li")
    item.set("data-mistake", mistake.key)
    name = _add(item, "strong")
    name.text = f"{_shown(mistake.mistake)}."
    name.tail = f" {_shown(mistake.feedback)} {_link(mistake.section)}"


def _add_offer(parent: Element, kind: str, text: str, what: str) -> None:
    """Add the button that opens a problem; a script shows it."""
    button = _add(parent, "button", "practise scripted")
    button.set("type", "button")
    button.set("hidden", "hidden")
    button.set("data-practise", kind)
    button.set("aria-label", f"{text}: {what}")
    button.text = text


def _add_unscripted(parent: Element, text: str) -> None:
    """Say, to those whose browser runs no scripts, what is missing."""
    _add(_add(parent, "noscript"), "p", "unscripted").text = text


def _add_question(form: Element, question: Question, number: str) -> None:
    name = f"question-{question.key}"
    group = _add(form, "fieldset", "question")
    group.set("id", name)
    group.set("aria-describedby", f"{name}-text {name}-feedback")
    legend = _add(group, "legend", "question-title")
    _add(legend, "span", "question-number").text = f"{number}. "
    _add(legend, "span").text = _shown(question.title)
    text = _add(group, "p", "question-text")
    text.set("id", f"{name}-text")
    text.text = _shown(question.text)
    for place, choice in enumerate(question.shuffled, 1):
        line = _add(group, "div", "choice")
        button = _add(line, "input")
        button.set("type", "radio")
        button.set("name", question.key)
        button.set("value", choice.key)
        button.set("id", f"{name}-{place}")
        label = _add(line, "label")
        label.set("for", f"{name}-{place}")
        label.text = _shown(choice.text)
    _add(group, "p", "feedback").set("id", f"{name}-feedback")
    if question.practice:
        _add_offer(group, question.practice.text, "Another one like this", _shown(question.title))
    answers = _add(group, "details", "answers")
    _add(answers, "summary").text = f"Answer: {_shown(question.title)}"
    listed = _add(answers, "ul")
    for choice in question.choices:
        _add_answer(listed, choice)


def _add_answer(listed: Element, choice: Choice) -> None:
    item = _add(listed, "li")
    item.set("data-choice", choice.key)
    _add(item, "p", "answer-choice").text = _shown(choice.text)
    feedback = _add(item, "p", "answer-feedback")
    verdict = _add(feedback, "strong")
    verdict.text, verdict.tail = "Right.", f" {_shown(choice.feedback)}"
    if isinstance(choice, WrongChoice):
        verdict.text = f"{_shown(choice.mistake)}."
        verdict.tail += f" {_link(choice.section)}"


def _add_foot(form: Element, quiz: Quiz) -> None:
    """Write what counts and checks."""
    foot = _add(form, "div", "mastery-foot scripted")
    foot.set("hidden", "hidden")
    total = len(quiz.questions)
    left = _add(foot, "p", "questions-left")
    left.set("role", "status")
    left.text = f"{total} question{'s' * (total != 1)} left"
    check = _add(foot, "button")
    check.set("type", "submit")
    check.text = "Check the answers"
    for name in ("mastery-result", "progress-trouble"):
        _add(form, "div", name).set("role", "status")


def _add(parent: Element, tag: str, name: str = "") -> Element:
    return SubElement(parent, tag, {"class": name} if name else {})


def _link(section: Text) -> str:
    return f"See [{section.text}](#{slugify(section.text, '-')})."


def _shown(text: Text) -> str:
    """Give a text without what it is bound to, which would give the answer away."""
    return notation.read(text.text).rendered(lambda _: "")


class QuizExtension(BlocksExtension):
    """Registers the block."""

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: ARG002, N802
        """Add the blocks."""
        block_mgr.register(MasteryCheckBlock, self.getConfigs())
        block_mgr.register(PracticeBlock, self.getConfigs())


def makeExtension(**options: object) -> QuizExtension:  # noqa: N802
    """Make the extension that `proof.extensions.quiz` names in mkdocs.yml."""
    return QuizExtension(**options)
