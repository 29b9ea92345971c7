"""Where the numbers of a page come from: a file beside each page, read when a reader asks.

`proofs.json` says, by the id of the heading above ("" before the first), by kind and by
expression, what was computed, and which lines of which snippets it was computed from; and of
those snippets, on which page they stand. What cannot be computed is left out, and reported.
"""

from __future__ import annotations

import json
import posixpath
import sys
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from proof.assignments import assigned
from proof.bindings import scope_of
from proof.expressions import ExpressionError, Scope
from proof.faults import Fault, FaultError
from proof.notation import Kind, Source
from proof.page_bindings import Left, lesson_of, named_snippets, source_of
from proof.project import SNIPPETS, page_folder, site_pages
from proof.records import Record, confirm, read_records
from proof.site.cache import kept
from proof.values import in_full, listed, shown

FILE = "proofs.json"

Proof = dict[str, Any]


def write_proofs(site: Path, left: Callable[[], Left]) -> None:
    """Write the file of each built page that has bindings; FaultError where the headings differ.

    `left` runs the snippets, and is called only where something is not kept from a build before.
    """
    records = read_records()
    sources = {path: source_of(path) for path in site_pages()}
    pages = {
        snippet: page_folder(path)
        for path, source in sources.items()
        for section in source.sections
        for snippet in section.snippets
    }
    for path, source in sources.items():
        folder = page_folder(path)
        if source.notations and (site / folder / "index.html").is_file():
            proofs = _kept(path, source, left)
            ids = _headings(site / folder / "index.html")
            if len(ids) != len(proofs):
                message = (
                    f"the built page has {len(ids) - 1} headings of the second level, and this "
                    f"source {len(proofs) - 1}; write each as a line that begins with ##"
                )
                raise FaultError(Fault(path, 1, message))
            used = {
                line["snippet"]
                for section in proofs
                for one in section
                for line in one["from"]
                if line["snippet"] in pages
            }
            content = {
                "sections": {
                    place: _by_kind(section) for place, section in zip(ids, proofs, strict=True)
                },
                "snippets": {
                    name: {
                        "page": _link(folder, pages[name]),
                        "confirmed": _confirmed(name, records),
                    }
                    for name in sorted(used)
                },
            }
            text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
            (site / folder / FILE).write_text(text + "\n", "utf-8")


def _link(folder: str, other: str) -> str:
    return "" if folder == other else posixpath.relpath(other, folder) + "/"


def _confirmed(snippet: str, records: list[Record]) -> list[Proof]:
    """Say what is known of a snippet on each device."""
    return [
        {
            "device": one.device,
            "status": one.status,
            "machine": one.machine,
            "versions": dict(one.versions),
            "date": one.date,
        }
        for one in confirm(snippet, records)
    ]


def _by_kind(section: list[Proof]) -> Proof:
    found: Proof = {}
    for one in section:
        entry = {key: part for key, part in one.items() if key not in ("kind", "code")}
        found.setdefault(one["kind"], {})[one["code"]] = entry
    return found


class _Headings(HTMLParser):
    """The ids of a page's headings of the second level, but for those in a part of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.parts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts += tag == "section"
        if tag == "h2" and not self.parts:
            self.ids.append(dict(attrs).get("id") or "")

    def handle_endtag(self, tag: str) -> None:
        self.parts -= tag == "section"


def _headings(page: Path) -> list[str]:
    headings = _Headings()
    headings.feed(page.read_text("utf-8"))
    return ["", *headings.ids]


def _kept(page: Path, source: Source, left: Callable[[], Left]) -> list[list[Proof]]:
    """Give a page's proofs, section by section; computed anew where they may be others."""

    def compute() -> tuple[list[list[Proof]], bool]:
        values = left()
        proofs: list[list[Proof]] = []
        whole = True
        for section in source.sections:
            scope = scope_of(source, section, values, lesson_of(page))
            proofs.append([])
            for one in source.within(section):
                try:
                    found = _PROOFS[one.kind](one.code, scope)
                except ExpressionError as trouble:
                    message = f"{one.braces} has no proof: {trouble}"
                    print(Fault(page, source.line(one.start), message), file=sys.stderr)
                    whole = False
                else:
                    proofs[-1].append({"kind": one.kind, "code": one.code, **found})
        return proofs, whole

    notations = [
        (one.kind, one.code, [numeral.text for numeral in source.bound_to(one)])
        for one in source.notations
    ]
    sections = [(section.snippets, len(source.within(section))) for section in source.sections]
    shown = {SNIPPETS / f"{name}.py" for section in source.sections for name in section.snippets}
    used = shown.union(named_snippets(page))
    proofs: list[list[Proof]] = kept("proofs", page, used, (notations, sections), compute)
    return proofs


def _value(code: str, scope: Scope) -> Proof:
    found = scope.evaluate(code)
    return {"value": in_full(found.value), **_source_lines(found.used, scope)}


def _claim(code: str, scope: Scope) -> Proof:
    found = scope.evaluate(code)
    parts = [(part, shown(listed(value))) for part, value in scope.parts(code)]
    return {
        "holds": bool(found.value),
        "parts": [[part, text] for part, text in parts if text not in ("True", "False")],
        **_source_lines(found.used, scope),
    }


def _given(code: str, scope: Scope) -> Proof:
    names = dict.fromkeys(name.strip() for name in code.split(","))
    return {"value": ", ".join(f"{name} = {scope.givens[name]}" for name in names), "from": []}


def _literal(code: str, scope: Scope) -> Proof:  # noqa: ARG001
    return {"from": []}


_PROOFS: dict[Kind, Callable[[str, Scope], Proof]] = {
    "value": _value,
    "claim": _claim,
    "given": _given,
    "literal": _literal,
}


def _source_lines(used: tuple[tuple[str, str], ...], scope: Scope) -> Proof:
    """Say where the values come from: lines of snippets, or givens of the text."""
    lines = [
        {"snippet": snippet, "name": name, "line": _assigned(snippet).get(name, 1)}
        for snippet, name in used
        if snippet
    ]
    givens = {name: scope.givens[name] for snippet, name in used if not snippet}
    return {"from": lines, **({"givens": givens} if givens else {})}


@cache
def _assigned(snippet: str) -> dict[str, int]:
    return assigned((SNIPPETS / f"{snippet}.py").read_bytes())
