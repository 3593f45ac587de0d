"""Several noises one after the other, as photographs have that went through many hands (BSRGAN, Zhang et al. 2021)."""

import torch
from torch import Tensor

from .draws import chosen, log_uniform, one_of, over_image, uniform
from .finish import jpeg_file, rescale
from .pixelwise import gaussian, poisson, salt_and_pepper, speckle


def added(noisy: Tensor, generator: torch.Generator) -> Tensor:
    """Alike in all channels, independent, or anything between."""
    count = len(noisy)
    sigmas = over_image(uniform(count, 2, 40, generator))
    normal = torch.randn(noisy.shape, generator=generator)
    grey = normal[:, :1]
    between = over_image(torch.rand(count, generator=generator))
    mixed = between.sqrt() * grey + (1 - between).sqrt() * normal.roll(1, dims=1)
    draw = over_image(torch.rand(count, generator=generator))
    return gaussian(noisy, torch.where(draw < 0.4, normal, torch.where(draw < 0.7, grey, mixed)), sigmas)


def shot(noisy: Tensor, generator: torch.Generator) -> Tensor:
    peaks = over_image(log_uniform(len(noisy), 30, 10_000, generator))
    return poisson(noisy, torch.randn(noisy.shape, generator=generator), peaks)


def multiplied(noisy: Tensor, generator: torch.Generator) -> Tensor:
    sigmas = over_image(uniform(len(noisy), 2, 40, generator))
    return speckle(noisy, torch.randn(noisy.shape, generator=generator), sigmas)


def impulses(noisy: Tensor, generator: torch.Generator) -> Tensor:
    """Dead and hot pixels, in one channel each."""
    shares = over_image(log_uniform(len(noisy), 1e-4, 0.02, generator))
    return salt_and_pepper(noisy, torch.rand(noisy.shape, generator=generator), shares)


LINKS = (added, added, shot, multiplied, impulses)


def chained_noise(clean: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Noisy and clean [N,3,H,W]: two noises, in half of them a change of size between, and a JPEG file."""
    noisy, target = clean.clone(), clean.clone()
    resized = chosen(len(clean), 0.5, generator)
    factors = uniform(len(clean), 0.5, 1.5, generator)
    qualities = uniform(len(clean), 40, 95, generator)
    half_colour = chosen(len(clean), 0.5, generator)
    for i in range(len(clean)):
        first, second = (LINKS[one_of(len(LINKS), generator)] for _ in range(2))
        image = first(noisy[i : i + 1], generator).clamp(0, 1)
        if resized[i]:
            image, target[i : i + 1] = rescale(torch.cat([image, target[i : i + 1]]), float(factors[i])).split(1)
        image = second(image, generator).clamp(0, 1)
        noisy[i] = jpeg_file(image[0], round(float(qualities[i])), bool(half_colour[i]))
    return noisy, target
