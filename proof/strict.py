"""Finds, on any machine, what a Mac's MPS would refuse or is known to compute wrongly.

Imported in torch's own process alone. Of torch's versions that the project allows, some have
these errors: pytorch/pytorch#192212 (the weight of a convolution), #161640 (that of a linear
layer), #180984 and #174345 (slices of channels-last tensors).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.nn.functional import linear
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

MISSING = {
    torch.float64: "MPS has no float64; make it float32, or the array it comes from",
    torch.complex128: "MPS has no complex128; make it complex64",
}

WEIGHTS = {"convolution": 1, "convolution_backward": 2}  # the place of the weight among arguments


class NotPortable(BaseException):
    """A device would refuse an operation, or get it wrong; no Exception, so that few catch it."""


@contextmanager
def strict() -> Iterator[None]:
    """Raise NotPortable, in this thread, at each operation that MPS cannot be trusted with."""
    with _Calls(), _Operations():
        yield


class _Calls(TorchFunctionMode):
    """Sees calls as they are written: further down, no weight of a linear layer is contiguous."""

    def __torch_function__(
        self, func: Any, _types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        """Look at one call."""
        kwargs = kwargs or {}
        if func is linear:
            _refuse_strided_weight("linear", kwargs["weight"] if "weight" in kwargs else args[1])
        return func(*args, **kwargs)


class _Operations(TorchDispatchMode):
    """Sees every operation, those of layers and of gradients too."""


def _look_at_operation(
    _mode: _Operations, func: Any, _types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
) -> Any:
    """Look at one operation, what it takes and what it gives."""
    kwargs = kwargs or {}
    name = func.overloadpacket.__name__
    result = func(*args, **kwargs)
    for tensor in _tensors((args, kwargs, result)):
        if tensor.dtype in MISSING:
            dtype = str(tensor.dtype).removeprefix("torch.")
            raise NotPortable(f"{name} has a {dtype} tensor; {MISSING[tensor.dtype]}")
    if name in WEIGHTS:
        _refuse_strided_weight(name, args[WEIGHTS[name]])
    if any(part in name for part in ("convolution", "batch_norm", "avg_pool2d")):
        for tensor in _tensors((args, kwargs)):
            if _is_slice_of_channels_last(tensor):
                raise NotPortable(
                    f"{name} takes a slice of a channels-last tensor, which MPS reads wrongly; "
                    "give it slice.contiguous()"
                )
    return result


# A method that the class is born with would be wrapped by torch: a second, to import its compiler.
_Operations.__torch_dispatch__ = _look_at_operation


def _tensors(tree: Any) -> Iterator[torch.Tensor]:
    return (leaf for leaf in tree_leaves(tree) if isinstance(leaf, torch.Tensor))


def _refuse_strided_weight(name: str, weight: torch.Tensor) -> None:
    if not weight.is_contiguous():
        raise NotPortable(
            f"{name} takes a weight that is not contiguous, which MPS reads wrongly; "
            "give it weight.contiguous()"
        )


def _is_slice_of_channels_last(tensor: torch.Tensor) -> bool:
    if tensor.dim() != 4 or tensor.is_contiguous() or tensor.stride(1) >= tensor.stride(3):
        return False
    whole = tensor.is_contiguous(memory_format=torch.channels_last)
    return not whole or tensor.storage_offset() > 0
