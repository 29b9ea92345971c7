"""`python -m proof.site serve`: the pages that `build` makes, while an author changes them."""

from __future__ import annotations

import re
import socket
from pathlib import Path

from tests.site.projects import serving

PAGE = "cnns-from-scratch/"
LESSON = "docs/cnns-from-scratch/index.md"
SNIPPET = "snippets/cnns_from_scratch/one_convolution_window.py"
TAG = re.compile("<[^>]*>")


def code(page: str) -> str:
    return TAG.sub("", page)


def test_serves_the_very_pages_that_build_makes(project: Path, site_command) -> None:
    with serving(project) as author:
        served = {path: author.look(path) for path in ("", PAGE, "glossary/")}
    assert site_command(project, "build").returncode == 0
    for path, page in served.items():
        assert (project / "site" / path / "index.html").read_text(encoding="utf-8") == page


def test_shows_each_change_and_what_lies_beside_a_page_too(project: Path) -> None:
    with serving(project) as author:
        assert "Another name" not in author.look()
        author.edit("mkdocs.yml", "site_name: From Scratch", "site_name: Another name")
        author.see("", lambda page: "Another name" in page)
        author.edit("docs/glossary.yml", "stride: ", "stride: A step. ")
        author.see("glossary/", lambda page: "A step." in page)
        # What is built for the whole site alone is not older than the pages.
        author.edit(SNIPPET, "first_response = ", "first_response = 1 * ")
        author.see(PAGE, lambda page: "first_response = 1 * " in code(page))
        name = Path(SNIPPET).relative_to("snippets").as_posix()
        for file in (
            f"{PAGE}bindings.json",
            f"{PAGE}index.md",
            f"{PAGE}cnns-from-scratch.ipynb",
            f"snippets/{name}",
        ):
            assert b"first_response = 1 * " in author.fetch(file), file


def test_survives_what_breaks_the_build(project: Path) -> None:
    with serving(project) as author:
        whole = author.look(PAGE)
        author.edit(LESSON, "Let $N$", "Let $\\blob$")
        broken = author.see(PAGE, lambda page: "Unknown command" in page)
        assert 'role="alert"' in broken
        assert f"{LESSON}:" in broken
        assert whole.partition("</head>")[0] in broken
        author.edit(LESSON, "Let $\\blob$", "Let $N$")
        author.see(PAGE, lambda page: page == whole)
        author.edit(SNIPPET, "first_response = ", "first_response = 1 / 0 + ")
        failing = author.see(PAGE, lambda page: "The check fails" in page)
        assert f"{SNIPPET}:19: ZeroDivisionError" in failing
        author.edit(SNIPPET, "first_response = 1 / 0 + ", "first_response = ")
        author.see(PAGE, lambda page: page == whole)


def test_starts_with_a_broken_site(project: Path) -> None:
    lesson = project / LESSON
    lesson.write_text(lesson.read_text("utf-8").replace("Let $N$", "Let $\\blob$"), "utf-8")
    with serving(project) as author:
        assert "Unknown command" in author.look(PAGE)
        author.edit(LESSON, "Let $\\blob$", "Let $N$")
        author.see(PAGE, lambda page: "Unknown command" not in page)


def test_says_that_the_port_is_taken(project: Path, site_command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = site_command(project, "serve", "--port", str(port))
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert f"port {port} of 127.0.0.1 cannot be used" in line
    assert "--port" in line
