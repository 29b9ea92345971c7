"""A small trained network as a JSON file, for programs that have no torch."""

import copy
import json
from typing import Any

import torch
from torch import nn


def rounded(model: nn.Sequential, decimals: int) -> nn.Sequential:
    """Copy a network, with weights of few decimals."""
    model = copy.deepcopy(model)
    with torch.no_grad():
        for weights in model.parameters():
            weights.copy_(weights.double().round(decimals=decimals))
    return model


def dumps(facts: dict[str, Any], model: nn.Sequential, decimals: int) -> str:
    """Write facts about a network and its layers, a layer on a line.

    The weights have torch's shapes: (outputs, inputs, rows, columns) and (outputs, inputs).
    """
    layers = ",\n  ".join(json.dumps(_layer(layer, decimals)) for layer in model)
    head = json.dumps(facts, ensure_ascii=False)[1:-1]
    return f'{{{head},\n "layers": [\n  {layers}\n ]}}\n'


def _layer(layer: nn.Module, decimals: int) -> dict[str, Any]:
    match layer:
        case nn.Conv2d():
            named = {"type": "conv2d", "padding": layer.padding[0]}
        case nn.Linear():
            named = {"type": "linear"}
        case nn.MaxPool2d():
            return {"type": "max_pool2d", "size": layer.kernel_size}
        case nn.ReLU() | nn.Flatten():
            return {"type": type(layer).__name__.lower()}
        case _:
            raise ValueError(f"no notation for {layer}")
    weights = {name: _lists(tensor, decimals) for name, tensor in layer.named_parameters()}
    return named | weights


def _lists(tensor: torch.Tensor, decimals: int) -> Any:
    if tensor.ndim:
        return [_lists(part, decimals) for part in tensor]
    return round(tensor.item(), decimals)


def load(text: str) -> tuple[dict[str, Any], nn.Sequential]:
    """Read the facts and the network back."""
    facts = json.loads(text)
    layers: list[nn.Module] = []
    for layer in facts.pop("layers"):
        weight = torch.tensor(layer.get("weight", ()))
        match layer["type"]:
            case "conv2d":
                outputs, inputs, *size = weight.shape
                module: nn.Module = nn.Conv2d(inputs, outputs, size, padding=layer["padding"])
            case "linear":
                outputs, inputs = weight.shape
                module = nn.Linear(inputs, outputs)
            case "max_pool2d":
                module = nn.MaxPool2d(layer["size"])
            case "relu":
                module = nn.ReLU()
            case "flatten":
                module = nn.Flatten()
            case other:
                raise ValueError(f"no layer is of type {other!r}")
        if "weight" in layer:
            state = {"weight": weight, "bias": torch.tensor(layer["bias"])}
            module.load_state_dict(state)
        layers.append(module)
    return facts, nn.Sequential(*layers)
