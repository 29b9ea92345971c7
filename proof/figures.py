"""Checks figures: each drawing is what its script and values would draw, and is on a page.

A script figures/<lesson>/<name>.py has a function `draw` whose parameters are snippets of the
lesson, or JSON files that a lab keeps; what it draws is <name>.svg beside it. The drawing's root
carries a stamp of all that went into it, so that a check draws nothing and needs no drawing
library.

figures/<lesson>/share_picture.py draws what a link to the lesson shows elsewhere, as a PNG on which
the title is written; figures/site/ has the one for all other pages.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from proof.execution import Run
from proof.faults import Fault, FaultError
from proof.pages import Page, read_text
from proof.png import texts, without_texts
from proof.project import DOCS, FIGURES, LABS, ROOT, SNIPPETS, relative, snippet_name
from proof.runs import Runs

if TYPE_CHECKING:
    from proof.check import Outcome, Subject

SHARE_PICTURE = "share_picture"
SIGNIFICANT_DIGITS = 12  # machines may differ in the last few of a float

_STAMP = re.compile(r' data-(style|script|values|drawing)="([^"]*)"')
_FIGURE = re.compile(r"^/{3,}[ \t]*figure[ \t]*\|[ \t]*(?P<name>\S+)[ \t]*$")
_TITLE = re.compile(r"^[ \t]+title:[ \t]*(?P<title>\S?)")


class Words(NamedTuple):
    """What a share picture says."""

    title: str
    site: str
    claim: str


@dataclass(frozen=True)
class Script:
    """A figure's script, figures/<lesson>/<name>.py."""

    path: Path

    @property
    def is_share_picture(self) -> bool:
        """Whether it draws what a link to its page shows elsewhere."""
        return self.path.stem == SHARE_PICTURE

    @property
    def drawing(self) -> Path:
        """The file that holds what it draws."""
        return self.path.with_suffix(".png" if self.is_share_picture else ".svg")

    @property
    def words(self) -> Words:
        """What is written on a share picture: the page's title, or the site's name alone."""
        about = read_text(ROOT / "mkdocs.yml")
        page = DOCS / self.path.parent.name.replace("_", "-") / "index.md"
        title = _entry("title", read_text(page)) if page.is_file() else ""
        return Words(title, _entry("site_name", about), _entry("site_description", about))

    @cached_property
    def source(self) -> str:
        """Its text; raises FaultError if that is not UTF-8."""
        return read_text(self.path)

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree; raises FaultError if it has none."""
        try:
            return ast.parse(self.source)
        except SyntaxError as error:
            raise FaultError(Fault(self.path, error.lineno or 1, f"{error.msg}")) from None

    @property
    def sources(self) -> list[Path]:
        """What it draws from: snippets, and files kept by labs.

        Raises FaultError for a parameter that is neither.
        """
        draws = [
            node
            for node in self.tree.body
            if isinstance(node, ast.FunctionDef) and node.name == "draw"
        ]
        if not draws:
            message = "no function draw; its parameters name the snippets to draw from"
            raise FaultError(Fault(self.path, 1, message))
        folder = SNIPPETS / self.path.parent.name
        paths = []
        for name in (argument.arg for argument in draws[0].args.args):
            kept = LABS / f"{name}.json"
            path = kept if kept.is_file() else folder / f"{name}.py"
            if not path.is_file():
                names = ", ".join(sorted(found.stem for found in folder.glob("*.py"))) or "(none)"
                message = f"draw takes {path.stem}, which is no snippet of this lesson: {names}"
                raise FaultError(Fault(self.path, draws[0].lineno, message))
            paths.append(path)
        return paths

    @property
    def snippets(self) -> list[Path]:
        """The snippets it draws from; raises FaultError for a parameter that is none."""
        return [path for path in self.sources if path.suffix == ".py"]

    def values(self, runs: Mapping[str, Run]) -> list[Mapping[str, Any]]:
        """Give what each source holds, by name; KeyError for a Run that is missing."""
        return [
            runs[snippet_name(path)].values if path.suffix == ".py" else json.loads(read_text(path))
            for path in self.sources
        ]


@dataclass(frozen=True)
class Block:
    """A `/// figure` block of a page, from `line` on, with the parts that it has."""

    script: Script
    line: int
    parts: set[str]


def scripts() -> list[Script]:
    """Every figure's script, sorted."""
    paths = sorted(FIGURES.glob("*/*.py"))
    return [Script(path) for path in paths if path.name != "__init__.py"]


def stamp(script: Script, runs: Mapping[str, Run], drawing: bytes) -> dict[str, str]:
    """Give what went into a drawing, by name, as digests; `drawing` may be stamped or not.

    Raises FaultError for a script that cannot draw, and KeyError for a Run that is missing.
    """
    style = [path for path in sorted(FIGURES.glob("*.py")) if not path.stem.startswith("__")]
    values = [
        fingerprint(runs[snippet_name(path)]) if path.suffix == ".py" else read_text(path)
        for path in script.sources
    ]
    bare = without_texts(drawing).hex() if script.is_share_picture else _unstamped(drawing)
    return {
        "style": _digest(*map(read_text, style)),
        "script": _digest(script.source),
        "values": " ".join(map(_digest, values)),
        "drawing": _digest(bare),
    } | ({"words": _digest(*script.words)} if script.is_share_picture else {})


def _unstamped(svg: bytes) -> str:
    return _STAMP.sub("", svg.decode(errors="replace"))


def stamped(svg: str, stamps: Mapping[str, str]) -> str:
    """Write the stamps into an SVG's root."""
    attributes = "".join(f' data-{name}="{value}"' for name, value in stamps.items())
    return svg.replace("<svg", f"<svg{attributes}", 1)


def _entry(name: str, source: str) -> str:
    """Give an entry of one line of front matter or mkdocs.yml."""
    found = re.search(rf"^{name}: *(.*)$", source, re.MULTILINE)
    return found[1].strip("'\"") if found else ""


def fingerprint(run: Run) -> str:
    """Write down what a snippet left, the same on every machine: values, and functions' source."""
    source = read_text(run.snippet)
    definitions = {
        node.name: ast.get_source_segment(source, node)
        for node in ast.parse(source).body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
    }
    lines = (
        f"{name} = {definitions.get(name) or _canonical(value)}"
        for name, value in sorted(run.values.items())
    )
    return "\n".join(lines)


def _canonical(value: Any) -> str:
    if hasattr(value, "tolist"):
        return f"{type(value).__name__}({_canonical(value.tolist())})"
    if isinstance(value, float):
        return f"{value:.{SIGNIFICANT_DIGITS}g}"
    if isinstance(value, (list, tuple)):
        return f"{type(value).__name__}({', '.join(map(_canonical, value))})"
    if isinstance(value, dict):
        pairs = (f"{_canonical(key)}: {_canonical(entry)}" for key, entry in value.items())
        return f"dict({', '.join(pairs)})"
    if isinstance(value, (set, frozenset)):
        return f"set({', '.join(sorted(map(_canonical, value)))})"
    if value is None or isinstance(value, (bool, int, complex, str, bytes)):
        return repr(value)
    # Modules, imported functions and the like: a repr may hold an address.
    return str(getattr(value, "__qualname__", getattr(value, "__name__", type(value).__name__)))


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def check_figures(subject: Subject) -> Outcome:
    """Check the figures of the pages; over the whole project, also that none is left over.

    Drawings show what the snippets leave on the CPU, so other devices have none to check.
    """
    if subject.device != "cpu":
        return 0, []
    faults: list[Fault] = []
    blocks: list[Block] = []
    shown: set[Script] = set()
    for page in subject.pages:
        if page.path.is_relative_to(DOCS):
            for block in _blocks(page):
                faults += _block_faults(page, block)
                blocks.append(block)
            picture = Script(_folder(page) / f"{SHARE_PICTURE}.py")
            shown.update([picture] if picture.path.is_file() else [])
    passed = len(blocks) - len(faults)
    shown.update(block.script for block in blocks if block.script.path.is_file())
    if subject.whole:
        faults += _leftovers(shown)
        shown.update(scripts())
    for script in sorted(shown, key=lambda script: script.path):
        try:
            found = [*_typed_digits(script), *_drawing_faults(script, subject.runs)]
        except FaultError as error:
            found = [error.fault]
        faults += found
        passed += not found
    return passed, faults


def figure_names(page: Page) -> list[str]:
    """Give the names of the figures on a page."""
    return [block.script.path.stem for block in _blocks(page)]


def _blocks(page: Page) -> Iterator[Block]:
    """Find the figure blocks of a page that stand in no fence."""
    lines = read_text(page.path).splitlines()
    for fence in page.fences:
        lines[fence.start - 1 : fence.end] = [""] * (fence.end - fence.start + 1)
    folder = _folder(page)
    for start, line in enumerate(lines):
        if match := _FIGURE.match(line):
            script = Script(folder / f"{match['name']}.py")
            yield Block(script, start + 1, _parts(lines[start + 1 :]))


def _folder(page: Page) -> Path:
    """Give the folder of a page's figures, which need not exist."""
    return FIGURES / page.path.relative_to(DOCS).parent.as_posix().replace("-", "_")


def _parts(lines: list[str]) -> set[str]:
    """Say which of title, caption and description a figure block has, from its second line on."""
    parts: set[str] = set()
    part = "caption"
    for line in lines:
        if line.rstrip() == "///":
            break
        if line.startswith("////"):
            part = "description" if line.strip("/ \t") == "description" else "caption"
        elif match := _TITLE.match(line):
            parts.update({"title"} if match["title"] else ())
        elif line.strip():
            parts.add(part)
    return parts


def _block_faults(page: Page, block: Block) -> list[Fault]:
    name, folder = block.script.path.stem, block.script.path.parent
    if not block.script.path.is_file():
        names = ", ".join(script.path.stem for script in scripts() if script.path.parent == folder)
        message = (
            f"{relative(folder)} has no figure {name}; the figures there are: {names or '(none)'}"
        )
        return [Fault(page.path, block.line, message)]
    missing = [part for part in ("title", "caption", "description") if part not in block.parts]
    if not missing:
        return []
    message = f"the figure {name} has no {', no '.join(missing)}; write each in its block"
    return [Fault(page.path, block.line, message)]


def _leftovers(shown: set[Script]) -> Iterator[Fault]:
    """Say which scripts no page shows, and which drawings no script draws."""
    for script in scripts():
        if script not in shown and not script.is_share_picture:
            page = f"docs/{script.path.parent.name.replace('_', '-')}/index.md"
            message = f"no page shows this figure; add /// figure | {script.path.stem} to {page}"
            yield Fault(script.path, 1, message)
    for path in sorted([*FIGURES.glob("*/*.svg"), *FIGURES.glob("*/*.png")]):
        script_path = path.with_suffix(".py")
        if not script_path.is_file():
            message = f"no {script_path.name} draws this; delete it, or restore the script"
            yield Fault(path, 1, message)


def _typed_digits(script: Script) -> Iterator[Fault]:
    """Find digits in a script's strings: what a figure says comes from values."""
    documented = (ast.Module, ast.FunctionDef, ast.ClassDef)
    docstrings = {
        node.body[0].value
        for node in ast.walk(script.tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(script.tree):
        if isinstance(node, ast.Constant) and node not in docstrings:
            text = node.value
            if isinstance(text, str) and any(character.isdigit() for character in text):
                message = f"the string {text!r} holds a digit; take the number from a value"
                yield Fault(script.path, node.lineno, message)


def _drawing_faults(script: Script, runs: Mapping[str, Run]) -> Iterator[Fault]:
    """Say what has changed since a figure was drawn."""
    redraw = f"redraw it: nox -s figures -- {script.path.stem}"
    needed = {snippet_name(path): path for path in script.snippets}
    # A page may show a figure of a snippet that only another page of its lesson shows.
    runs = {name: runs.get(name) or Runs([path])[name] for name, path in needed.items()}
    if not script.drawing.is_file():
        yield Fault(script.path, 1, f"{script.drawing.name} is not drawn; {redraw}")
        return
    for name, run in runs.items():
        if run.error:
            message = f"not compared, since {name} stopped with {run.error}; mend the snippet"
            yield Fault(script.drawing, 1, message)
            return
    drawing = script.drawing.read_bytes()
    if script.is_share_picture:
        found = texts(drawing)
    else:
        found = dict(_STAMP.findall(drawing.decode(errors="replace")))
    now = stamp(script, runs, drawing)
    changed = {name for name, value in now.items() if found.get(name) != value}
    if not changed:
        return
    names = [
        snippet_name(path) if path.suffix == ".py" else relative(path) for path in script.sources
    ]
    drawn_from = zip_longest(names, now["values"].split(), found.get("values", "").split())
    others = [name for name, value, before in drawn_from if name and value != before]
    reasons = {
        "drawing": f"{script.drawing.name} was edited",
        "script": f"{script.path.name} has changed",
        "style": f"a module of {relative(FIGURES)}/ has changed",
        "values": f"{' and '.join(others) or 'a snippet'} left other values",
        "words": "the title, or what mkdocs.yml says of the site, is another",
    }
    why = ", ".join(reason for name, reason in reasons.items() if name in changed)
    message = f"this drawing is not what its script would draw: {why}; {redraw}"
    yield Fault(script.drawing, 1, message)
