"""Changes one number or claim at a time, everywhere, and demands that a check fails each time.

Changed are the numerals and the claims of the pages and of the mastery checks, the constants of
the snippets, the numerals of the documented outputs and the numbers in the figures' scripts. A
change to a snippet must show in what it prints, in what texts are bound to, or in the calls of
its functions; the stamps of the figures do not count. One that shows nowhere may be listed, with
its reason, in tests/equivalent_mutants.toml, as long as the snippet leaves the same values.
"""

from __future__ import annotations

import ast
import datetime
import re
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from proof import bindings, figures, notation
from proof.calls import TABLES, differing, read_calls
from proof.comments import docstrings
from proof.execution import Run
from proof.expressions import Values, same
from proof.faults import Fault, FaultError
from proof.numerals import WORDS, Numeral, find_numerals
from proof.outputs import differences
from proof.page_bindings import lesson_of, source_of
from proof.page_quizzes import quiz_file, source_of_texts
from proof.pages import read_text
from proof.project import DOCS, ROOT, relative, snippet_name, snippet_paths, uses_torch
from proof.quiz import read_quiz
from proof.repeats import disagreements
from proof.runs import Runs, Worker
from proof.score import Score, write_score

LIMIT = 10.0  # seconds a changed snippet may run
EQUIVALENT = ROOT / "tests" / "equivalent_mutants.toml"


@dataclass(frozen=True)
class Mutant:
    """One change at a line of a file, and the whole text of the file with it."""

    path: Path
    line: int
    change: str
    text: str

    def __str__(self) -> str:
        """Give `file:line: before -> after`."""
        return f"{relative(self.path)}:{self.line}: {self.change}"

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it in the list of equivalents, wherever its line stands by now."""
        line = read_text(self.path).splitlines()[self.line - 1].strip()
        return relative(self.path), line, self.change


def mutate(*, record: bool = False) -> int:
    """Try all mutants, print what survives and the score; give the exit code.

    With `record`, the score is also written to the file that the site shows.
    """
    began = time.perf_counter()
    try:
        listed = read_equivalents()
        trial = Trial()
        survivors = list(trial.survivors())
    except FaultError as error:
        print(error.fault)
        return 1
    messages = [
        f"{mutant} survives: no check sees it" + ", but it leaves other values" * other
        for mutant, other in survivors
        if other or mutant.key not in listed
    ]
    alive = {mutant.key for mutant, other in survivors if not other}
    for key, line in listed.items():
        if key not in alive:
            message = f"no mutant {key[2]} of {key[1]!r} survives in {key[0]}; delete its entry"
            messages.append(str(Fault(EQUIVALENT, line, message)))
    for message in messages:
        print(message)
    equivalent = sum(mutant.key in listed for mutant, other in survivors if not other)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    score = Score(today, trial.tried, trial.tried - len(survivors), equivalent)
    if record:
        write_score(score)
    seconds = time.perf_counter() - began
    print(
        f"{score.mutants:,} mutants in {seconds:.0f} s: {score.caught:,} caught, "
        f"{score.equivalent} equivalent, score {score.percent}"
    )
    return 1 if messages else 0


def read_equivalents() -> dict[tuple[str, str, str], int]:
    """Read the listed mutants, with their lines; FaultError where a part of an entry is missing."""
    text = read_text(EQUIVALENT) if EQUIVALENT.is_file() else ""
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line == "[[mutant]]"]
    found = {}
    for line, entry in zip(lines, tomllib.loads(text).get("mutant", []), strict=True):
        if not all(entry.get(part) for part in ("file", "line", "change", "reason")):
            message = "an equivalent mutant has a file, a line, a change and a reason"
            raise FaultError(Fault(EQUIVALENT, line, message))
        found[entry["file"], entry["line"], entry["change"]] = line
    return found


@dataclass(frozen=True)
class BoundText:
    """A page, or a part of its mastery check; `lines` are those of the part in its file."""

    path: Path
    source: notation.Source
    lesson: str
    lines: list[int] | None = None

    def problems(self, text: str, values: Mapping[str, Values]) -> list[bindings.Problem]:
        """Check another text in its place."""
        source = self.source if text == self.source.source else notation.read(text)
        return bindings.check(source, values, self.lesson).problems

    def mutants(self) -> Iterator[Mutant]:
        """Give its mutants; none where nothing is bound."""
        if self.source.notations:
            for mutant in page_mutants(self.path, self.source):
                yield replace(mutant, line=self.line(mutant.line))

    def line(self, line: int) -> int:
        """Give the line of the file for a line of the text."""
        return self.lines[line - 1] if self.lines else line


def bound_texts() -> Iterator[BoundText]:
    """Read every page, and every part of its mastery check."""
    for page in sorted(DOCS.rglob("*.md")):
        yield BoundText(page, source_of(page), lesson_of(page))
        if quiz_file(page).is_file():
            quiz = read_quiz(quiz_file(page))
            practice = quiz.practice.entries if quiz.practice else []
            for part in [*quiz.questions, *practice]:
                source, lines = source_of_texts(part)
                yield BoundText(quiz_file(page), source, lesson_of(page), lines)


class Trial:
    """Tries mutants against what the unchanged project gives."""

    def __init__(self) -> None:
        """Run the snippets and read the pages; raise FaultError unless all is well."""
        self.tried = 0
        self.runs = Runs(snippet_paths())
        for run in self.runs.values():
            if run.error:
                raise FaultError(Fault(run.snippet, run.error.line, str(run.error)))
        self.programs = {run.snippet: read_text(run.snippet) for run in self.runs.values()}
        self.values = {name: run.values for name, run in self.runs.items()}
        self.texts = list(bound_texts())
        for text in self.texts:
            for problem in text.problems(text.source.source, self.values):
                raise FaultError(Fault(text.path, text.line(problem.line), problem.message))

    def survivors(self) -> Iterator[tuple[Mutant, bool]]:
        """Give each mutant that nothing catches, and whether it leaves other values."""
        for mutant, run in self._changed_runs():
            self.tried += 1
            if not self._shows(mutant, run):
                yield mutant, self._leaves_other_values(snippet_name(mutant.path), run)
        for text in self.texts:
            for mutant in text.mutants():
                self.tried += 1
                if not text.problems(mutant.text, self.values):
                    yield mutant, False
        for path in sorted(DOCS.rglob("*mastery-check.yml")):
            for mutant, other in share_mutants(path):
                self.tried += 1
                yield mutant, other
        for run in self.runs.values():
            for mutant in output_mutants(run.snippet.with_suffix(".out")):
                self.tried += 1
                if not differences(mutant.text, run.stdout, None):
                    yield mutant, False
        for script in figures.scripts():
            drawn = script.drawing.read_bytes()
            for mutant in constant_mutants(script.path, (int, float)):
                self.tried += 1
                changed_script = figures.Script(mutant.path)
                vars(changed_script)["source"] = mutant.text
                if figures.stamp(changed_script, self.runs, drawn)["script"].encode() in drawn:
                    yield mutant, False

    def _changed_runs(self) -> Iterator[tuple[Mutant, Run]]:
        """Run every changed snippet, in a process with torch or in one without."""
        mutants = [
            mutant
            for path in snippet_paths()
            for mutant in constant_mutants(path, (bool, int, float, str))
        ]
        with TemporaryDirectory() as folder:
            paths = [Path(folder, f"{number}.py") for number in range(len(mutants))]
            for path, mutant in zip(paths, mutants, strict=True):
                path.write_text(mutant.text, "utf-8")
            by_path = dict(zip(paths, mutants, strict=True))
            with_torch = [path for path in paths if uses_torch(path)]
            without = [path for path in paths if path not in with_torch]
            # Torch loads while the others run.
            workers = [Worker(with_torch, LIMIT, "cpu")] if with_torch else []
            workers += [Worker(without, LIMIT)] if without else []
            for worker in reversed(workers):
                while worker.waiting:
                    run = worker.next_run()
                    yield by_path[run.snippet], run

    def _shows(self, mutant: Mutant, run: Run) -> bool:
        """Whether a changed snippet fails, prints or gives something else, or breaks a page."""
        name = snippet_name(mutant.path)
        if run.error or differences(self.runs[name].stdout, run.stdout, None):
            return True
        if any(disagreements({**self.programs, mutant.path: mutant.text})):
            return True
        table = TABLES / f"{mutant.path.parent.name}.toml"
        functions = read_calls(table).get(mutant.path.stem, {}) if table.is_file() else {}
        if any(differing(functions, run.values)):
            return True
        values = {**self.values, name: run.values}
        return any(text.problems(text.source.source, values) for text in self.texts)

    def _leaves_other_values(self, name: str, run: Run) -> bool:
        before, after = (
            {key: value for key, value in values.items() if not callable(value)}
            for values in (self.values[name], run.values)
        )
        return before.keys() != after.keys() or not all(
            same(value, after[key]) for key, value in before.items()
        )


def another(numeral: Numeral) -> str:
    """Write another valid numeral, or number word, in the place of one."""
    if numeral.is_word:
        word = WORDS[(WORDS.index(numeral.text.lower()) + 1) % len(WORDS)]
        return word.capitalize() if numeral.text[0].isupper() else word
    return re.sub(r"[0-9](?=[^0-9]*$)", lambda digit: str((int(digit[0]) + 1) % 10), numeral.text)


def page_mutants(path: Path, source: notation.Source) -> Iterator[Mutant]:
    """Change each numeral that is no escape, each number word that is bound; negate each claim."""
    numerals = {numeral.start: numeral for numeral in source.numerals}
    for one in source.notations:
        for numeral in source.bound_to(one) if one.kind != "claim" else ():
            if one.kind == "literal":
                numerals.pop(numeral.start, None)
            else:
                numerals[numeral.start] = numeral
    yield from _numeral_mutants(path, source.source, numerals.values())
    for edit in source.edits:
        claim = edit.of
        if isinstance(claim, notation.Notation) and claim.kind == "claim" and edit.role != "open":
            start = source.source.rindex("{?", 0, edit.end)
            change = f"{claim.braces} -> {{?not ({claim.code})}}"
            yield _changed(path, source.source, start, edit.end, change)


def output_mutants(path: Path) -> Iterator[Mutant]:
    """Change each numeral of a documented output."""
    text = read_text(path)
    yield from _numeral_mutants(path, text, find_numerals(text))


def share_mutants(path: Path) -> Iterator[tuple[Mutant, bool]]:
    """Change the share of right answers that is needed; tell whether another number of them is."""
    text = read_text(path)
    quiz = read_quiz(path)
    for match in re.finditer(r"(?<=^more_than: )\S+", text, re.MULTILINE):
        for mutant in _numeral_mutants(path, text, [Numeral(match[0], *match.span())]):
            share = Decimal(mutant.change.partition(" -> ")[2])
            yield mutant, replace(quiz, more_than=share).needed != quiz.needed


def _numeral_mutants(path: Path, text: str, numerals: Iterable[Numeral]) -> Iterator[Mutant]:
    for numeral in numerals:
        change = f"{numeral.text} -> {another(numeral)}"
        yield _changed(path, text, numeral.start, numeral.end, change)


def _changed(path: Path, text: str, start: int, end: int, change: str) -> Mutant:
    after = change.partition(" -> ")[2]
    line = text.count("\n", 0, start) + 1
    return Mutant(path, line, change, text[:start] + after + text[end:])


def constant_mutants(path: Path, kinds: tuple[type, ...]) -> Iterator[Mutant]:
    """Change each constant of a program that is of one of some types and no docstring."""
    tree = ast.parse(read_text(path))
    documentation = set(docstrings(tree))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and type(node.value) in kinds
            and node not in documentation
        ):
            before = cast(bool | float | str, node.value)
            node.value = _another_constant(before)
            change = f"{before!r} -> {node.value!r}"
            yield Mutant(path, node.lineno, change, ast.unparse(tree))
            node.value = before


def _another_constant(value: bool | float | str) -> bool | float | str:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return float(another(find_numerals(repr(value))[0]))
    numerals = find_numerals(value)
    if not numerals:
        return f"{value}_"
    return value[: numerals[0].start] + another(numerals[0]) + value[numerals[0].end :]
