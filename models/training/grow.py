"""A small network's weights into a larger one of the same architecture, which then starts where the small one ended.

Channels and blocks are added so that the function stays: old outputs do not read new channels, and new blocks add
nothing. Gradients reach all of them at once (Chen et al., "Net2Net", 2016, copies channels instead; copies have to be
told apart by noise first).
"""

import copy

import torch
from torch import Tensor, nn


@torch.no_grad()
def grow(network: nn.Module, smaller: nn.Module) -> None:
    """Gives `network` the function of `smaller`. Residual blocks that only `network` has are made to add nothing."""
    modules, weights = dict(network.named_modules()), dict(network.named_parameters())
    old = dict(smaller.named_parameters())
    unknown = sorted(set(old) - set(weights))
    if unknown:
        raise ValueError(f"Expected a network that contains the smaller one, but it has no {unknown[0]}.")
    for name, parameter in weights.items():
        if name in old:
            transposed = isinstance(modules[name.rpartition(".")[0]], nn.ConvTranspose2d)
            embed(parameter, old[name], outputs=1 if transposed else 0)
        elif ".second." in name:
            parameter.zero_()


@torch.no_grad()
def without_noise_map(network: nn.Module, sigma: float) -> nn.Module:
    """A blind copy of a conditioned U-Net, which takes all noise for `sigma` (0..255)."""
    blind = copy.deepcopy(network)
    weight = network.head.weight  # [out, (channels + 1) * r * r, k, k]: the map comes last
    kept = network.channels * network.unshuffle**2
    blind.head = nn.Conv2d(kept, weight.shape[0], 3, padding=1)
    blind.head.weight.copy_(weight[:, :kept])
    blind.head.bias.copy_(network.head.bias + weight[:, kept:].sum(dim=(1, 2, 3)) * sigma / 255)
    blind.conditioned = False
    return blind


def embed(parameter: Tensor, old: Tensor, outputs: int) -> None:
    """Writes `old` into the first channels of `parameter`, whose dimension `outputs` counts the outputs."""
    if any(size > room for size, room in zip(old.shape, parameter.shape)):
        raise ValueError(f"Expected room for {tuple(old.shape)} but received {tuple(parameter.shape)}.")
    if parameter.dim() > 1:
        parameter.narrow(outputs, 0, old.shape[outputs]).zero_()
    parameter[tuple(slice(size) for size in old.shape)] = old
