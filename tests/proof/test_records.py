"""What a device made of the snippets is kept, and judged anew when it is read."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from proof import record, records
from proof.faults import FaultError
from proof.project import snippet_name, snippet_paths
from proof.records import confirmations, largest_distance, read_records
from proof.runs import Runs
from tests.conftest import Project, make_project


@pytest.fixture(scope="module")
def recorded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project with three snippets and the record of this machine's CPU."""
    project = make_project(tmp_path_factory.mktemp("recorded"))
    project.snippet("half", "print(f'half {1 / 2:.3f}')\n", "half 0.500\n")
    project.snippet("other", "print('other')\n", "other\n")
    project.snippet("third", "print(f'third {1 / 3:.3f}')\n", "third 0.333\n")
    assert "cpu/" in project.proof("record", "--device", "cpu", code=0).stdout
    return project.root


@pytest.fixture
def recorded(recorded_once: Path, tmp_path: Path) -> Project:
    """Copy the project with a record."""
    return Project(shutil.copytree(recorded_once, tmp_path / "project"))


def statuses(project: Project, name: str) -> dict[str, str]:
    """Give the status of a snippet on each device."""
    found = confirmations(f"lesson/{name}", project.root)
    return {confirmation.device: confirmation.status for confirmation in found}


def change(project: Project, snippet: str, **values: Any) -> None:
    """Change what the record says of a snippet."""
    (file,) = (project.root / "records").glob("*/*.json")
    content = json.loads(file.read_text("utf-8"))
    content["snippets"][f"lesson/{snippet}"] |= values
    file.write_text(json.dumps(content), "utf-8")


def test_every_snippet_of_this_project_is_confirmed_on_a_cpu() -> None:
    """Else: python -m proof record --device cpu, and commit what it writes."""
    lacking = [
        name
        for name in map(snippet_name, snippet_paths())
        if ("cpu", "passed") not in {(found.device, found.status) for found in confirmations(name)}
    ]
    assert lacking == []


def test_a_record_says_what_ran(recorded: Project) -> None:
    (record,) = read_records(recorded.root)
    assert record.device == "cpu"
    assert set(record.versions) == {"Python"}  # no snippet loads NumPy here
    entry = record.snippets["lesson/third"]
    assert (entry.output, entry.distance, entry.error) == ("third 0.333\n", 0, "")
    (confirmation, *absent) = confirmations("lesson/third", recorded.root)
    assert (confirmation.status, confirmation.date) == ("passed", record.date)
    assert [(other.device, other.status) for other in absent] == [
        ("cuda", "not run"),
        ("mps", "not run"),
    ]


def test_a_snippet_that_changed_since_is_old(recorded: Project) -> None:
    recorded.write("snippets/lesson/third.py", "print(f'third {2 / 6:.3f}')\n")
    assert statuses(recorded, "third")["cpu"] == "old"
    assert statuses(recorded, "half")["cpu"] == "passed"


def test_other_ends_of_lines_make_nothing_old(recorded: Project) -> None:
    source = recorded.read("snippets/lesson/third.py")
    (recorded.root / "snippets/lesson/third.py").write_bytes(source.replace("\n", "\r\n").encode())
    assert statuses(recorded, "third")["cpu"] == "passed"


def test_a_snippet_that_was_added_since_is_not_run(recorded: Project) -> None:
    recorded.snippet("new", "print(1)\n", "1\n")
    assert statuses(recorded, "new")["cpu"] == "not run"


@pytest.mark.parametrize(
    ("snippet", "values", "reason"),
    [
        ("third", {"output": "third 0.334\n"}, "0.334 instead of 0.333"),
        ("third", {"output": "fourth 0.333\n"}, "fourth instead of third"),
        ("third", {"output": ""}, "nothing instead of third 0.333"),
        ("third", {"error": "ValueError: no"}, "ValueError: no"),
    ],
)
def test_another_output_is_failed(
    recorded: Project, snippet: str, values: dict[str, str], reason: str
) -> None:
    change(recorded, snippet, **values)
    confirmation = confirmations(f"lesson/{snippet}", recorded.root)[0]
    assert (confirmation.status, confirmation.reason) == ("failed", reason)


def test_a_changed_documented_output_is_failed(recorded: Project) -> None:
    recorded.write("snippets/lesson/third.out", "third 0.334\n")
    assert statuses(recorded, "third")["cpu"] == "failed"


def test_what_fails_is_told_and_recorded(recorded: Project) -> None:
    recorded.write("snippets/lesson/half.out", "half 0.501\n")
    recorded.write("snippets/lesson/other.py", "1 / 0\n")
    result = recorded.proof("record", "--device", "cpu", code=1)
    assert result.stdout.endswith("1 passed, 2 failed\n")
    said = [line for line in result.stderr.splitlines() if line.startswith("snippets")]
    assert said == [
        "snippets/lesson/half.out:1: this is not what cpu computes: "
        "0.501 is documented, 0.500 was computed",
        "snippets/lesson/other.py:1: ZeroDivisionError: division by zero",
    ]
    assert statuses(recorded, "half")["cpu"] == "failed"
    assert confirmations("lesson/other", recorded.root)[0].reason.startswith("ZeroDivisionError")


def test_other_versions_than_the_locks_have_a_record_of_their_own(
    recorded: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "ROOT", recorded.root)
    (first,) = read_records(recorded.root)
    for torch in ("2.9.0+cpu", "2.9.0+cu128", "2.10.0"):
        records.write_record(replace(first, versions={"numpy": "2.3.0", "torch": torch}))
    locked = {"numpy": version("numpy"), "torch": version("torch")}
    records.write_record(replace(first, versions=locked))
    found = read_records(recorded.root)
    assert [record.versions for record in found if record.versions == locked] == [locked]
    assert len(found) == 4  # with another build of 2.9.0
    assert first.versions not in [record.versions for record in found]


def test_an_absent_device_is_not_recorded(recorded: Project) -> None:
    result = recorded.proof("record", "--device", "mps", code=1)
    assert "mps is not available on this machine" in result.stderr
    assert statuses(recorded, "third")["mps"] == "not run"


def test_a_record_is_of_all_snippets(recorded: Project) -> None:
    said = recorded.proof("record", "third", "--device", "cpu", code=2).stderr
    assert said == "python -m proof: a device's record holds all snippets; leave out the names\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "Expecting property name"),
        ("[]", "integer"),
        ('{"snippets": {"a": {}}}', "missing 4 required"),
        ('{"snippets": {}}', "missing 6 required"),
    ],
)
def test_a_file_that_is_no_record_is_told(project: Project, text: str, said: str) -> None:
    project.write("records/cuda/card.json", text)
    with pytest.raises(FaultError) as raised:
        confirmations("lesson/idea", project.root)
    assert "card.json:1: this is no record (" in str(raised.value)
    assert said in str(raised.value)
    assert str(raised.value).endswith("make it anew: python -m proof record --device cuda")


@pytest.mark.parametrize(
    ("output", "distance"),
    [("third 0.333\n", 0.0), ("third  0.3334", 0.0004), ("third", None), ("fourth 0.333", None)],
)
def test_the_distance_is_that_of_the_numerals(output: str, distance: float | None) -> None:
    assert largest_distance("third 0.333\n", output) == distance


def test_away_from_the_cpu_twins_are_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let the CPU stand for a card: no test machine needs one."""
    names = ("max_pooling_ties", "one_convolution_window")
    paths = [path for path in snippet_paths() if path.stem in names]
    monkeypatch.setattr(record, "snippet_paths", lambda: paths)
    monkeypatch.setattr(
        record, "Runs", lambda paths, _device, limit, twins: Runs(paths, "cpu", limit, twins=twins)
    )
    monkeypatch.setattr(records, "ROOT", tmp_path)
    monkeypatch.setattr(
        subprocess, "check_output", lambda *_, **__: '{"name": "A Card", "CUDA": "12"}'
    )
    assert record.record_device("cuda", limit=60) == 0
    (found,) = read_records(tmp_path)
    assert (found.device, found.machine, found.versions["CUDA"]) == ("cuda", "A Card", "12")
    ties, window = found.snippets.values()
    assert ties.distance == 0
    assert 0 < (window.distance or 0) < 1e-6
    assert window.output.endswith("first response: 0.852\n")
