"""What of a page's code could go unrun is found, at its line."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from tests.conftest import make_project

PAIR = """
```python
--8<-- "lesson/idea.py"
```

```text
--8<-- "lesson/idea.out"
```
"""

WRONG = {
    "title-and-no-include": (
        'Text\n```python title="a.py"\nprint(1)\n```\n',
        "2: the tests pass over a fence of 'python title=\"a.py\"' in silence",
    ),
    "attributes-and-no-include": ("``` {.python #a}\n1\n```\n", "1: the tests pass over a fence"),
    "another-name-of-python": ("```py\n1\n```\n", "1: the tests pass over a fence of 'py'"),
    "a-session": ("~~~pycon\n>>> 1\n~~~\n", "1: the tests pass over a fence of 'pycon'"),
    "in-an-admonition": (
        '!!! note\n    Text.\n\n    ```python title="a.py"\n    1\n    ```\n',
        "4: the tests pass over a fence",
    ),
    "not-run-without-a-reason": (
        "<!-- not run: -->\n```python\n1\n```\n",
        "2: not run, but no reason given",
    ),
    "skipped-without-a-reason": (
        "<!--pytest.mark.skip-->\n```sh\nls\n```\n",
        "2: the tests pass over this fence; say why",
    ),
    "skipped-in-the-old-way": (
        "<!--pytest-codeblocks:skip-->\n```python\n1\n```\n",
        "2: the tests pass over this fence; say why",
    ),
    "unknown-snippet": (
        '```python\n--8<-- "lesson/thought.py"\n```\n',
        "2: snippets/ has no file lesson/thought.py; "
        "an include names a whole file of: lesson/idea.py, lesson/other.py, lesson/unrecorded.py",
    ),
    "part-of-a-snippet": (
        '```python\n--8<-- "lesson/idea.py:1:2"\n```\n',
        "2: snippets/ has no file lesson/idea.py:1:2",
    ),
    "unknown-file-outside-a-fence": ('--8<-- "lesson/notes.md"\n', "1: snippets/ has no file"),
    "include-without-a-file": (
        "```python\n--8<--\nlesson/idea.py\n--8<--\n```\n",
        "1: a fence with an include holds nothing else",
    ),
    "include-and-more": (
        '```python\nimport os\n--8<-- "lesson/idea.py"\n```\n',
        "1: a fence with an include holds nothing else",
    ),
    "snippet-in-a-text-fence": (
        '```text\n--8<-- "lesson/idea.py"\n```\n',
        "1: a fence of text includes lesson/idea.py",
    ),
    "output-in-a-python-fence": (
        '```python\n--8<-- "lesson/idea.out"\n```\n',
        "1: a fence of python includes lesson/idea.out",
    ),
    "no-output": (
        '```python\n--8<-- "lesson/idea.py"\n```\n',
        '2: no output follows this snippet; add a text fence with --8<-- "lesson/idea.out"',
    ),
    "output-after-text": (PAIR.replace("\n\n", "\n\nIt prints\n\n"), "2: no output follows"),
    "another-output": (
        PAIR.replace("idea.out", "other.out"),
        "2: no output follows this snippet",
    ),
    "output-not-recorded": (
        PAIR.replace("idea", "unrecorded"),
        "6: lesson/unrecorded.out is not recorded; "
        "record it with: python -m proof record lesson/unrecorded",
    ),
    "output-of-no-snippet": (
        '```text\n--8<-- "lesson/orphan.out"\n```\n',
        "2: there is no snippets/lesson/orphan.py to print this",
    ),
    "never-closed": ("Text\n\n```python\nprint(1)\n", "3: this fence is never closed"),
    "closed-by-too-little": ("````text\n```\n", "1: this fence is never closed"),
}
RIGHT = {
    "pair": PAIR,
    "pair-with-a-title": PAIR.replace("```python", '```python title="idea.py" linenums="1"'),
    "pair-in-an-admonition": "!!! note\n\n" + PAIR.replace("\n", "\n    "),
    "output-alone": '```text\n--8<-- "lesson/idea.out"\n```\n',
    "plain-fence": "```python\nprint(1)\n```\n",
    "not-run": "<!-- not run: it never ends -->\n```python title='a'\n1\n```\n",
    "skipped": "<!-- not run: slow -->\n<!--pytest.mark.skip-->\n```sh\nls\n```\n",
    "fence-in-a-fence": '````markdown\n```python title="a"\n```\n````\n',
    "escaped-include": '```text\n;--8<-- "lesson/thought.py"\n```\n',
    "another-language": "```js\nlet a;\n```\n",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    """Check all of these pages at once; give the faults of each."""
    project = make_project(tmp_path_factory.mktemp("pages"))
    for name, text in {**{key: text for key, (text, _) in WRONG.items()}, **RIGHT}.items():
        project.write(f"docs/{name}.md", text)
    for name in ("idea", "other"):
        project.write(f"snippets/lesson/{name}.py", "print(1)\n")
        project.write(f"snippets/lesson/{name}.out", "1\n")
    project.write("snippets/lesson/unrecorded.py", "print(1)\n")
    project.write("snippets/lesson/orphan.out", "1\n")
    faults: dict[str, list[str]] = {name: [] for name in [*WRONG, *RIGHT]}
    lines = project.proof("check", code=1).stdout.splitlines()
    for line in lines[:-1]:
        page, text = re.fullmatch(r"docs/(.*)\.md:(.*)", line).groups()
        faults[page].append(text)
    assert lines[-1].endswith(f" passed, {len(lines) - 1} failed")
    return faults


@pytest.mark.parametrize("name", WRONG)
def test_a_fault_is_told_at_its_line(found: Mapping[str, list[str]], name: str) -> None:
    (fault,) = found[name]
    assert fault.startswith(WRONG[name][1])


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_not_told(found: Mapping[str, list[str]], name: str) -> None:
    assert found[name] == []
