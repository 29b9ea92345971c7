"""A snippet runs apart from all others, and whatever it does ends in a Run or one clear line."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.conftest import Project, make_project


def test_run_prints_what_the_snippet_prints(project: Project) -> None:
    project.snippet("idea", "print('one', 1)\nprint('two', end='')\n")
    result = project.proof("run", "idea", code=0)
    assert result.stdout == "one 1\ntwo"
    assert result.stderr == ""


ERRORS = {
    "raises": ("print('so far')\nraise KeyError('boom')\n", "2: KeyError: 'boom'"),
    "raises_in_a_function": ("def f():\n    1 / 0\n\nf()\n", "2: ZeroDivisionError: division"),
    "raises_in_a_library": ("import json\n\njson.loads('{')\n", "3: JSONDecodeError: Expecting"),
    "raises_many_lines": ("raise ValueError('a\\nb')\n", "1: ValueError: a b\n"),
    "raises_without_a_message": ("assert False\n", "1: AssertionError\n"),
    "is_no_python": ("a = 1\nb = (\n", "2: SyntaxError: '(' was never closed"),
    "is_not_utf_8": ("", "1: SyntaxError: (unicode error)"),
    "leaves_with_a_code": ("import sys\nsys.exit(3)\n", "2: SystemExit: 3"),
    "asks": ("name = input()\n", "1: EOFError"),
    "kills": ("import os\nos._exit(0)\n", "1: RuntimeError: it ended the Python process"),
    "loops": ("n = 0\nwhile True:\n    n += 1\n", ": TimeoutError: still running after 0.5 s"),
    "loops_in_c": ("n = 9\nn = sum(range(10**15))\n", "2: TimeoutError: still running after 0.5 s"),
    "sleeps": ("import time\ntime.sleep(60)\n", "2: TimeoutError: still running after 0.5 s"),
}
LOOPS_THAT_CATCH = """
while True:
    try:
        while True:
            print("!")
    except BaseException:
        pass
"""


@pytest.mark.parametrize("name", ERRORS)
def test_a_snippet_that_fails_gives_one_line(project: Project, name: str) -> None:
    code, line = ERRORS[name]
    project.snippet(name, code)
    if name == "is_not_utf_8":
        (project.root / f"snippets/lesson/{name}.py").write_bytes(b"print('\xe9')\n")
    result = project.proof("run", name, "--limit", "0.5", code=1)
    assert result.stderr.startswith(f"snippets/lesson/{name}.py:")
    assert line in result.stderr
    assert result.stderr.count("\n") == 1


def test_what_was_printed_before_the_error_is_shown(project: Project) -> None:
    project.snippet("idea", "print('so far')\nraise KeyError('boom')\n")
    assert project.proof("run", "idea", code=1).stdout == "so far\n"


def test_more_snippets_run_than_pipes_hold_the_names_and_the_outputs_of(project: Project) -> None:
    for number in range(700):
        project.snippet(f"{'long_name_' * 10}{number}", "print('much to say ' * 40)\n")
    project.proof("record", code=0)
    written = list(project.root.glob("snippets/lesson/*.out"))
    assert len(written) == 700
    assert all(out.read_text("utf-8") for out in written)


def test_a_snippet_may_leave_early(project: Project) -> None:
    project.snippet("idea", "import sys\nprint(1)\nsys.exit()\n")
    assert project.proof("run", "idea", code=0).stdout == "1\n"


def test_a_loop_that_catches_everything_is_left_behind(project: Project) -> None:
    project.snippet("a_loop", LOOPS_THAT_CATCH)
    project.snippet("b_after", "print(1)\n", "1\n")
    lines = project.proof("check", "--limit", "0.5", code=1).stdout.splitlines()
    assert [line for line in lines if "TimeoutError" in line] == lines[:-1]
    assert lines[0].startswith("snippets/lesson/a_loop.py:")
    assert lines[-1] == "5 passed, 1 failed"


def run_with(project: Project, start: str, *arguments: str) -> tuple[str, str]:
    """Run the snippet `idea` where the process of the snippets first executes a program.

    Gives what the command wrote to both streams.
    """
    project.write(
        "sitecustomize.py",
        f"import sys\nif 'proof.worker' in sys.orig_argv:\n    exec({dedent(start)!r})\n",
    )
    code = "import os, runpy; os.environ['PYTHONPATH'] += os.pathsep + os.getcwd(); "
    code += (
        f"sys.argv[1:] = ['run', 'idea', *{arguments}]; runpy.run_module('proof', {{}}, '__main__')"
    )
    result = project.python("-c", "import sys; " + code)
    return result.stdout, result.stderr


def test_the_limit_is_counted_to_the_second(project: Project) -> None:
    project.snippet("idea", "print(1)\n")
    timer = """
        import faulthandler
        faulthandler.dump_traceback_later = lambda seconds, **_: print(seconds, file=sys.stderr)
        """
    assert run_with(project, timer, "--limit", "0.5") == ("1\n", "0.5\n")


def test_an_accelerator_is_hidden_where_the_cpu_is_asked_for(project: Project) -> None:
    """Let torch's device without memory stand for one: no test machine needs a real one."""
    project.snippet("idea", "import torch\nprint(torch.accelerator.current_accelerator())\n")
    accelerator = """
        import torch
        torch.accelerator.current_accelerator = lambda check_available=False: torch.device("meta")
        """
    assert run_with(project, accelerator) == ("None\n", "")


def test_a_snippet_leaves_nothing_for_the_next(project: Project) -> None:
    project.snippet(
        "a_sets",
        """
        import random
        import sys

        import numpy as np

        np.set_printoptions(precision=2)
        np.seterr(divide="raise")
        np.random.seed(0)
        random.seed(0)
        left_over = 1
        sys.argv = ["a"]
        """,
    )
    output = "[0.33333333]\n[inf]\nFalse\n"
    project.snippet(
        "b_reads",
        """
        import warnings

        import numpy as np

        warnings.simplefilter("ignore")
        print(np.array([1 / 3]))
        print(np.array([1.0]) / 0)
        print("left_over" in globals())
        """,
        output,
    )
    project.snippet("c_draws", "import random\nimport numpy as np\n")
    seeded = "0.5488135 0.8444218515250481\n"
    project.write(
        "snippets/lesson/c_draws.py",
        "import random\nimport numpy as np\nprint(np.random.rand(), random.random())\n",
    )
    project.write("snippets/lesson/c_draws.out", seeded)
    lines = project.proof("check", code=1).stdout.splitlines()
    # The seed of the first snippet would make the last one print what it says.
    assert [line for line in lines if line.startswith("docs")] == [
        line for line in lines if "c_draws.py:3 prints" in line
    ]
    assert lines[-1].endswith(", 1 failed")


def test_a_run_has_the_values_functions_and_classes_of_its_snippet(project: Project) -> None:
    project.snippet(
        "idea",
        """
        from dataclasses import dataclass

        import numpy as np


        @dataclass
        class Layer:
            kernel: int


        def scaled(factor, by=np.ones(2)):
            return factor * by * base


        def replaced():
            raise AssertionError


        base = np.array([1, 2])
        layers = [Layer(3)]
        replaced = [scaled]
        _private = 1
        print("once")
        """,
    )
    read = """
        from proof.project import snippet_paths
        from proof.runs import Runs
        [run] = Runs(snippet_paths()).values()
        values = run.values
        print(sorted(values), values["replaced"][0](3), values["np"].__name__, values["layers"])
    """
    result = project.python("-c", dedent(read))
    assert result.stdout == (
        "['Layer', 'base', 'dataclass', 'layers', 'np', 'replaced', 'scaled'] "
        "[3. 6.] numpy [Layer(kernel=3)]\n"
    )


TORCH_SNIPPETS = {
    "a_device": """
        import torch
        from torch.nn.functional import max_pool2d

        accelerator = torch.accelerator.current_accelerator(check_available=True)
        device = accelerator or torch.device("cpu")
        pixels = torch.arange(4.0, device=device, requires_grad=True).reshape(2, 2)
        doubled = {"pair": (pixels.detach() * 2, 1)}
        shape = pixels.shape
        layer = torch.nn.Linear(1, 2)

        def twice(x):
            return 2 * x

        class Local:
            pass

        local = Local()
        print(device)
        print(torch.backends.cudnn.conv.fp32_precision, torch.backends.cuda.matmul.fp32_precision)
        """,
    "b_sets": """
        import os
        import torch

        torch.manual_seed(0)
        torch.set_default_dtype(torch.float64)
        torch.set_printoptions(precision=1)
        torch.set_grad_enabled(False)
        os.write(1, b"from C")
        """,
    "c_reads": """
        import torch

        third = torch.tensor(1 / 3, requires_grad=True)
        drawn = torch.rand(3)
        torch.manual_seed(0)
        seeded = torch.rand(3)
        print((third * 1).detach(), third.dtype, (third * 1).requires_grad)
        """,
    "d_raises": "import torch\ntorch.zeros(2) @ torch.zeros(3)\n",
    "e_loops": "import torch" + LOOPS_THAT_CATCH,
    "f_after": "import torch\nprint(1)\n",
}
READ_RUNS = """
import json, sys
from proof.project import snippet_paths
from proof.runs import Runs

found = {}
for name, run in Runs(snippet_paths(), limit=3).items():
    found[name.removeprefix("lesson/")] = {
        "stdout": run.stdout,
        "error": [run.error.line, str(run.error)] if run.error else None,
        "types": {name: type(value).__name__ for name, value in run.values.items()},
        "values": {name: value.tolist() for name, value in run.values.items()
                   if type(value).__name__ == "ndarray"},
        "pair": repr(run.values.get("doubled")),
        "shape": run.values.get("shape"),
        "versions": list(run.versions),
    }
print(json.dumps([found, "torch" in sys.modules]))
"""


@pytest.fixture(scope="module")
def torch_runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], bool]:
    """Give the Runs of TORCH_SNIPPETS, and whether the reading process has loaded torch."""
    project = make_project(tmp_path_factory.mktemp("torch"))
    for name, code in TORCH_SNIPPETS.items():
        project.snippet(name, code)
    result = project.python("-c", READ_RUNS)
    assert result.returncode == 0, result.stderr
    runs, loaded = json.loads(result.stdout)
    return runs, loaded


def test_torch_is_loaded_in_its_own_process_alone(torch_runs: tuple[Any, bool]) -> None:
    runs, loaded = torch_runs
    assert runs["a_device"]["versions"] == ["numpy", "torch"]
    assert not loaded


def test_the_idiom_takes_the_cpu_and_full_precision(torch_runs: tuple[Any, bool]) -> None:
    assert torch_runs[0]["a_device"]["stdout"] == "cpu\nieee ieee\n"


def test_data_comes_back_without_torch(torch_runs: tuple[Any, bool]) -> None:
    run = torch_runs[0]["a_device"]
    assert run["values"]["pixels"] == [[0, 1], [2, 3]]
    assert run["pair"] == "{'pair': (array([[0., 2.],\n       [4., 6.]], dtype=float32), 1)}"
    assert run["shape"] == [2, 2]
    assert set(run["types"]) == {"accelerator", "pixels", "doubled", "shape"}


def test_a_torch_snippet_leaves_nothing_for_the_next(torch_runs: tuple[Any, bool]) -> None:
    assert torch_runs[0]["b_sets"]["error"] is None
    run = torch_runs[0]["c_reads"]
    assert run["stdout"] == "tensor(0.3333) torch.float32 True\n"
    assert run["values"]["drawn"] != run["values"]["seeded"]


@pytest.mark.parametrize(
    ("name", "line", "message"),
    [
        ("d_raises", 2, "RuntimeError: "),
        ("e_loops", None, "TimeoutError: still running after 3 s"),
    ],
)
def test_a_torch_snippet_that_fails_stops_no_other(
    torch_runs: tuple[Any, bool], name: str, line: int | None, message: str
) -> None:
    runs, _ = torch_runs
    found_line, found = runs[name]["error"]
    assert found.startswith(message)
    assert line in (None, found_line)
    assert runs["f_after"]["stdout"] == "1\n"


def test_an_absent_device_fails(project: Project) -> None:
    project.snippet("idea", "print(1)\n", "1\n")
    absent = "mps" if Path("/proc").exists() else "cuda"
    said = f"{absent} is not available on this machine: torch "
    run = project.proof("run", "idea", "--device", absent, code=1)
    assert run.stdout == ""
    assert run.stderr.startswith(said)
    assert run.stderr.count("\n") == 1
