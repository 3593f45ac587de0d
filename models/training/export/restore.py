"""Published weights back into the PyTorch module, to train on where the checkpoints are gone."""

import copy
from pathlib import Path

import torch
from torch import nn

from . import model_json
from .trace import trace


@torch.no_grad()
def restore(network: nn.Module, folder: Path) -> None:
    """Gives `network` the float16 weights that `folder` holds.

    The exporter only moves weights around. A copy whose every weight is its own number shows where each one went.
    """
    published = model_json.read(folder)
    numbered = copy.deepcopy(network).double()  # float32 counts to 16 million only
    parameters = list(numbered.parameters())
    ends = torch.tensor([parameter.numel() for parameter in parameters]).cumsum(0)
    for parameter, end in zip(parameters, ends):
        parameter.copy_(torch.arange(int(end) - parameter.numel(), int(end)).view(parameter.shape))
    moved = trace(numbered, network.channels + 1)
    weights = torch.full((int(ends[-1]),), torch.nan)
    for name, numbers in moved.weights.items():
        values = published.weights.get(name)
        if values is None or values.shape != numbers.shape:
            raise ValueError(f"Expected {folder} to hold {name} of shape {numbers.shape}. Is it this architecture?")
        if numbers.dtype.kind == "f":
            weights[torch.from_numpy(numbers).long()] = torch.from_numpy(values)
    if weights.isnan().any():
        raise ValueError(f"Expected {folder} to hold every weight of the network, but some are missing.")
    for parameter, part in zip(network.parameters(), weights.split([p.numel() for p in parameters])):
        parameter.copy_(part.view(parameter.shape))
