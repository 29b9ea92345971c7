"""Our output sizes, receptive fields and parameter counts against what torch's layers have."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn


def torch_size(size: int, kernel: int, stride: int, padding: int) -> int:
    layer = nn.Conv1d(1, 1, kernel, stride, padding, device="meta")
    return layer(torch.empty(1, 1, size, device="meta")).shape[-1]


def parameters(layer: nn.Module) -> int:
    return sum(parameter.numel() for parameter in layer.parameters())


def test_output_sizes_are_those_of_torch(
    snippets: SimpleNamespace, random: np.random.Generator
) -> None:
    output_size = snippets.convolution_output_size.output_size
    rounded_down = 0
    for _ in range(200):
        size, kernel, stride, padding = random.integers([1, 1, 1, 0], [40, 8, 5, 4]).tolist()
        if kernel > size + 2 * padding:
            with pytest.raises(ValueError, match="does not fit"):
                output_size(size, kernel, stride, padding)
            with pytest.raises(RuntimeError):
                torch_size(size, kernel, stride, padding)
        else:
            found = output_size(size, kernel, stride, padding)
            assert found == torch_size(size, kernel, stride, padding)
            rounded_down += (size + 2 * padding - kernel) % stride > 0
    assert rounded_down > 20


def test_the_floor_of_a_fraction_is_no_error(snippets: SimpleNamespace) -> None:
    assert snippets.convolution_output_size.output_size(10, kernel=3, stride=2) == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"size": 0, "kernel": 1}, "must be at least 1, got"),
        ({"size": -4, "kernel": 3}, "must be at least 1, got"),
        ({"size": 4, "kernel": 0}, "must be at least 1, got"),
        ({"size": 4, "kernel": -3}, "must be at least 1, got"),
        ({"size": 4, "kernel": 3, "stride": 0}, "must be at least 1, got"),
        ({"size": 4, "kernel": 3, "stride": -1}, "must be at least 1, got"),
        ({"size": 4, "kernel": 3, "padding": -1}, "padding must not be negative, got -1"),
        ({"size": 4, "kernel": 5}, "a kernel of 5 does not fit in a padded size of 4"),
        (
            {"size": 1, "kernel": 6, "padding": 2},
            "a kernel of 6 does not fit in a padded size of 5",
        ),
    ],
)
def test_a_setting_that_cannot_be_is_refused(
    snippets: SimpleNamespace, arguments: dict[str, int], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        snippets.convolution_output_size.output_size(**arguments)


def test_receptive_fields_are_as_far_as_torch_sends_a_gradient(
    snippets: SimpleNamespace, random: np.random.Generator
) -> None:
    for _ in range(20):
        layers = [("conv", *random.integers([1, 1], [5, 4]).tolist()) for _ in range(4)]
        pixels = torch.zeros(1, 1, 400, dtype=torch.float64, requires_grad=True)
        values = pixels
        for (_, kernel, stride), (field, jump) in zip(
            layers, snippets.receptive_field_trace.receptive_fields(layers), strict=True
        ):
            layer = nn.Conv1d(1, 1, kernel, stride, bias=False, dtype=torch.float64)
            nn.init.ones_(layer.weight)
            values = layer(values)
            seen = [
                torch.autograd.grad(values[0, 0, place], pixels, retain_graph=True)[0][0, 0]
                .nonzero()
                .flatten()
                .tolist()
                for place in (0, 1)
            ]
            assert seen[0][-1] - seen[0][0] + 1 == field
            assert seen[1][0] - seen[0][0] == jump


@pytest.mark.parametrize("groups", [1, 2, 4, 8])
@pytest.mark.parametrize("kernel", [1, 3, 5])
def test_parameters_of_a_convolution_are_those_of_torch(
    snippets: SimpleNamespace, kernel: int, groups: int
) -> None:
    found = snippets.dilation_and_groups.conv_parameters(8, 16, kernel, groups)
    assert found == parameters(nn.Conv2d(8, 16, kernel, groups=groups, device="meta"))


@pytest.mark.parametrize(("inputs", "outputs"), [(8, 9), (9, 6)])
def test_groups_that_do_not_divide_the_channels_are_refused(
    snippets: SimpleNamespace, inputs: int, outputs: int
) -> None:
    with pytest.raises(ValueError, match=f"2 groups do not divide {inputs} and {outputs} channels"):
        snippets.dilation_and_groups.conv_parameters(inputs, outputs, 3, groups=2)
    with pytest.raises(ValueError, match="divisible by groups"):
        nn.Conv2d(inputs, outputs, 3, groups=2)


def test_the_photo_s_parameters_are_those_of_torch(snippets: SimpleNamespace) -> None:
    ours = snippets.dense_versus_conv_parameters
    inputs = ours.height * ours.width * ours.channels
    dense = nn.Linear(inputs, ours.hidden_units, device="meta")
    assert ours.dense_parameters == parameters(dense)
    conv = nn.Conv2d(ours.channels, ours.filters, ours.kernel_size, device="meta")
    assert ours.conv_parameters == parameters(conv)


@pytest.mark.parametrize("kernel", [1, 2, 3, 5])
@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_the_span_of_a_dilated_kernel_is_what_torch_needs(
    snippets: SimpleNamespace, kernel: int, dilation: int
) -> None:
    span = snippets.dilation_and_groups.dilated_span(kernel, dilation)
    layer = nn.Conv1d(1, 1, kernel, dilation=dilation, device="meta")
    assert layer(torch.empty(1, 1, span, device="meta")).shape[-1] == 1
    if span > 1:
        with pytest.raises(RuntimeError):
            layer(torch.empty(1, 1, span - 1, device="meta"))
