from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from proof.faults import FaultError

CODE = 'import math\n\n\ndef area(r):\n    """Area\n    of a circle."""\n    return math.pi * r\n'
OUTPUT = "<area>:\n  3.14 & more\n"
PAIR = """\
```python
--8<-- "a_lesson/circle.py"
```

```text
--8<-- "a_lesson/circle.out"
```
"""


@pytest.fixture
def snippets(docs: Path) -> Path:
    folder = docs.parent / "snippets" / "a_lesson"
    folder.mkdir(parents=True)
    (folder / "circle.py").write_text(CODE, encoding="utf-8")
    (folder / "circle.out").write_text(OUTPUT, encoding="utf-8")
    return folder


def named(page: Element, identity: str) -> Element:
    [element] = [each for each in page.iter() if each.get("id") == identity]
    return element


@pytest.mark.usefixtures("snippets")
def test_a_pair_of_fences_is_one_block(render) -> None:
    page = render(f"Before.\n\n{PAIR}\nAfter.\n")
    block = named(page, "snippet-circle")
    assert [element.tag for element in page] == ["p", "div", "p"]
    assert block.get("data-snippet") == "a_lesson/circle"
    assert named(block, block.get("aria-labelledby")).text == "circle.py"
    assert "".join(block.find(".//code").itertext()) == CODE
    assert block.find(".//samp").text == OUTPUT
    output = block.find("div[@class='snippet-output']")
    assert named(output, output.get("aria-labelledby")).text == "Prints"


@pytest.mark.usefixtures("snippets")
def test_every_line_has_an_id(render) -> None:
    page = render(PAIR)
    assert "".join(named(page, "circle-4").itertext()) == "def area(r):\n"
    assert "".join(named(page, "circle-7").itertext()) == "    return math.pi * r\n"


@pytest.mark.usefixtures("snippets")
@pytest.mark.parametrize(("path", "up"), [("index.md", ""), ("lesson/index.md", "../")])
def test_the_source_is_linked_to_from_where_the_page_is(render, path: str, up: str) -> None:
    link = render(PAIR, path).find(".//a[@class='snippet-source']")
    assert link.get("href") == f"{up}snippets/a_lesson/circle.py"
    assert link.text in link.get("aria-label")


@pytest.mark.usefixtures("snippets")
def test_a_pair_may_stand_in_an_aside(render) -> None:
    indented = "".join(f"    {line}".rstrip() + "\n" for line in PAIR.splitlines())
    page = render(f'??? note "Aside"\n\n{indented}\n    Still inside.\n')
    [aside] = page.findall("details")
    assert "".join(named(aside, "snippet-circle").find(".//code").itertext()) == CODE
    assert aside[-1].text == "Still inside."


@pytest.mark.usefixtures("snippets")
@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        (PAIR.partition("\n\n")[0] + "\n\nText.\n", 2, "followed by no output"),
        (PAIR.replace("circle.out", "square.out"), 2, 'include "a_lesson/circle.out"'),
        (PAIR.replace("circle", "square"), 2, "the .py files are: a_lesson/circle.py"),
    ],
)
def test_half_a_pair_stops_the_build(render, source: str, line: int, message: str) -> None:
    with pytest.raises(FaultError, match=r"index\.md:") as error:
        render(source)
    assert message in str(error.value)
    assert error.value.fault.line == line


def test_a_missing_output_stops_the_build(render, snippets: Path) -> None:
    (snippets / "circle.out").unlink()
    with pytest.raises(FaultError, match=r"no snippets/a_lesson/circle.out"):
        render(PAIR)
