"""Every page through an HTML validator: html-validate, from npm."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from playwright._impl._driver import compute_driver_executable

from proof.site.editor import MODULES

# Its settings leave out what is taste: how a tag or the doctype is written, how an id begins. And
# a rule for forms that are sent: the search answers to each letter, the palette to each choice.
SETTINGS = Path(__file__).with_name("html-validate.json")
NODE, _ = compute_driver_executable()  # Playwright brings a Node.js, which is there in any case
VALIDATE = (NODE, str(MODULES / "html-validate/bin/html-validate.mjs"))


def faults(*files: Path) -> list[str]:
    """Give what is wrong in files: where, and what."""
    command = (*VALIDATE, "--config", str(SETTINGS), "--formatter", "json", *map(str, files))
    # Into a file: the program ends before a pipe has taken all that it tells.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as told:
        done = subprocess.run(command, stdout=told, stderr=subprocess.PIPE, text=True, check=False)
        told.seek(0)
        reports = told.read()
    assert reports, done.stderr
    return [
        f"{report['filePath']}:{found['line']}: {found['message']}"
        for report in json.loads(reports)
        for found in report["messages"]
    ]


def test_every_page_is_valid(built_site: Path) -> None:
    pages = sorted(built_site.rglob("*.html"))
    assert len(pages) > 5
    assert faults(*pages) == []


WRONG = {
    '<input type="checkbox" id="a" autocomplete="off">': "autocomplete attribute cannot be used on",
    '<table><tbody><tr><td align="right">1</td></tr></tbody></table>': '"align" is deprecated',
    '<p id="b"></p><p id="b"></p>': 'Duplicate ID "b"',
    "<figure><p>1</p><figcaption>2</figcaption><details><summary>3</summary></details></figure>": (
        "Element <details> must be used before <figcaption>"
    ),
    "<ul><p>one</p></ul>": "<p> element is not permitted as content under <ul>",
    '<p style="color: red">red</p>': "Inline style is not allowed",
    '<img src="a.png">': '<img> is missing required "alt" attribute',
}


def test_the_validator_sees_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    lines = ['<!doctype html><html lang="en"><title>A page</title><body>', *WRONG]
    lines.append(f"<p>{'a long page ' * 20_000}</p>")
    file.write_text("\n".join(lines), "utf-8")
    found = faults(file)
    for line, message in enumerate(WRONG.values(), 2):
        [told] = (fault for fault in found if fault.startswith(f"{file}:{line}: "))
        assert message in told
