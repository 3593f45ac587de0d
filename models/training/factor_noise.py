"""The noise of the textbooks on autoencoders: x + factor N(0, 1), clipped to 0..1. Factors are on the 0..1 scale."""

import numpy as np
import torch
from torch import Tensor

from .noise import evaluation_noise


def add_drawn_noise(clean: Tensor, factors: list[float], generator: torch.Generator) -> Tensor:
    """Each picture of `clean` [N,C,H,W] gets one of `factors`, drawn evenly: one network then learns all of them."""
    drawn = torch.tensor(factors)[torch.randint(len(factors), (len(clean),), generator=generator)]
    normal = torch.randn(clean.shape, generator=generator)
    return (clean + drawn.view(-1, 1, 1, 1) * normal).clamp(0, 1)


def add_judged_noise(clean: Tensor, factor: float, first_seed: int = 0) -> Tensor:
    """Noise by which results are compared: each picture's is seeded by its place in its set, `first_seed` on."""
    count, channels, height, width = clean.shape
    shape = (height, width, channels)
    normal = np.stack([evaluation_noise(shape, seed) for seed in range(first_seed, first_seed + count)])  # [N,H,W,C]
    noise = torch.from_numpy(normal).permute(0, 3, 1, 2).float()
    return (clean + factor * noise).clamp(0, 1)
