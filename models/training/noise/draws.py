"""Random parameters, one per image: [N]."""

import math

import torch
from torch import Tensor


def uniform(count: int, low: float, high: float, generator: torch.Generator) -> Tensor:
    return low + (high - low) * torch.rand(count, generator=generator)


def log_uniform(count: int, low: float, high: float, generator: torch.Generator) -> Tensor:
    return uniform(count, math.log(low), math.log(high), generator).exp()


def chosen(count: int, share: float, generator: torch.Generator) -> Tensor:
    """[N] bool, true with probability `share`."""
    return torch.rand(count, generator=generator) < share


def one_of(options: int, generator: torch.Generator) -> int:
    return int(torch.randint(options, (), generator=generator))


def over_image(parameters: Tensor) -> Tensor:
    """[N] or [N,C] -> [N,1,1,1] or [N,C,1,1]."""
    return parameters.view(len(parameters), -1, 1, 1)
