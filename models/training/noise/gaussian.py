"""Additive Gaussian noise, the ways that it reaches a denoiser. Sigma is on the 0..255 scale."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor


def draw_sigmas(count: int, highest: float, power: float, generator: torch.Generator) -> Tensor:
    """[count] sigmas in 0..highest; a power above 1 draws low ones more often, which a uniform draw neglects."""
    return highest * torch.rand(count, generator=generator) ** power


def as_grey(images: Tensor, chosen: Tensor) -> Tensor:
    """[N,3,H,W]: those of `chosen` [N] in grey (Rec. 601, rounded to 8 bits), as three equal channels."""
    weights = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
    grey = ((images * weights).sum(dim=1, keepdim=True) * 255).round() / 255
    return torch.where(chosen.view(-1, 1, 1, 1), grey, images)


BLUR_RADIUS = 2  # px
BLUR_SD = (0.35, 0.85)  # px: neighbouring pixels then correlate by 0.13 to 0.71; phones' sRGB files by 0.4 to 0.5


def correlated_noise(shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """[N,C,H,W] of variance 1, smooth as demosaicing leaves it: white noise under a small Gaussian of random width."""
    count, channels, height, width = shape
    margin = 2 * BLUR_RADIUS
    white = torch.randn((count, channels, height + margin, width + margin), generator=generator)
    lowest, highest = BLUR_SD
    sd = lowest + (highest - lowest) * torch.rand(count, generator=generator)
    offsets = torch.arange(-BLUR_RADIUS, BLUR_RADIUS + 1).float()
    taps = torch.exp(-(offsets**2) / (2 * sd.view(-1, 1) ** 2))  # [N, 5]
    kernels = taps[:, :, None] * taps[:, None, :]
    kernels = kernels / kernels.square().sum(dim=(1, 2), keepdim=True).sqrt()
    filters = kernels.repeat_interleave(channels, dim=0)[:, None]  # [N * C, 1, 5, 5]
    blurred = F.conv2d(white.flatten(0, 1)[None], filters, groups=count * channels)
    return blurred.view(shape)


def add_noise(
    clean: Tensor, sigmas: Tensor, clipped: Tensor, grey: Tensor, correlated: Tensor, generator: torch.Generator
) -> Tensor:
    """Noisy copies of `clean` [N,C,H,W] (0..1), Gaussian with standard deviations `sigmas` [N].

    Where `clipped` [N] is true they are clipped and rounded, as an 8-bit file is. Where `grey` [N] is true all channels
    get the same noise: a network that only ever saw independent noise in them leaves that of a grey image nearly whole.
    Where `correlated` [N] is true neighbouring pixels' noise is alike: without it, cameras' noise is taken for texture.
    """
    noise = torch.randn(clean.shape, generator=generator)
    smooth = int(correlated.sum())
    if smooth > 0:
        noise[correlated] = correlated_noise((smooth, *clean.shape[1:]), generator)
    noise = torch.where(grey.view(-1, 1, 1, 1), noise[:, :1], noise)
    noisy = clean + noise * (sigmas / 255).view(-1, 1, 1, 1)
    as_file = (noisy.clamp(0, 1) * 255).round() / 255
    return torch.where(clipped.view(-1, 1, 1, 1), as_file, noisy)


def evaluation_noise(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Standard normal noise [H,W,C] of a judged image: numpy's PCG64, one fixed seed per image."""
    return np.random.default_rng(seed).standard_normal(shape)
