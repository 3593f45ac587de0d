"""Noise that takes each value by itself. Values 0..1 of any shape, and as many random numbers as the definition needs.

`models/noise/` has the same definitions. `sigma` is on the 0..255 scale. Nothing is clipped unless it is said.
Parameters are numbers, or tensors that broadcast over the images.
"""

import torch
from torch import Tensor

FEWEST_EXACT = 32  # photons: from here on, Cornish and Fisher's expansion is right to a photon


def gaussian(images: Tensor, normal: Tensor, sigma: Tensor | float) -> Tensor:
    return images + normal * sigma / 255


def noise_factor(images: Tensor, normal: Tensor, factor: float) -> Tensor:
    """As courses on autoencoders add it: `factor` is a standard deviation on 0..1, and the result is clipped."""
    return (images + factor * normal).clamp(0, 1)


def speckle(images: Tensor, normal: Tensor, sigma: Tensor | float) -> Tensor:
    """Multiplied by Gaussian numbers of mean 1; `sigma` is that of the noise on white."""
    return images + images * normal * sigma / 255


def poisson(images: Tensor, normal: Tensor, peak: Tensor | float) -> Tensor:
    """Shot noise: white is `peak` photons on average, others in proportion; may exceed 1.

    The count is the Poisson distribution's quantile where `normal` is the normal distribution's.
    """
    mean = images.clamp(0, 1) * peak
    many = (mean + mean.sqrt() * normal + (normal.square() - 1) / 6 + 0.5).floor().clamp(min=0)
    few = mean.clamp(max=FEWEST_EXACT)
    quantile = torch.special.ndtr(normal)
    count = torch.zeros_like(mean)
    probability = torch.exp(-few)
    cumulative = probability.clone()
    for photons in range(1, 4 * FEWEST_EXACT):
        above = quantile > cumulative
        if not above.any():
            break
        count = torch.where(above, photons, count)
        probability = probability * few / photons
        cumulative = cumulative + probability
    return torch.where(mean < FEWEST_EXACT, count, many) / peak


def salt_and_pepper(images: Tensor, uniform: Tensor, share: Tensor | float) -> Tensor:
    """A `share` (0..1) of all values turns black or white, each as likely; channels on their own."""
    return torch.where(uniform < share / 2, 0.0, torch.where(uniform > 1 - share / 2, 1.0, images))


def quantise(images: Tensor, levels: int) -> Tensor:
    """The nearest of `levels` equally spaced values from 0 to 1."""
    return (images.clamp(0, 1) * (levels - 1) + 0.5).floor() / (levels - 1)
