"""The headers for hosts: each host's file says the same, of files that are there."""

from __future__ import annotations

import re
from pathlib import Path

from proof.site.headers import CHANGING, HEADERS, LASTING
from proof.site.python import MANIFEST


def netlify(text: str) -> dict[str, dict[str, str]]:
    """Give the headers of each path, as Netlify and Cloudflare Pages read them."""
    rules: dict[str, dict[str, str]] = {}
    path = ""
    for line in text.splitlines():
        if line.startswith("/"):
            path = line
            rules[path] = {}
        else:
            name, value = line.strip().split(": ", 1)
            rules[path][name] = value
    return rules


def test_every_file_has_the_headers_and_pythons_are_kept(built_site: Path) -> None:
    rules = netlify((built_site / "_headers").read_text("utf-8"))
    assert rules.pop("/*") == {header.name: header.value for header in HEADERS}
    python = {path for path in (built_site / MANIFEST).parent.rglob("*") if path.is_file()}
    kept = {built_site / path.removeprefix("/") for path in rules}
    assert kept == python - {built_site / MANIFEST}
    assert all(rule == {"Cache-Control": LASTING} for rule in rules.values())


def test_the_three_files_say_the_same(built_site: Path) -> None:
    rules = netlify((built_site / "_headers").read_text("utf-8"))
    said = {**rules.pop("/*"), "Cache-Control": CHANGING}
    apache = (built_site / ".htaccess").read_text("utf-8")
    always = re.findall(r'^  Header (?:always )?set (\S+) "(.*)"$', apache, re.MULTILINE)
    assert dict(always) == said
    [names] = re.findall(r'<FilesMatch "(.*)">\n    Header set Cache-Control "(.*)"', apache)
    assert names[1] == LASTING
    assert all(re.fullmatch(names[0].strip("^$"), path.rpartition("/")[2]) for path in rules)
    assert not re.search(names[0], "index.html")

    nginx = (built_site / "nginx-headers.conf").read_text("utf-8")
    headers = dict(re.findall(r'^add_header (\S+) "(.*?)"', nginx, re.MULTILINE))
    assert headers.pop("Cache-Control") == "$cache"
    assert {**headers, "Cache-Control": CHANGING} == said
    [(pattern, value)] = re.findall(r'if \(\$uri ~ "(.*)"\) \{ set \$cache "(.*)"; \}', nginx)
    assert value == LASTING
    assert all(re.search(pattern, path) for path in rules)
    assert not re.search(pattern, "/index.html")
