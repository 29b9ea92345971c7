"""What MPS would refuse or get wrong is a fault on every machine, at the snippet's own line."""

from __future__ import annotations

import pytest

from tests.conftest import make_project

FLOAT64 = "float64 tensor; MPS has no float64; make it float32, or the array it comes from"
STRIDED = "a weight that is not contiguous, which MPS reads wrongly; give it weight.contiguous()"
SLICE = "a slice of a channels-last tensor, which MPS reads wrongly; give it slice.contiguous()"
CHANNELS_LAST = "image = torch.ones(1, 4, 8, 8).to(memory_format=torch.channels_last)"

# A snippet after its imports, and what is said of its line that ends in `# here`, if anything.
SNIPPETS = {
    "numpy_may_use_float64": ("print(np.ones(2).sum() + torch.ones(1).item())", ""),
    "from_numpy": ("torch.from_numpy(np.ones(2))  # here", f"lift_fresh has a {FLOAT64}"),
    "tensor": ("torch.tensor(np.ones(2))  # here", f"lift_fresh has a {FLOAT64}"),
    "double": ("torch.ones(2).double()  # here", f"_to_copy has a {FLOAT64}"),
    "default": (
        """
torch.set_default_dtype(torch.float64)
torch.ones(2)  # here
""",
        f"ones has a {FLOAT64}",
    ),
    "caught": (
        """
try:
    torch.ones(2).double()  # here
except Exception:
    pass
""",
        f"_to_copy has a {FLOAT64}",
    ),
    "in_a_function": (
        """
def twice(x):
    return x.double() * 2  # here

twice(torch.ones(2))
""",
        f"_to_copy has a {FLOAT64}",
    ),
    "complex128": (
        "torch.zeros(2, dtype=torch.complex128)  # here",
        "zeros has a complex128 tensor; MPS has no complex128; make it complex64",
    ),
    "quick": (
        """
import sys
torch.ones(2) * 2
assert "torch._dynamo" not in sys.modules  # a second or more
""",
        "",
    ),
    "complex64": ("print(torch.zeros(2, dtype=torch.complex64).abs().sum().item())", ""),
    "kernel_from_five_dimensions": (
        """
weight = torch.ones(2, 2, 3, 3, 3)
F.conv2d(torch.ones(1, 2, 4, 4), weight[:, :, 1])  # here
""",
        f"convolution takes {STRIDED}",
    ),
    "transposed_layer": (
        """
layer = torch.nn.Linear(2, 2)
layer.weight.data = layer.weight.data.t()
layer(torch.ones(1, 2))  # here
""",
        f"linear takes {STRIDED}",
    ),
    "transposed_keyword": (
        """
weight = torch.ones(2, 3).t()
F.linear(torch.ones(1, 2), weight=weight)  # here
""",
        f"linear takes {STRIDED}",
    ),
    "contiguous_layers": (
        """
F.linear(torch.ones(1, 2), torch.ones(2, 3).t().contiguous())
image = torch.ones(1, 1, 4, 4, requires_grad=True)
F.conv2d(image, torch.ones(1, 1, 3, 3)).sum().backward()
""",
        "",
    ),
    "channels": (
        f"""
{CHANNELS_LAST}
F.conv2d(image[:, :2], torch.ones(1, 2, 3, 3))  # here
""",
        f"convolution takes {SLICE}",
    ),
    "pooled_channels": (
        f"""
{CHANNELS_LAST}
F.avg_pool2d(image[:, 1:], 2)  # here
""",
        f"avg_pool2d takes {SLICE}",
    ),
    "normalised_rows": (
        f"""
{CHANNELS_LAST}
torch.nn.BatchNorm2d(4)(image[:, :, 1:])  # here
""",
        f"batch_norm takes {SLICE}",
    ),
    "whole_channels_last": (
        f"""
{CHANNELS_LAST}
F.avg_pool2d(F.conv2d(image, torch.ones(1, 4, 3, 3)), 2)
""",
        "",
    ),
    "slice_of_the_usual_layout": (
        """
image = torch.ones(1, 4, 8, 8)
F.avg_pool2d(image[:, 1:, 1:], 2)
""",
        "",
    ),
}


def source(name: str) -> str:
    """Give a whole snippet."""
    imports = "import numpy as np\nimport torch\nimport torch.nn.functional as F\n"
    return imports + SNIPPETS[name][0] + "\n"


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run them all once, and give by name what is said of each."""
    project = make_project(tmp_path_factory.mktemp("project"))
    for name in SNIPPETS:
        project.snippet(name, source(name))
    lines = project.proof("check", code=1).stdout.splitlines()
    said = [line for line in lines if line.startswith("snippets/lesson/")]
    return {line.partition(".py:")[0].rpartition("/")[2]: line for line in said}


@pytest.mark.parametrize("name", SNIPPETS)
def test_the_operation_and_the_line_are_told(name: str, faults: dict[str, str]) -> None:
    said = SNIPPETS[name][1]
    found = faults.get(name, "")
    if not said:
        assert found == ""
        return
    lines = source(name).splitlines()
    (line,) = (number for number, text in enumerate(lines, 1) if text.endswith("# here"))
    assert found.startswith(f"snippets/lesson/{name}.py:{line}: NotPortable: ")
    assert found.endswith(said)
