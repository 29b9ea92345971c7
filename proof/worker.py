"""The process in which snippets run; `proof.runs` starts one for those with torch, one for others.

Called with a limit in seconds and, where torch is to be loaded, the device for it; there, a
snippet without torch stands for its twin. The snippets' paths come on standard input, a line
each, until that is closed. It answers on standard output, in pickles, each after a line with its
length: first why it cannot begin, or "", then a Run for each snippet, its values pickled one by
one. A snippet that overruns the limit ends the process, with faulthandler's account of where it was
as the last answer.
"""

from __future__ import annotations

import faulthandler
import gc
import importlib
import io
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

from proof.execution import Run, run_snippet
from proof.project import uses_torch


def main(limit: float, device: str = "") -> None:
    """Run the snippets named on standard input."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # on Ctrl-C the parent speaks
    # Only answers go to the pipe; what a library prints from C goes to standard error. Nor does a
    # snippet that asks for input get a path.
    with os.fdopen(os.dup(0), "rb") as asked, os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        with open(os.devnull) as nothing:  # noqa: PTH123 - only its descriptor is needed
            os.dup2(nothing.fileno(), 0)
        trouble = _load_torch(device) if device else ""
        _send(answers, trouble)
        if not trouble:
            run = _on(device) if device else run_snippet
            for line in asked:
                path = Path(line.decode().removesuffix("\n"))
                if device:
                    _reset_torch()
                with _limited(limit, answers):
                    found = run(path)
                _send(answers, replace(found, values=_picklable(found.values)))
    os._exit(0)  # torch takes long to unload


@contextmanager
def _limited(limit: float, answers: BinaryIO) -> Iterator[None]:
    """End the process after a time: nothing less ends a loop in C, or one that catches all."""
    faulthandler.dump_traceback_later(limit, exit=True, file=answers.fileno())
    yield
    faulthandler.cancel_dump_traceback_later()


def _load_torch(device: str) -> str:
    """Import torch and make it use the device; give the reason if it cannot."""
    gc.disable()  # nothing that an import makes is garbage
    try:
        torch: Any = importlib.import_module("torch")
    except ImportError as error:
        return f"torch cannot be imported: {error}"
    gc.enable()
    if device == "cpu":
        torch.accelerator.current_accelerator = _no_accelerator
    else:
        available = torch.cuda.is_available if device == "cuda" else torch.backends.mps.is_available
        if not available():
            return (
                f"{device} is not available on this machine: torch {torch.__version__} finds none"
            )
    return ""


def _no_accelerator(check_available: bool = False) -> None:
    """Stand in for torch's function, so that a snippet falls back on the CPU."""


def _on(device: str) -> Callable[[Path], Run]:
    """Give the function that runs a snippet, or its twin, and refuses what is not portable."""
    from proof.strict import strict  # these two import torch
    from proof.twins import run_twin

    return lambda path: run_snippet(path, strict) if uses_torch(path) else run_twin(path, device)


def _reset_torch() -> None:
    """Undo what an earlier snippet set for the whole process; begin with full precision."""
    torch: Any = sys.modules["torch"]
    # TF32 would cost about three decimal digits.
    torch.backends.cudnn.conv.fp32_precision = "ieee"
    torch.backends.cuda.matmul.fp32_precision = "ieee"
    torch.set_default_dtype(torch.float32)
    torch.set_printoptions(profile="default")
    torch.set_grad_enabled(True)


def _send(answers: BinaryIO, message: object) -> None:
    content = pickle.dumps(message)
    try:
        answers.write(b"%d\n%b" % (len(content), content))
        answers.flush()
    except BrokenPipeError:  # the parent is gone
        os._exit(1)


class _DataPickler(pickle.Pickler):
    """Pickles what the parent can read without torch: data, and what is imported by name."""

    def reducer_override(self, value: Any) -> Any:
        """Turn tensors into arrays, sizes into tuples and modules into names; refuse torch's."""
        torch: Any = sys.modules.get("torch")
        if torch and isinstance(value, torch.Tensor):
            return value.detach().cpu().numpy().__reduce__()
        if torch and isinstance(value, torch.Size):
            return tuple, (list(value),)
        if isinstance(value, ModuleType):
            home = value.__name__
        else:
            home = getattr(value, "__module__", None) or type(value).__module__
        # The parent has what a snippet defines only where that needs no torch.
        if home.partition(".")[0] in ({"torch", "__main__"} if torch else ()):
            raise pickle.PicklingError(f"not data: {value!r}")
        return (
            (importlib.import_module, (home,)) if isinstance(value, ModuleType) else NotImplemented
        )


def _picklable(values: dict[str, Any]) -> dict[str, bytes]:
    """Pickle each value that the parent can read."""
    pickled = {}
    for name, value in values.items():
        target = io.BytesIO()
        try:
            _DataPickler(target).dump(value)
        except Exception:  # whatever it raises, this value is not data
            continue
        pickled[name] = target.getvalue()
    return pickled


if __name__ == "__main__":
    main(float(sys.argv[1]), *sys.argv[2:])
