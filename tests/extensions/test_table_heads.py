from __future__ import annotations


def cells(table) -> list[list[tuple[str, str | None, str]]]:
    return [
        [(cell.tag, cell.get("scope"), "".join(cell.itertext())) for cell in row]
        for row in table.iter("tr")
    ]


def test_an_empty_corner_makes_heads_of_rows(render) -> None:
    page = render("| | a | b |\n|:-:|-:|-:|\n| **1** | 0.1 | 0.2 |\n| **2** | 0.3 | 0.4 |")
    assert cells(page.find("table")) == [
        [("td", None, ""), ("th", "col", "a"), ("th", "col", "b")],
        [("th", "row", "1"), ("td", None, "0.1"), ("td", None, "0.2")],
        [("th", "row", "2"), ("td", None, "0.3"), ("td", None, "0.4")],
    ]


def test_other_tables_stay_as_they_are(render) -> None:
    page = render("| *level* | you can |\n|---|---|\n| one | two |")
    assert [[tag for tag, *_ in row] for row in cells(page.find("table"))] == [
        ["th", "th"],
        ["td", "td"],
    ]


def test_a_class_says_how_a_cell_is_aligned(render) -> None:
    page = render("| a | b | c |\n|---|:-:|-:|\n| 1 | 2 | 3 |")
    for row in page.iter("tr"):
        assert [cell.attrib for cell in row] == [
            {},
            {"class": "align-center"},
            {"class": "align-right"},
        ]
