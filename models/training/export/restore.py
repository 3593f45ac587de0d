"""Published weights back into the PyTorch module, to train on where the checkpoints are gone."""

import copy
from pathlib import Path

import torch
from torch import nn

from ..infer import input_channels
from . import model_json, quantise
from .trace import Tracer


def restore(network: nn.Module, folder: Path) -> None:
    """Gives `network` the weights that `folder` holds: in float16, or in int8 where it has no others.

    The exporter moves weights around, repeats them and mixes them by orthogonal matrices: it is a linear map A with
    A^T A = D diagonal, so that D^-1 A^T undoes it. Automatic differentiation knows A^T.
    """
    published = model_json.read(folder)
    if not any(folder.glob("*.bin")):
        published = quantise.read(published, folder / "weights.q8")
    ones = copy.deepcopy(network).requires_grad_(True)
    parameters = list(ones.parameters())
    with torch.no_grad():
        for parameter in parameters:
            parameter.fill_(1)
    exported = Tracer(ones, input_channels(network)).weights
    for name, weight in exported.items():
        values = published.weights.get(name)
        if values is None or values.shape != weight.shape:
            shape = tuple(weight.shape)
            raise ValueError(f"Expected {folder} to hold {name} of shape {shape}. Is it this architecture?")
    names = [name for name, weight in exported.items() if weight.requires_grad]  # absent biases are constants

    def transposed(weights: list[torch.Tensor]) -> tuple[torch.Tensor | None, ...]:
        return torch.autograd.grad(
            [exported[name] for name in names], parameters, weights, retain_graph=True, allow_unused=True
        )

    diagonal = transposed([exported[name].detach() for name in names])
    sums = transposed([torch.from_numpy(published.weights[name]) for name in names])
    for (name, parameter), total, times in zip(network.named_parameters(), sums, diagonal):
        if times is None or not times.all():
            raise ValueError(f"Expected {folder} to hold every weight of the network, but {name} is missing.")
        parameter.data.copy_(total / times)
