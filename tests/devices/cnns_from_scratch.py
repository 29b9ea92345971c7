"""The torch twins of the lesson's NumPy snippets; `proof.twins` says what a twin is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.functional import (
    avg_pool2d,
    conv1d,
    conv2d,
    conv_transpose1d,
    linear,
    max_pool2d,
    relu,
)

Computed = dict[str, Any]


def on(device: torch.device, array: object) -> torch.Tensor:
    """Put an array of at most two dimensions on a device, as float32."""
    return torch.from_numpy(np.asarray(array, dtype=np.float32)).to(device)


def image(device: torch.device, array: object) -> torch.Tensor:
    """Put an image or a kernel on a device, with a batch and a channel of one."""
    return on(device, array)[None, None]


def place(index: torch.Tensor, columns: int) -> tuple[int, int]:
    """Give the row and the column of a flat index."""
    return divmod(int(index.item()), columns)


def size(module: nn.Module) -> int:
    """Count a layer's weights and biases."""
    return sum(parameter.numel() for parameter in module.parameters())


def one_convolution_window(snippet: SimpleNamespace, device: torch.device) -> Computed:
    products = on(device, snippet.window) * on(device, snippet.kernel)
    response = conv2d(image(device, snippet.window), image(device, snippet.kernel))
    return {"row_contributions": products.sum(dim=1), "first_response": response}


def slide_the_kernel(snippet: SimpleNamespace, device: torch.device) -> Computed:
    feature_map = conv2d(image(device, snippet.patch), image(device, snippet.kernel))[0, 0]
    strongest = place(feature_map.argmax(), feature_map.shape[1])
    return {"feature_map": feature_map, "strongest": strongest}


def cnn_forward_numpy(snippet: SimpleNamespace, device: torch.device) -> Computed:
    feature_map = conv2d(image(device, snippet.patch), image(device, snippet.kernel))
    features = max_pool2d(relu(feature_map), 2).flatten()
    logits = linear(features, on(device, snippet.weights), on(device, snippet.bias))
    return {"feature_map": feature_map, "features": features, "logits": logits}


def max_pooling_winners(snippet: SimpleNamespace, device: torch.device) -> Computed:
    feature_map = image(device, snippet.feature_map)
    pooled, winners = max_pool2d(feature_map, 2, return_indices=True)
    places = [place(winner, feature_map.shape[3]) for winner in winners.flatten()]
    return {"pooled": pooled, "winners": places}


def padding_border_evidence(snippet: SimpleNamespace, device: torch.device) -> Computed:
    kernel = image(device, snippet.kernel)

    def windows(pixel: tuple[int, int], padding: int) -> torch.Tensor:
        lit = torch.zeros(1, 1, snippet.image_size, snippet.image_size, device=device)
        lit[0, 0, *pixel] = 1
        return conv2d(lit, kernel, padding=padding).sum()

    return {
        "evidence(edge, padding=0)": windows(snippet.edge, 0),
        "evidence(center, padding=0)": windows(snippet.center, 0),
        "evidence(edge, padding=1)": windows(snippet.edge, 1),
    }


def convolution_output_size(_: SimpleNamespace, device: torch.device) -> Computed:
    def sizes(side: int, stride: int = 1, padding: int = 0) -> tuple[int, int]:
        layer = nn.Conv2d(1, 1, 3, stride, padding, device=device)
        return side, layer(torch.zeros(1, 1, side, side, device=device)).shape[3]

    return {
        "4, worked_patch": sizes(4),
        "4, same_size_patch": sizes(4, padding=1),
        "224, strided_photo": sizes(224, stride=2, padding=1),
    }


def receptive_field_trace(snippet: SimpleNamespace, device: torch.device) -> Computed:
    """Trace by gradients which pixels a value depends on."""
    pixels = torch.ones(1, 1, 24, 24, device=device, requires_grad=True)
    values: torch.Tensor = pixels
    computed = {}
    for index, (kind, kernel, stride) in enumerate(snippet.layers):
        if kind == "conv":
            weight = torch.ones(1, 1, kernel, kernel, device=device)
            values = conv2d(values, weight, stride=stride)
        else:  # the mean: a maximum sends its gradient to one of the pixels that may win
            values = avg_pool2d(values, kernel, stride)

        def columns(column: int, values: torch.Tensor = values) -> torch.Tensor:
            (gradient,) = torch.autograd.grad(values[0, 0, 0, column], pixels, retain_graph=True)
            return gradient[0, 0, 0].nonzero().flatten()

        first, second = columns(0), columns(1)
        found = [kernel, kernel, len(first), (second[0] - first[0])]
        computed[f"layers[{index}][1], layers[{index}][1], trace[{index}]"] = found
    return computed


def rgb_filter_parameters(snippet: SimpleNamespace, device: torch.device) -> Computed:
    photo = torch.zeros(snippet.input_shape, device=device)
    layer = nn.Conv2d(3, 16, 3, device=device)
    return {
        "input_shape": tuple(photo.shape),
        "filters[0].shape": tuple(layer.weight[0].shape),
        "output_channels": layer(photo).shape[0],
        "parameters": size(layer),
    }


def dense_versus_conv_parameters(snippet: SimpleNamespace, device: torch.device) -> Computed:
    numbers = snippet.height * snippet.width * snippet.channels
    dense = torch.nn.utils.skip_init(nn.Linear, numbers, snippet.hidden_units, device=device)
    conv = nn.Conv2d(snippet.channels, snippet.filters, snippet.kernel_size, device=device)
    counts = {}
    for name, layer in (("dense", dense), ("conv", conv)):
        names = f"{name}_parameters, {name}_weights, {name}_biases"
        counts[names] = [size(layer), layer.weight.numel(), layer.bias.numel()]
    return {**counts, "ratio": size(dense) / size(conv)}


def dilation_and_groups(_: SimpleNamespace, device: torch.device) -> Computed:
    computed: Computed = {}
    for dilation in (1, 2):
        pixels = torch.ones(1, 1, 9, 9, device=device, requires_grad=True)
        weight = torch.ones(1, 1, 3, 3, device=device)
        response = conv2d(pixels, weight, dilation=dilation)[0, 0, 0, 0]
        (gradient,) = torch.autograd.grad(response, pixels)
        touched = gradient[0, 0, 0].nonzero()
        span = touched.max() - touched.min() + 1
        computed[f"3, 3, {dilation}, dilated_span(3, {dilation})"] = [3, 3, dilation, span]
    for groups in (1, 2, 8):
        layer = nn.Conv2d(8, 16, 3, groups=groups, device=device)
        numbers = [8, 16, groups, size(layer)]
        computed[f"8, 16, {groups}, conv_parameters(8, 16, 3, {groups})"] = numbers
    return computed


def correlation_or_convolution(snippet: SimpleNamespace, device: torch.device) -> Computed:
    impulse = on(device, snippet.impulse)[None, None]
    lopsided = on(device, snippet.lopsided)[None, None]
    return {
        "correlated": conv1d(impulse, lopsided, padding=1),
        "convolved": conv_transpose1d(impulse, lopsided, padding=1),
        "flipped_first": conv1d(impulse, lopsided.flip(2), padding=1),
    }


def shift_the_bright_line(snippet: SimpleNamespace, device: torch.device) -> Computed:
    kernel = image(device, snippet.kernel)

    def strided(row: int) -> torch.Tensor:
        return relu(conv2d(image(device, snippet.line_at(row)), kernel, stride=2)).max()

    plain = relu(conv2d(torch.ones(1, 1, 8, 8, device=device), kernel, padding=1))
    return {
        "2, strided_start, strided_lower": [2, strided(3), strided(4)],
        "plain[0, 4], plain[4, 4]": [plain[0, 0, 0, 4], plain[0, 0, 4, 4]],
    }


def tf32_rounding(snippet: SimpleNamespace, device: torch.device) -> Computed:
    def rounded(values: torch.Tensor) -> torch.Tensor:
        bits = values.view(torch.int32)
        return ((bits + 0x0FFF + ((bits >> 13) & 1)) & ~0x1FFF).view(torch.float32)

    computed: Computed = {}
    for name, factor in (("float32", torch.clone), ("tf32", rounded)):
        kernel, weights = (factor(on(device, array)) for array in (snippet.kernel, snippet.weights))
        feature_map = conv2d(factor(image(device, snippet.patch)), kernel[None, None])
        feature = factor(feature_map.max())[None]
        logits = linear(feature, weights, on(device, snippet.bias))
        computed[f"{name}_response, {name}_logits"] = [feature_map[0, 0, 0, 0], logits]
    return computed
