"""On the device under test, torch computes every number that a snippet prints."""

from __future__ import annotations

import pytest

from proof.check import error_fault
from proof.devices import ALLOWANCES
from proof.outputs import diff, differences
from proof.project import snippet_name, snippet_paths
from proof.runs import Runs

PATHS = {snippet_name(path): path for path in snippet_paths()}


@pytest.fixture(scope="module")
def device(pytestconfig: pytest.Config) -> str:
    return str(pytestconfig.getoption("device"))


@pytest.fixture(scope="module")
def runs(device: str) -> Runs:
    return Runs(PATHS.values(), device, twins=True)


@pytest.mark.parametrize("name", PATHS)
def test_computes_what_is_documented(name: str, runs: Runs, device: str) -> None:
    run = runs[name]
    assert not run.error, error_fault(run)
    documented = PATHS[name].with_suffix(".out").read_text("utf-8")
    found = differences(documented, run.stdout, ALLOWANCES[device])
    assert not found, diff(found)
