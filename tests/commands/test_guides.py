"""What the README and the contributor guide say of commands, files and failures is so."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from proof.pages import read_page

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
guides = pytest.mark.parametrize("guide", [README, CONTRIBUTING], ids=lambda guide: guide.name)


def proof(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run `python -m proof` in a folder, on a machine that shows no GPU."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": ""}
    command = (sys.executable, "-m", "proof", *arguments)
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_the_two_commands_differ_only_in_the_session() -> None:
    commands = re.findall(r"^(.*nox -s )(\w+)$", README.read_text("utf-8"), re.MULTILINE)
    assert [session for _, session in commands] == ["serve", "tests"]
    assert len({start for start, _ in commands}) == 1


@guides
def test_every_session_that_a_guide_names_exists(guide: Path) -> None:
    command = (sys.executable, "-m", "nox", "--list")
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    sessions = set(re.findall(r"^[*-] (\S+)", listing, re.MULTILINE))
    named = re.findall(r'nox -s "?([\w()]+)', guide.read_text("utf-8"))
    named += re.findall(r'"(\w+\(\w+\))"', guide.read_text("utf-8"))
    assert named
    assert set(named) <= sessions


@guides
def test_every_command_in_a_guide_is_run_or_says_why_not(guide: Path) -> None:
    fences = read_page(guide).fences
    assert {fence.info for fence in fences} <= {"sh", "python", "shell", "text", "diff"}
    for fence in fences:
        assert (fence.info == "shell") == (fence.not_run is not None), f"line {fence.start}"


@guides
def test_every_file_that_a_guide_names_exists(guide: Path) -> None:
    text = guide.read_text("utf-8")
    links = re.findall(r"\]\((?!\w+:)([^)#]+)", text)
    rows = "\n".join(re.findall(r"^\|.*edit.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE))
    names = re.findall(r"`((?:[\w.-]+/)*[\w-]*[./][\w.-]*)`", rows)
    assert links
    assert guide != CONTRIBUTING or len(names) > 10
    assert [name for name in links + names if not (ROOT / name).exists()] == []


def test_a_wrong_digit_fails_as_the_contributor_guide_says(tmp_path: Path) -> None:
    for name in ("docs", "snippets"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("mkdocs.yml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    output = tmp_path / "snippets" / "cnns_from_scratch" / "one_convolution_window.out"
    output.write_text(output.read_text().replace("0.852", "0.853"))

    shown = next(fence for fence in read_page(CONTRIBUTING).fences if fence.info == "text")
    found = proof("check", "cnns-from-scratch", folder=tmp_path)
    # Where on its page the output stands is the page's affair.
    page_line = re.compile(r"(?<=index\.md:)\d+")
    assert page_line.sub("", "\n".join(shown.lines)) in page_line.sub("", found.stdout)
    assert found.returncode == 1


def test_an_absent_device_fails_and_is_named() -> None:
    result = proof("check", "--device", "cuda")
    assert result.returncode == 1
    assert "cuda is not available on this machine" in result.stdout
    assert "Traceback" not in result.stdout + result.stderr
