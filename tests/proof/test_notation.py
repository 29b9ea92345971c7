import pytest

from proof.notation import Source, read


def numerals(source: Source) -> list[str]:
    return [numeral.text for numeral in source.numerals]


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("plain 1, **2**, _3_ and `4`", ["1", "2", "3", "4"]),
        ("# Heading 1 { #id-2 .c3 }\n\nUnder 4\n-----", ["1", "4"]),
        ("text 1\n```python\n2\n```\n~~~ 3\n4\n~~~~\n5", ["1", "5"]),
        ('    ```text title="2"\n    3\n    ```\n\n    4', ["4"]),
        ("````\n```\n1\n````\n2", ["2"]),
        ("> ```\n> 1\n> ```\n> 2", ["2"]),
        ("<!-- 1 -->\n2 <!-- 3\n4 --> 5\n\n<!-- 6\n\n7 -->\n\n8", ["2", "5", "8"]),
        ('[1](http://a.b/2) [3](<4 5> "title 6") <https://x.y/9>', ["1", "3", "6"]),
        ("[1][ref-2] [3][4]\n\n[Ref-2]: u", ["1", "3", "4"]),
        ("![alt 1](picture-2.png){ width=3 } https://a.b/4?c=5 6", ["1", "6"]),
        ('[ref-1]: https://a.b/2 "title 3"\n\n*[A4]: five 5', ["3", "5"]),
        ("text[^a1]\n\n[^a1]: note 2", ["2"]),
        ('<div id="a-1" title="2" style="3"><img alt="4" src="5">6</div>', ["2", "4", "6"]),
        ("a < 1 and b<2 > 3", ["1", "2", "3"]),
        ("| 1 | a |\n|--:|:--|\n| `2|3` | 4 |\n\n5", ["1", "2", "3", "4", "5"]),
        ('!!! note "Title 1"\n\n    Body 2', ["1", "2"]),
        ('??? note2 "Title 1"\n=== "Tab 3"\n???+ tip', ["1", "3"]),
        ("/// figure | name_1\n    title: A 2\n    size: 3\n\n4\n///", ["2", "4"]),
        ("/// details | Title 1\n    open: 2\n///\n\n//// description\n3\n////", ["1", "3"]),
        ("/// a | b\n    title: 1\n        and 2\n    other:\n        3\n///", ["1", "2"]),
        ("/// a | lesson/idea-\n///", []),
        ('-8<- not 1\n\n--8<-- "file_2.md"\n\n3', ["-8", "1", "3"]),
        ("- a 1\n* b 2\n+ c 3\n#. d 4\n: e 5", ["1", "2", "3", "4", "5"]),
        ("$y_{0,0} = -0.6$ and $a -1$, $5", ["0", "0", "-0.6", "1", "5"]),
        ("$$\nx_1 = 38{,}535\n$$\n2", ["1", "38{,}535", "2"]),
        ("    $$ x = 1 $$\n\n$$ 2\n\n3 $$", ["1", "2", "3"]),
        ("\\$1 and \\`2\\` \\[3\\] \\\\", ["1", "2", "3"]),
        ("2&nbsp;\u00d7&nbsp;3 :material-numeric-1-box: 10:30:45", ["2", "3", "10", "30", "45"]),
        ("---\ntitle: A\ndate: 2026-11-23\n---\n1", ["1"]),
        ("--- \n1\n", ["1"]),
        ("{reading-time} {1}", ["1"]),
        ("a\r\n```\r\n1\r\n```\r\n2\r\n", ["2"]),
        ("```\n1", []),
        ("", []),
    ],
)
def test_the_numerals_a_reader_reads_are_found_where_they_stand(
    page: str, found: list[str]
) -> None:
    source = read(page)
    assert numerals(source) == found
    assert [source.source[one.start : one.end] for one in source.numerals] == found


@pytest.mark.parametrize(
    ("page", "notations"),
    [
        ("[1]{=a}", [("value", "a", "1")]),
        ("[it is]{?a > 0}", [("claim", "a > 0", "it is")]),
        ("[1 and 2]{:= a,  b}", [("given", "a, b", "1 and 2")]),
        ("[1]{=literal: a year}", [("literal", "a year", "1")]),
        ("[1]{=literal}", [("literal", "", "1")]),
        ("[1]{=literals}", [("value", "literals", "1")]),
        ("`f(1)`{=a} ``a`1``{=b}", [("value", "a", "f(1)"), ("value", "b", "a`1")]),
        ("$N = 1$ $N = 2${=a}", [("value", "a", "N = 2")]),
        ("[1](u(2))\n[3](u){=a} ![4](u){=b}", [("value", "a", "3"), ("value", "b", "4")]),
        ("[1](u){ .c }{=a} [2][r]{=b}\n\n[R]: u", [("value", "a", "1"), ("value", "b", "2")]),
        ("[1][2]{=a}", [("value", "a", "2")]),
        ("[y[0, 1] = 2]{=a[0]}", [("value", "a[0]", "y[0, 1] = 2")]),
        ("[`]` 1]{=a}", [("value", "a", "`]` 1")]),
        ("[1\n2]{=a +\n  b}", [("value", "a + b", "1\n2")]),
        ("[a [1]{=b} c]{?d}", [("claim", "d", "a [1]{=b} c"), ("value", "b", "1")]),
        ("## A [1]{=a} { #id }\n", [("value", "a", "1")]),
        ("[1]{=a['x'] | b[\"y\"] < c}", [("value", "a['x'] | b[\"y\"] < c", "1")]),
        ("| a |\n|---|\n| [1]{=a | b} |", [("value", "a | b", "1")]),
        ("```\n[1]{=a}\n```\n`[1]{=a}` \\[1]{=b}", []),
    ],
)
def test_notation_in_a_line(page: str, notations: list[tuple[str, str, str]]) -> None:
    source = read(page)
    found = [(one.kind, one.code, page[one.start : one.end]) for one in source.notations]
    assert found == notations
    assert all(one.block == "" for one in source.notations)


@pytest.mark.parametrize(
    ("page", "block", "bound"),
    [
        ("a 1\nb 2\n{=x}", "paragraph", "a 1\nb 2"),
        ("- a 1\n  {=x}\n- b 2", "paragraph", "a 1"),
        ("- a 1\n\n    b 2\n    {=x}", "paragraph", "b 2"),
        ("> a 1\n> {=x}", "paragraph", "a 1"),
        ("[^k]: a 1\n{=x}", "paragraph", "a 1"),
        ("- a 1\n- b 2\n{=x}", "list", "- a 1\n- b 2"),
        ("text\n\n#. a 1\n\n#. b 2\n{=x}", "list", "#. a 1\n\n#. b 2"),
        ("- a\n    - b 1\n    - c 2\n    {=x}", "list", "- b 1\n    - c 2"),
        ("- a\n    - b 1\n{=x}", "list", "- a\n    - b 1"),
        ("- a\n\nb 1\n{=x}", "paragraph", "b 1"),
        ("| 1 |\n|---|\n| 2 |\n{=x}", "table", "| 1 |\n|---|\n| 2 |"),
        ("    | 1 |\n    |---|\n    {=x}", "table", "| 1 |\n    |---|"),
        ("$$\na = 1\n$$\n{=x}", "formula", "\na = 1\n"),
        ("<table><td>1</td></table>\n{=x}", "html", "<table><td>1</td></table>"),
        ("a 1\n{=x[\n 0]}\n", "paragraph", "a 1"),
        ("a 1\r\n{=x}\r\n", "paragraph", "a 1"),
    ],
)
def test_notation_below_a_block_binds_the_whole_block(page: str, block: str, bound: str) -> None:
    source = read(page)
    assert source.flaws == []
    (notation,) = source.notations
    assert (notation.block, source.source[notation.start : notation.end]) == (block, bound)
    inside = [one.text for one in source.bound_to(notation)]
    assert inside == [text for text in numerals(source) if text in bound]


def test_number_words_are_bound_in_a_line_only() -> None:
    source = read("[Two of 8 or one]{=a}\n\ntwo of 8\n{=a}\n\n[$2$ or two]{=b} `one`{=c}")
    found = [[one.text for one in source.bound_to(notation)] for notation in source.notations]
    assert found == [["Two", "8", "one"], ["8"], ["2", "two"], ["one"]]


@pytest.mark.parametrize(
    ("page", "line", "told"),
    [
        ("a\n1. b", 1, ""),
        ("a\n\n1. b", 3, "1. numbers an item by hand; write #."),
        ("- a\n2) b", 2, "2) numbers an item by hand"),
        ("a {=x}", 1, "these braces bind nothing: write [text]{=expression}"),
        ("[1] {=x}", 1, "these braces bind nothing"),
        ("a\n\n{=x}\n\nb", 3, "these braces bind nothing: a table"),
        ("## A 1\n{=x}", 2, "these braces bind nothing: a table"),
        ("```\n1\n```\n{=x}", 4, "these braces bind nothing: a table"),
        ("[1]{=x", 1, "these braces are not closed"),
        ("[1]{={1: 2}[1]}", 1, "these braces are not closed"),
        ("[1 [2]{=a}]{=b}", 1, "a value cannot stand inside a value"),
        ("[a [b]{?c}]{?d}", 1, "a claim cannot stand inside a claim"),
        ("[[1]{=x}]{=literal: y}", 1, "a value cannot stand inside a literal"),
        ("[[1 [2]{=x}]{=y}]{?z}", 1, "a value cannot stand inside a value"),
        ("| [1]{=x} |\n|---|\n{=y}", 1, "a value cannot stand inside a value"),
        ("3 m\u00b2", 1, "\u00b2 is no plain digit"),
        ("\n\u00bd", 2, "\u00bd is no plain digit"),
        ("&minus;1", 1, "&minus; hides a digit or a sign"),
        ("&#51;", 1, "&#51; hides a digit or a sign"),
        ("&frac12;", 1, "&frac12; hides a digit or a sign"),
        ("---\ntitle: The 3\n---\n", 2, "3 in the title cannot be bound"),
        ("---\ntitle: A\ndescription: >-\n  It has\n  4\n---\n", 5, "4 in the description"),
    ],
)
def test_what_is_not_as_it_must_be_is_told(page: str, line: int, told: str) -> None:
    source = read(page)
    if not told:
        assert source.flaws == []
    else:
        (flaw,) = source.flaws
        assert told in flaw.message
        assert source.line(flaw.start) == line


def test_sections_are_those_of_the_second_level_with_their_snippets() -> None:
    page = (
        '# T\n\n```python\n--8<-- "l/a.py"\n```\n\n```text\n--8<-- "l/a.out"\n```\n\n'
        '## One\n\n### Below\n\n!!! note\n\n    ```python\n    --8<-- "l/b.py"\n    ```\n\n'
        "```python\n--8<-- 'l/c.py'\n```\n\n    ## not one\n\n```\n## nor this\n```\n\n## Two\n"
    )
    source = read(page)
    assert [section.snippets for section in source.sections] == [["l/a"], ["l/b", "l/c"], []]
    starts = [section.start for section in source.sections]
    assert starts == [0, page.index("## One"), page.index("## Two")]
    assert [section.end for section in source.sections] == [*starts[1:], len(page)]


def test_a_renderer_gets_the_source_with_its_own_marks() -> None:
    page = "[1]{=a} `2`{=b} {=c}\n\n| 3 |\n|---|\n{=d}\n\ne\n{=f}\n"
    written = read(page).rendered(lambda edit: f"<{edit.role}>")
    assert written == (
        "<open>1<close> <open>`2`<close> <flaw>\n\n| 3 |\n|---|<block>\n\n<open>e<close>\n"
    )
