"""One style sheet for all pages: the theme's, without what nothing asks for or what is slow; ours.

A rule stays where each class, id, element and attribute's value that its selector names occurs in
a page's markup or anywhere in a script, so what scripts add keeps its styles. A custom property
stays where something that stays reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import tinycss2
from tinycss2.ast import AtRule, Declaration, Node, QualifiedRule

THEMES = ("assets/stylesheets/main.*.css", "assets/stylesheets/palette.*.css")
OURS = ("assets/figures.css", "assets/stylesheets/site.css")  # as mkdocs.yml names them
JOINED = "assets/stylesheets/all.css"
BEFORE_OURS = "/*! From Scratch */"
AROUND_RULES = ("media", "supports")

# What makes a browser style a whole page anew, and what stands there instead.
COSTLY = (
    # Whatever gets a class may have been such a table, for all a browser knows.
    (re.compile(re.escape("table:not([class])")), "table.plain"),
    # It matters once a reader changes the colours, and page.js adds it then.
    (re.compile(r"\[data-md-color-switching\] \*[^{}]*\{[^{}]*\}"), ""),
)

_TOGETHER = "|".join(re.escape(name).replace(r"\*", r"\w+\.min") for name in (*THEMES, *OURS))
# Their links, and the one that stands there instead.
LINK = (
    re.compile(rf'(?:<link rel="stylesheet" href="([^"]*)(?:{_TOGETHER})">\s*)+'),
    rf'<link rel="stylesheet" href="\1{JOINED}">',
)
_TAG = re.compile(r"<[a-zA-Z][^>]*>")
_WORD = re.compile(r"[\w-]+")
_PROPERTY = re.compile(r"--[\w-]+")
[_COMMA] = tinycss2.parse_component_value_list(",")


def trim_styles(site: Path) -> None:
    """Rewrite the theme's style sheets of a complete site."""
    themes = _themes(site)
    pages = (page.read_text("utf-8") for page in site.rglob("*.html"))
    scripts = [script.read_text("utf-8") for script in site.rglob("*.js")]
    tags = (tag for page in pages for tag in _TAG.findall(page))
    words = {word for text in (*tags, *scripts) for word in _WORD.findall(text)}
    trimmed = {}
    for sheet in themes:
        css = sheet.read_text("utf-8")
        for costly, instead in COSTLY:
            css = costly.sub(instead, css)
        rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
        trimmed[sheet] = list(_matching(rules, words))

    ours = (sheet.read_text("utf-8") for sheet in site.rglob("*.css") if sheet not in themes)
    read = {name for text in (*ours, *scripts) for name in _PROPERTY.findall(text)}
    readers = [one for rules in trimmed.values() for one in _declarations(rules)]
    while True:
        found = {
            name
            for one in readers
            if not one.name.startswith("--") or one.name in read
            for name in _PROPERTY.findall(tinycss2.serialize(one.value))
        }
        if found <= read:
            break
        read |= found
    for sheet, rules in trimmed.items():
        sheet.write_text(tinycss2.serialize(list(_read(rules, read))), "utf-8")


def join_styles(site: Path) -> None:
    """Make one of the sheets that each page needs before it shows; `LINK` has pages ask for it."""
    themes, ours = _themes(site), [site / name for name in OURS]
    texts = [sheet.read_text("utf-8") for sheet in (*themes, *ours)]
    texts.insert(len(themes), BEFORE_OURS)
    (site / JOINED).write_text("\n".join(texts), "utf-8")
    for sheet in (*themes, *ours):
        sheet.unlink()


def lacks_styles(pages: Path, site: Path, untrimmed: Path) -> bool:
    """Say whether pages that replace those of a site may need rules that were taken out of it."""
    before = {
        word for sheet in _themes(untrimmed) for word in _WORD.findall(sheet.read_text("utf-8"))
    }
    kept, _, _ = (site / JOINED).read_text("utf-8").partition(BEFORE_OURS)
    lost = before.difference(_WORD.findall(kept))
    new = (
        word
        for page in pages.rglob("*.html")
        for word in _tag_words(page) - _tag_words(site / page.relative_to(pages))
    )
    return not lost.isdisjoint(new)


def _themes(site: Path) -> list[Path]:
    return [sheet for pattern in THEMES for sheet in sorted(site.glob(pattern))]


def _tag_words(page: Path) -> set[str]:
    tags = _TAG.findall(page.read_text("utf-8"))
    return {word for tag in tags for word in _WORD.findall(tag)}


def _matching(rules: list[Node], words: set[str]) -> Iterator[Node]:
    """Give the rules that can match, with the selectors that can and parsed declarations."""
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            selectors = [one for one in _selectors(rule.prelude) if _named(one) <= words]
            if selectors:
                rule.prelude = [token for one in selectors for token in (_COMMA, *one)][1:]
                rule.content = tinycss2.parse_blocks_contents(rule.content, skip_whitespace=True)
                yield rule
        elif isinstance(rule, AtRule) and rule.lower_at_keyword in AROUND_RULES:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            rule.content = list(_matching(inner, words))
            if rule.content:
                yield rule
        else:
            yield rule


def _selectors(prelude: list[Node]) -> list[list[Node]]:
    selectors: list[list[Node]] = [[]]
    for token in prelude:
        if token == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def _named(selector: list[Node]) -> set[str]:
    """Give the classes, ids, elements and values that a selector demands; not those in `:is()`."""
    named = set()
    before: Node | str = ""
    for token in selector:
        if token.type == "hash" or (token.type == "ident" and before != ":"):
            named.add(token.value)
        elif token.type == "[] block" and any(inner == "=" for inner in token.content):
            named.add(str(token.content[-1].value))
        before = token
    return named


def _declarations(rules: list[Node]) -> Iterator[Declaration]:
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            yield from (one for one in rule.content if isinstance(one, Declaration))
        elif isinstance(rule, AtRule) and rule.lower_at_keyword in AROUND_RULES:
            yield from _declarations(rule.content)


def _read(rules: list[Node], read: set[str]) -> Iterator[Node]:
    """Give the rules without the custom properties that nothing reads."""
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            rule.content = [
                one
                for one in rule.content
                if not isinstance(one, Declaration)
                or not one.name.startswith("--")
                or one.name in read
            ]
        elif isinstance(rule, AtRule) and rule.lower_at_keyword in AROUND_RULES:
            rule.content = list(_read(rule.content, read))
        if rule.content or not isinstance(rule, QualifiedRule):
            yield rule
