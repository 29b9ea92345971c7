"""Checks pages: what their snippets print, and that nothing on them escapes being run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from proof.devices import ALLOWANCES, DeviceMissing, reproduces
from proof.execution import Run
from proof.faults import Fault, FaultError
from proof.pages import Block, Page, read_page, read_text
from proof.project import SNIPPETS, find_page, page_paths, relative, snippet_name, snippet_paths
from proof.runs import Runs


@dataclass(frozen=True)
class Subject:
    """What is to be checked; `whole` where that is all pages of the project."""

    pages: list[Page]
    runs: Runs
    device: str
    whole: bool


Outcome = tuple[int, list[Fault]]  # how many checks passed, and the faults of those that failed
Checker = Callable[[Subject], Outcome]


def check(names: Sequence[str], device: str, limit: float) -> int:
    """Check the pages named, or all, and print each fault and the totals; give the exit code.

    Raises BadCall for a name that is no page.
    """
    paths = [find_page(name) for name in names] or page_paths()
    try:
        # Snippets run from here on, while what checks them is imported.
        runs = Runs([] if names else snippet_paths(), device, limit)
        passed, faults = examine(paths, runs, device, whole=not names)
        messages = [str(fault) for fault in faults]
    except DeviceMissing as missing:
        passed, messages = 0, [str(missing)]
    for message in messages:
        print(message)
    if not messages and not passed:
        print(f"nothing to check in {', '.join(map(relative, paths))}")
    print(f"{passed} passed, {len(messages)} failed")
    return 1 if messages else 0


def examine(paths: list[Path], runs: Runs, device: str = "cpu", *, whole: bool) -> Outcome:
    """Check the pages at these paths, `whole` where they are all; sort the faults by place."""
    faults: list[Fault] = []
    passed = 0
    pages = _read(paths, faults)
    runs.add(block.snippet for page in pages for block in page.blocks)
    checkers, named = _checkers()
    runs.add(snippet for page in pages for snippet in named(page.path))
    # Of a page that cannot be read, nobody knows what it shows.
    subject = Subject(pages, runs, device, whole=whole and len(pages) == len(paths))
    for checker in checkers:
        more, found = checker(subject)
        passed += more
        faults += found
    return passed, sorted(faults, key=_place)


def _read(paths: list[Path], faults: list[Fault]) -> list[Page]:
    pages = []
    for path in paths:
        try:
            pages.append(read_page(path))
        except FaultError as error:
            faults.append(error.fault)
    return pages


def _checkers() -> tuple[list[Checker], Callable[[Path], Iterable[Path]]]:
    """Import the checkers, and what finds the snippets that a page names but does not show.

    Those that wait for torch come last.
    """
    from proof.calls import check_calls
    from proof.comments import check_comments
    from proof.figures import check_figures
    from proof.page_bindings import check_bindings, named_snippets
    from proof.page_interactive import check_interactive, named_in_interactive
    from proof.page_quizzes import check_quizzes, named_in_quiz
    from proof.repeats import check_repeats

    checkers: list[Checker] = [
        check_fences,
        check_files,
        check_figures,
        check_comments,
        check_repeats,
        check_calls,
        check_bindings,
        check_quizzes,
        check_interactive,
        check_outputs,
    ]
    named = (named_snippets, named_in_quiz, named_in_interactive)
    return checkers, lambda page: {snippet for names in named for snippet in names(page)}


def check_fences(subject: Subject) -> Outcome:
    """Check that every Python fence is run or says why not, and that every include resolves."""
    faults = [fault for page in subject.pages for fault in page.faults]
    wrong = {(fault.file, fault.line) for fault in faults}
    passed = 0
    for page in subject.pages:
        for fence in page.fences:
            lines = range(fence.start, fence.end + 1)
            passed += fence.is_python and not any((page.path, line) in wrong for line in lines)
    return passed, faults


def check_files(subject: Subject) -> Outcome:
    """Check, over the whole project, that every file under snippets/ is on some page."""
    if not subject.whole:
        return 0, []
    if not subject.runs:
        message = "there is no snippet to check; a lesson's snippets are in snippets/<lesson>/"
        return 0, [Fault(SNIPPETS, 1, message)]
    blocks = (block for page in subject.pages for block in page.blocks)
    shown = {block.snippet for block in blocks if block.follows_code}
    faults = []
    for path in snippet_paths():
        if path not in shown:
            message = "no page shows this snippet with its output; include both, or delete it"
            faults.append(Fault(path, 1, message))
    for path in sorted(SNIPPETS.rglob("*.out")):
        if not path.with_suffix(".py").is_file():
            message = (
                f"no {path.with_suffix('.py').name} prints this; delete it, or restore the snippet"
            )
            faults.append(Fault(path, 1, message))
    return len(shown), faults


def check_outputs(subject: Subject) -> Outcome:
    """Check that every snippet on a page prints what the page says it prints."""
    blocks: dict[str, list[tuple[Page, Block]]] = {}
    for page in subject.pages:
        for block in page.blocks:
            blocks.setdefault(snippet_name(block.snippet), []).append((page, block))
    passed = 0
    faults = []
    for name in filter(blocks.__contains__, subject.runs):
        run = subject.runs[name]
        if run.error:
            faults.append(error_fault(run))
            continue
        for page, block in blocks[name]:
            fault = _output_fault(page, block, run, subject.device)
            if fault:
                faults.append(fault)
            else:
                passed += 1
    return passed, faults


def error_fault(run: Run) -> Fault:
    """Say that a snippet did not run to its end."""
    assert run.error
    return Fault(run.snippet, run.error.line, str(run.error))


def _output_fault(page: Page, block: Block, run: Run, device: str) -> Fault | None:
    from proof import outputs

    try:
        documented = read_text(block.output)
    except FaultError as error:
        return error.fault
    allowance = None if reproduces(device, run.versions) else ALLOWANCES[device]
    found = outputs.differences(documented, run.stdout, allowance)
    if not found:
        return None
    name = snippet_name(run.snippet)
    message = (
        f"line {found[0].line} of {relative(block.output)} is not what "
        f"{relative(run.snippet)}:{run.line_behind(found[0].line)} prints: "
        f"{outputs.describe(found[0], run)}; "
        f"if the new output is right: python -m proof record {name}"
    )
    return Fault(page.path, block.line, message, outputs.diff(found))


def _place(fault: Fault) -> tuple[str, int]:
    return relative(fault.file), fault.line
