"""Says whether a device computes a convolution as the CPU does: some virtual Macs do not.

Called with the device. Exits with 1, and a line that says why, where it cannot be trusted.
"""

from __future__ import annotations

import sys

import torch
from torch.nn.functional import conv2d


def main(device: str) -> str:
    """Give what is wrong with the device, or nothing."""
    torch.manual_seed(0)
    images, weights = torch.rand(2, 3, 32, 32), torch.rand(8, 3, 3, 3)
    try:
        found = conv2d(images.to(device), weights.to(device)).cpu()
    except (AssertionError, RuntimeError) as error:
        return f"{device} does not run a convolution: {' '.join(str(error).split())}"
    off = (found - conv2d(images, weights)).abs().max().item()
    return f"{device} computes a convolution wrongly: it is {off:.2g} off" if off > 1e-3 else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) or 0)
