"""The file beside each page that says where its numbers come from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest

ROOT = Path(__file__).parents[2]
LESSON = "docs/cnns-from-scratch/index.md"
KINDS = {
    "data-expression": "value",
    "data-claim": "claim",
    "data-given": "given",
    "data-literal": "literal",
}
SOURCE = "snippets/cnns_from_scratch/one_convolution_window.py"


def marked(page: Path) -> Iterator[tuple[str, str, str]]:
    """Give section, kind and code of what is marked in a page's article, in its order."""
    document = html5lib.parse(page.read_text("utf-8"), namespaceHTMLElements=False)
    section = ""
    for element in document.find(".//article").iter():
        if element.tag == "h2":
            section = element.get("id", "")
        for attribute, kind in KINDS.items():
            if attribute in element.attrib:
                yield section, kind, element.attrib[attribute]


def proven(page: Path) -> dict:
    return json.loads(page.with_name("proofs.json").read_text("utf-8"))


def lesson_proofs(project: Path) -> dict:
    return proven(project / "site" / "cnns-from-scratch" / "index.html")


def test_what_is_marked_on_a_page_has_a_proof_and_nothing_else_has(built_site: Path) -> None:
    pages = [page for page in sorted(built_site.rglob("*.html")) if any(marked(page))]
    assert built_site / "cnns-from-scratch" / "index.html" in pages
    for page in pages:
        entries = {
            (section, kind, code)
            for section, kinds in proven(page)["sections"].items()
            for kind, codes in kinds.items()
            for code in codes
        }
        assert set(marked(page)) == entries, page
    assert {file.parent for file in built_site.rglob("proofs.json")} == {
        page.parent for page in pages
    }


def test_a_value_is_given_at_full_precision_with_its_line_of_code(built_site: Path) -> None:
    proofs = proven(built_site / "cnns-from-scratch" / "index.html")
    values = proofs["sections"]["slide-one-chosen-kernel-by-hand"]["value"]
    lines = (ROOT / SOURCE).read_text("utf-8").splitlines()
    snippet = "cnns_from_scratch/one_convolution_window"
    line = next(n for n, text in enumerate(lines, 1) if text.startswith("first_response = "))
    assert values["first_response"] == {
        "value": "0.8520000000000001",
        "from": [{"snippet": snippet, "name": "first_response", "line": line}],
    }
    # A table of a range and of what can be gone through only once.
    table = values["range(1, 4), enumerate(kernel, 1)"]["value"]
    assert table == (
        "([1, 2, 3], [(1, [-0.6, -0.6, -0.6]), (2, [1.1, 1.1, 1.1]), (3, [-0.6, -0.6, -0.6])])"
    )


def test_every_line_named_is_one_that_assigns_the_name(built_site: Path) -> None:
    for file in built_site.rglob("proofs.json"):
        for kinds in json.loads(file.read_text("utf-8"))["sections"].values():
            for proof in (one for codes in kinds.values() for one in codes.values()):
                for place in proof["from"]:
                    code = (ROOT / "snippets" / f"{place['snippet']}.py").read_text("utf-8")
                    line = code.splitlines()[place["line"] - 1]
                    assert place["name"] in line.partition(" = ")[0], (place, line)


def test_a_claim_says_that_it_holds_and_what_its_parts_are(built_site: Path) -> None:
    proofs = proven(built_site / "cnns-from-scratch" / "index.html")
    claims = proofs["sections"]["slide-one-chosen-kernel-by-hand"]["claim"]
    claim = claims["feature_map[strongest] == feature_map.max()"]
    assert claim["holds"] is True
    assert [part for part, _ in claim["parts"]] == ["feature_map[strongest]", "feature_map.max()"]
    assert len({value for _, value in claim["parts"]}) == 1


def test_givens_of_a_text_are_told_from_what_is_computed(built_site: Path) -> None:
    proofs = proven(built_site / "cnns-from-scratch" / "index.html")
    section = proofs["sections"]["shapes-and-channels-are-part-of-the-contract"]
    assert section["given"]["size, kernel, stride"] == {
        "value": "size = 10, kernel = 3, stride = 2",
        "from": [],
    }
    proof = section["value"]["output_size(size, kernel, stride)"]
    assert proof["givens"] == {"size": 10, "kernel": 3, "stride": 2}
    assert [place["name"] for place in proof["from"]] == ["output_size"]


def test_each_snippet_is_linked_where_it_stands_with_what_is_known_of_it(built_site: Path) -> None:
    for file in built_site.rglob("proofs.json"):
        for name, snippet in json.loads(file.read_text("utf-8"))["snippets"].items():
            page = (file.parent / snippet["page"] / "index.html").read_text("utf-8")
            assert f'data-snippet="{name}"' in page
            devices = [known["device"] for known in snippet["confirmed"]]
            assert {"cpu", "cuda", "mps"} <= set(devices)
            for known in snippet["confirmed"]:
                assert bool(known["date"] and known["versions"]) or known["status"] == "not run"


def test_a_number_that_cannot_be_computed_is_reported_and_left_out(
    project: Path, site_command
) -> None:
    page = project / LESSON
    page.write_text(page.read_text("utf-8").replace("{=ratio}", "{=ration}", 1), "utf-8")
    done = site_command(project, "build")
    assert done.returncode == 0
    [fault] = done.stderr.splitlines()
    assert fault.startswith(f"{LESSON}:")
    assert "{=ration} has no proof: no snippet of this section leaves ration" in fault
    values = lesson_proofs(project)["sections"]["why-a-photo-needs-local-weights"]["value"]
    assert "ration" not in values
    assert "dense_parameters" in values


def test_headings_that_are_not_lines_of_the_source_stop_the_build(
    project: Path, site_command
) -> None:
    page = project / LESSON
    text = page.read_text("utf-8")
    page.write_text(text.replace("## Mastery check", "<h2>More</h2>\n\n## Mastery check"), "utf-8")
    done = site_command(project, "build")
    assert done.returncode == 1
    [fault] = done.stderr.splitlines()
    assert fault.startswith(f"{LESSON}:1: the built page has ")


@pytest.mark.parametrize("edited", ["text", "code"])
def test_proofs_are_computed_anew_only_when_they_may_differ(
    edited: str, project: Path, site_command
) -> None:
    site_command(project, "build")
    [kept] = (project / ".cache" / "proofs").glob("cnns*")
    before = kept.read_text("utf-8")
    kept.write_text(before.replace("0.8520000000000001", "kept"), "utf-8")
    if edited == "text":
        page = project / LESSON
        page.write_text(page.read_text("utf-8").replace("An inspection", "One inspection"), "utf-8")
    else:
        snippet = project / SOURCE
        snippet.write_text(snippet.read_text("utf-8") + "\n", "utf-8")
    assert site_command(project, "build").returncode == 0
    values = lesson_proofs(project)["sections"]["slide-one-chosen-kernel-by-hand"]["value"]
    expected = "kept" if edited == "text" else "0.8520000000000001"
    assert values["first_response"]["value"] == expected
