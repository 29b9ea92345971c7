"""Names this machine's device, as records do; a program of its own, since it imports torch."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from typing import Any

import torch as installed_torch

torch: Any = installed_torch  # some of its functions carry no types


def describe(device: str) -> dict[str, str]:
    """Give the device's name, and the versions of what torch drives it with."""
    if device == "cuda":
        cudnn = str(torch.backends.cudnn.version())
        name = torch.cuda.get_device_name()
        return {"name": name, "CUDA": torch.version.cuda, "cuDNN": cudnn}
    if device == "mps":
        command = ("sysctl", "-n", "machdep.cpu.brand_string")
        return {"name": subprocess.check_output(command, text=True).strip()}
    # Which instructions torch uses decides the order of its sums.
    return {"name": f"{platform.machine()}, {torch.backends.cpu.get_cpu_capability()}"}


if __name__ == "__main__":
    print(json.dumps(describe(sys.argv[1])))
