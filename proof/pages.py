"""Reads what a page says about code: its fences, and the snippets and outputs they include."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from pathlib import Path

from proof.faults import Fault, FaultError
from proof.project import SNIPPETS, relative, snippet_name

PYTHON = {"python", "python3", "py", "py3", "pycon", "ipython"}  # as Pygments knows it

_FENCE = re.compile(r"^[ \t>]*(?P<marks>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)$")
_INCLUDE = re.compile(r"""^[ \t]*-+8<-+(?:[ \t]+(["'])(?P<file>.+)\1)?[ \t]*$""")
_COMMENT = re.compile(r"^[ \t>]*<!--(?P<text>.*)-->[ \t]*$")
_SKIPPED = re.compile(r"[-\s]*(pytest\.mark\.|pytest-codeblocks:\s*(skip|expect-e|importorskip))")


@dataclass(frozen=True)
class Include:
    """A line of a page that stands for a file of snippets/."""

    line: int
    file: str  # "" where the line names none

    @property
    def path(self) -> Path:
        """The file it stands for."""
        return SNIPPETS / self.file


@dataclass(frozen=True)
class Fence:
    """A fenced block of a page; `start` and `end` are the lines of its marks."""

    start: int
    end: int
    info: str
    lines: list[str]
    comments: list[str]  # those directly above it

    @property
    def is_python(self) -> bool:
        """Whether its language is Python, however that is written."""
        words = re.findall(r"[\w+-]+", self.info.lower())
        return bool(words) and words[0] in PYTHON

    @property
    def not_run(self) -> str | None:
        """The reason a comment gives for not running it; none if there is no such comment."""
        for comment in self.comments:
            key, _, reason = comment.partition(":")
            if key.strip() == "not run":
                return reason.strip()
        return None

    @property
    def is_skipped(self) -> bool:
        """Whether a comment makes pytest-codeblocks pass over it, or expect it to fail."""
        return any(_SKIPPED.match(comment) for comment in self.comments)

    @cached_property
    def includes(self) -> list[Include]:
        """The includes among its lines."""
        return _includes(self.lines, self.start + 1)


@dataclass(frozen=True)
class Block:
    """What a snippet prints, included on a page, alone or right after the snippet's code."""

    snippet: Path
    line: int
    follows_code: bool

    @property
    def output(self) -> Path:
        """The file of the documented output."""
        return self.snippet.with_suffix(".out")


@dataclass(frozen=True)
class Page:
    """A page: its fences, the outputs on it, and what is wrong with either."""

    path: Path
    fences: list[Fence]
    blocks: list[Block]
    faults: list[Fault]


def read_text(path: Path) -> str:
    """Read a file of the project; raise FaultError, with the line, if it is not UTF-8."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"byte {content[error.start]:#04x} is not UTF-8; save the file as UTF-8"
        raise FaultError(Fault(path, line, message)) from None


def read_page(path: Path) -> Page:
    """Read a page; raise FaultError if it is not UTF-8 or a fence is never closed."""
    lines = read_text(path).splitlines()
    fences, outside = _split(path, lines)
    faults = [fault for include in outside for fault in _include_faults(path, include)]
    for fence in fences:
        faults += _fence_faults(path, fence)
    blocks, unpaired = _pair(path, lines, fences)
    return Page(path, fences, blocks, faults + unpaired)


def _split(path: Path, lines: list[str]) -> tuple[list[Fence], list[Include]]:
    """Find the fences of a page, and the includes that stand in none."""
    fences: list[Fence] = []
    outside: list[Include] = []
    comments: list[str] = []
    opening: re.Match[str] | None = None
    start = 0
    for number, line in enumerate(lines, 1):
        if opening:
            if line.strip(" \t>").startswith(opening["marks"]) and not line.strip(" \t>`~"):
                content = lines[start : number - 1]
                fences.append(Fence(start, number, opening["info"].strip(), content, comments))
                opening, comments = None, []
        elif opening := _FENCE.match(line):
            start = number
        elif comment := _COMMENT.match(line):
            comments.append(comment["text"])
        else:
            comments = []
            outside += _includes([line], number)
    if opening:
        message = f"this fence is never closed; add a line with {opening['marks']} after its code"
        raise FaultError(Fault(path, start, message))
    return fences, outside


def _includes(lines: list[str], first: int) -> list[Include]:
    matches = ((number, _INCLUDE.match(line)) for number, line in enumerate(lines, first))
    return [Include(number, match["file"] or "") for number, match in matches if match]


def _include_faults(path: Path, include: Include) -> list[Fault]:
    """Say what is wrong if an include does not stand for one whole file."""
    if include.path.is_file():
        return []
    if not include.file:
        message = 'an include names its file on its own line: --8<-- "lesson/idea.py"'
    elif include.path.suffix == ".out" and include.path.with_suffix(".py").is_file():
        name = snippet_name(include.path)
        message = f"{include.file} is not recorded; record it with: python -m proof record {name}"
    else:
        files = sorted(SNIPPETS.rglob(f"*{include.path.suffix}"))
        names = ", ".join(file.relative_to(SNIPPETS).as_posix() for file in files) or "(none)"
        message = f"snippets/ has no file {include.file}; an include names a whole file of: {names}"
    return [Fault(path, include.line, message)]


def _fence_faults(path: Path, fence: Fence) -> list[Fault]:
    """Say what keeps a fence from being run as it stands, or from being what it includes."""
    if fence.includes:
        if len([line for line in fence.lines if line.strip()]) > 1:
            message = "a fence with an include holds nothing else; the file is what is run"
            return [Fault(path, fence.start, message)]
        include = fence.includes[0]
        if unresolved := _include_faults(path, include):
            return unresolved
        if fence.is_python != (include.path.suffix == ".py"):
            message = f"a fence of {fence.info or 'no language'} includes {include.file}; "
            message += "put a .py file in a python fence, and other files in another"
            return [Fault(path, fence.start, message)]
        return []
    message = ""
    if fence.not_run == "":
        message = "not run, but no reason given; write <!-- not run: reason -->"
    elif fence.not_run is None and fence.is_skipped:
        message = "the tests pass over this fence; say why with <!-- not run: reason --> above it"
    elif fence.not_run is None and fence.is_python and fence.info != "python":
        message = f"the tests pass over a fence of {fence.info!r} in silence; include a snippet, "
        message += "write a plain ```python, or say why with <!-- not run: reason --> above it"
    return [Fault(path, fence.start, message)] if message else []


def _pair(path: Path, lines: list[str], fences: list[Fence]) -> tuple[list[Block], list[Fault]]:
    """Find the outputs on a page, and the snippets that no output follows."""
    blocks: list[Block] = []
    faults: list[Fault] = []
    code_before = None  # the snippet whose output must be next
    for fence, after in zip_longest(fences, fences[1:]):
        sound = fence.includes and not _fence_faults(path, fence)
        include = fence.includes[0] if sound else None
        if include and include.path.suffix == ".out":
            snippet = include.path.with_suffix(".py")
            if snippet.is_file():
                blocks.append(Block(snippet, include.line, snippet == code_before))
            else:
                message = f"there is no {relative(snippet)} to print this; include another output"
                faults.append(Fault(path, include.line, message))
        code_before = None
        if include and include.path.suffix == ".py":
            output = include.path.with_suffix(".out")
            adjoins = after and not "".join(lines[fence.end : after.start - 1]).strip()
            if adjoins and [output] == [included.path for included in after.includes]:
                code_before = include.path
            else:
                file = output.relative_to(SNIPPETS).as_posix()
                message = f'no output follows this snippet; add a text fence with --8<-- "{file}"'
                faults.append(Fault(path, include.line, message))
    return blocks, faults
