"""What TF32 would do to the lesson's numbers: more than any device is allowed."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from proof.devices import ALLOWANCES
from proof.execution import Run
from proof.outputs import differences
from proof.project import SNIPPETS
from proof.runs import Runs
from tests.conftest import Project

LESSON = SNIPPETS / "cnns_from_scratch"
PRECISIONS = """
import torch
{before}
print(torch.backends.cudnn.conv.fp32_precision, torch.backends.cuda.matmul.fp32_precision)
"""
RESPONSE = """
import torch

torch.backends.cudnn.conv.fp32_precision = "tf32"
torch.backends.cuda.matmul.fp32_precision = "tf32"
device = torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")
window = torch.tensor({window}, device=device)
kernel = torch.tensor({kernel}, device=device)
print(torch.nn.functional.conv2d(window[None, None], kernel[None, None]).item())
"""


@pytest.fixture(scope="module")
def simulated() -> Run:
    (run,) = Runs([LESSON / "tf32_rounding.py"]).values()
    return run


@pytest.mark.parametrize("device", ALLOWANCES)
def test_the_comparison_would_notice(device: str, simulated: Run) -> None:
    allowance = ALLOWANCES[device]
    for name in ("response", "logits"):
        moved = simulated.values[f"tf32_{name}"] - simulated.values[f"float32_{name}"]
        assert Decimal(float(np.abs(moved).min())) > 50 * allowance
    plain, rounded = simulated.stdout.splitlines()
    assert len(differences(plain, rounded.replace("TF32:", "float32:"), allowance)[0].pairs) == 3


def test_a_device_that_may_use_tf32_stays_within_its_rounding(
    project: Project, pytestconfig: pytest.Config
) -> None:
    """The one measurement of TF32: a GPU may use it here, the CPU has none."""
    device = pytestconfig.getoption("device")
    (run,) = Runs([LESSON / "one_convolution_window.py"]).values()
    window, kernel = run.values["window"], run.values["kernel"]
    project.snippet("idea", RESPONSE.format(window=window.tolist(), kernel=kernel.tolist()))
    found = float(project.proof("run", "idea", "--device", device, code=0).stdout)
    # Each of the two factors of a product moves by 2**-11 of itself at most.
    most = 2**-10 * np.abs(run.values["products"]).sum() if device == "cuda" else 0
    assert abs(found - run.values["first_response"]) <= most + float(ALLOWANCES[device])


def test_full_precision_is_set_for_every_snippet(project: Project) -> None:
    allows = 'torch.backends.cudnn.conv.fp32_precision = "tf32"'
    project.snippet("a_allows", PRECISIONS.format(before=allows), "tf32 ieee\n")
    project.snippet("b_after", PRECISIONS.format(before=""), "ieee ieee\n")
    project.proof("check", code=0)
