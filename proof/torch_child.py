"""The process in which the snippets that use torch run; `proof.runs` starts and reads it.

Called with a device and a limit in seconds; the snippets' paths come on standard input, a line
each. It answers on standard output, in pickles: first why the device cannot be used, or "", then
a Run for each snippet.
"""

from __future__ import annotations

import gc
import importlib
import io
import os
import pickle
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from proof.execution import run_snippet


def main(device: str, limit: float) -> None:
    """Run the snippets named on standard input on one device."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # on Ctrl-C the parent speaks
    paths = [Path(line) for line in sys.stdin.read().splitlines()]
    # Only answers go to the pipe; what a library prints from C goes to standard error.
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        trouble = _prepare(device)
        _send(answers, trouble)
        if not trouble:
            for path in paths:
                _reset_torch()
                run = run_snippet(path, limit)
                _send(answers, replace(run, values=_picklable(run.values)))
    os._exit(0)  # torch takes long to unload


def _prepare(device: str) -> str:
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
    # TF32 would cost about three decimal digits.
    torch.backends.cudnn.conv.fp32_precision = "ieee"
    torch.backends.cuda.matmul.fp32_precision = "ieee"
    return ""


def _no_accelerator(check_available: bool = False) -> None:
    """Stand in for torch's function, so that a snippet falls back on the CPU."""


def _reset_torch() -> None:
    """Undo what an earlier snippet set for the whole process."""
    torch: Any = sys.modules["torch"]
    torch.set_default_dtype(torch.float32)
    torch.set_printoptions(profile="default")


def _send(answers: BinaryIO, message: object) -> None:
    try:
        pickle.dump(message, answers)
        answers.flush()
    except BrokenPipeError:  # the parent is gone
        os._exit(1)


class _DataPickler(pickle.Pickler):
    """Pickles data that the parent can read without torch and without the snippet."""

    def reducer_override(self, value: Any) -> Any:
        """Turn tensors into arrays and sizes into tuples; refuse what is not data."""
        torch: Any = sys.modules["torch"]
        if isinstance(value, torch.Tensor):
            return value.detach().cpu().numpy().__reduce__()
        if isinstance(value, torch.Size):
            return tuple, (list(value),)
        home = getattr(value, "__module__", None) or type(value).__module__
        if home.partition(".")[0] in {"torch", "__main__"}:
            raise pickle.PicklingError(f"not data: {value!r}")
        return NotImplemented


def _picklable(values: dict[str, Any]) -> dict[str, bytes]:
    """Pickle each value that is data."""
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
    main(sys.argv[1], float(sys.argv[2]))
