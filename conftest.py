"""How pytest-codeblocks runs the guides' blocks, and on which device tests/devices computes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from proof.devices import DEVICES

# Their commands say `python`: it is the one that runs the tests, in an activated .venv or not.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the device; one that is absent fails the tests that need it."""
    parser.addoption("--device", choices=DEVICES, default="cpu", help="where tests/devices runs")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Show what a failed command of a block printed; pytest-codeblocks shows its exit code."""
    try:
        return (yield)
    except subprocess.CalledProcessError as error:
        if item.path.suffix != ".md":
            raise
        raise RuntimeError(f"{error}\n{error.stdout.decode()}{error.stderr.decode()}") from None
