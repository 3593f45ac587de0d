"""Pairs for a denoiser that is told nothing: the mixture of noises that photographs from anywhere come with.

Half of it is a sensor's noise, developed as cameras do. The rest keeps the network from relying on just that model:
white and smooth Gaussian noise, chains of several kinds, and clean photographs, which are to come back as they are.
"""

import torch
from torch import Tensor

from .chain import chained_noise
from .draws import chosen, over_image, uniform
from .finish import LUMA, blur, blur_chroma, jpeg_file, rescale, rounded, sharpen
from .gaussian import correlated_noise, draw_sigmas
from .raw import darkened, raw_noise
from .sensor import encode_srgb

SHARES = {"raw": 0.50, "white": 0.15, "smooth": 0.15, "chain": 0.08, "clean": 0.12}
# Sensors' full resolution is softer than shrunken photographs and shows less of a scene: SIDD's clean crops have a
# quarter of the gradients of usual training patches.
SOFT_SHARE, SOFT_SDS = 0.35, (0.4, 1.5)  # px
ENLARGED_SHARE, ENLARGEMENTS = 0.3, (1.2, 3.5)
GREY_SHARE = 0.06
JPEG_SHARE, JPEG_QUALITIES, HALF_COLOUR_SHARE = 0.5, (50, 98), 0.5
RESCALE_SHARE, RESCALES = 0.12, (0.5, 1.3)
WHITE_SIGMA, WHITE_POWER = 55.0, 1.2
SMOOTH_SIGMA, SMOOTH_POWER = 80.0, 1.7


def white_noise(clean: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    sigmas = draw_sigmas(len(clean), WHITE_SIGMA, WHITE_POWER, generator)
    return clean + torch.randn(clean.shape, generator=generator) * over_image(sigmas / 255), clean


def smooth_noise(clean: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Correlated Gaussian noise, of another strength in each channel and brightness, and in part common to them."""
    count = len(clean)
    sigmas = draw_sigmas(count, SMOOTH_SIGMA, SMOOTH_POWER, generator)
    red, blue = (uniform(count, 0.6, 1.4, generator) for _ in range(2))
    channels = torch.stack([red, torch.ones(count), blue], dim=1)
    common = over_image(uniform(count, 0, 0.6, generator))
    slope = over_image(uniform(count, -0.8, 0.5, generator))  # below 0: the dark is noisier
    noise = correlated_noise(clean.shape, generator)
    shared = (1 - common).sqrt() * noise + common.sqrt() * noise.mean(dim=1, keepdim=True) * 3**0.5
    strength = over_image(sigmas / 255) * over_image(channels) * (1 + slope * (2 * clean - 1))
    return clean + shared * strength, clean


def no_noise(clean: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Photographs as they are, half of them with less light."""
    darker = encode_srgb(darkened(clean, 0.5, generator))
    return darker, darker


def in_camera(noisy: Tensor, clean: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """A camera's own denoising, which smooths the noise and above all its colours, and sharpening of the picture."""
    count = len(clean)
    residual = noisy - clean
    chroma = blur_chroma(residual, uniform(count, 0.5, 2, generator))
    residual = torch.where(over_image(chosen(count, 0.25, generator)), chroma, residual)
    smooth = blur(residual, uniform(count, 0.3, 0.8, generator))
    residual = torch.where(over_image(chosen(count, 0.15, generator)), smooth, residual)
    both = torch.cat([clean + residual, clean])
    sds, amounts = uniform(count, 0.6, 1.2, generator), uniform(count, 0.2, 1, generator)
    sharp = sharpen(both, sds.repeat(2), amounts.repeat(2))
    return torch.where(over_image(chosen(count, 0.2, generator).repeat(2)), sharp, both).chunk(2)


def sensor_noise(clean: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    return in_camera(*raw_noise(clean, generator), generator)


NOISES = {
    "raw": sensor_noise,
    "white": white_noise,
    "smooth": smooth_noise,
    "chain": chained_noise,
    "clean": no_noise,
}


def full_size(clean: Tensor, generator: torch.Generator) -> Tensor:
    """Some of the photographs enlarged, some blurred: as a sensor's full resolution shows them."""
    count = len(clean)
    clean = clean.clone()
    factors = uniform(count, *ENLARGEMENTS, generator)
    for i in chosen(count, ENLARGED_SHARE, generator).nonzero()[:, 0].tolist():
        clean[i] = rescale(clean[i : i + 1], float(factors[i]))[0]
    soft = blur(clean, uniform(count, *SOFT_SDS, generator))
    return torch.where(over_image(chosen(count, SOFT_SHARE, generator)), soft, clean)


def edited(noisy: Tensor, target: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Some of the pairs in another size, some in grey."""
    count = len(noisy)
    factors = uniform(count, *RESCALES, generator)
    for i in chosen(count, RESCALE_SHARE, generator).nonzero()[:, 0].tolist():
        noisy[i], target[i] = rescale(torch.stack([noisy[i], target[i]]), float(factors[i]))
    pairs = torch.stack([noisy, target])
    grey = (pairs * LUMA).sum(dim=2, keepdim=True)
    return torch.where(over_image(chosen(count, GREY_SHARE, generator)), grey, pairs).unbind()


def as_files(noisy: Tensor, generator: torch.Generator) -> Tensor:
    """Rounded to 8 bits, some of them by way of a JPEG file."""
    count = len(noisy)
    noisy = rounded(noisy)
    qualities = uniform(count, *JPEG_QUALITIES, generator)
    half_colour = chosen(count, HALF_COLOUR_SHARE, generator)
    for i in chosen(count, JPEG_SHARE, generator).nonzero()[:, 0].tolist():
        noisy[i] = jpeg_file(noisy[i], round(float(qualities[i])), bool(half_colour[i]))
    return noisy


def camera_pairs(clean: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Noisy photographs as 8-bit files hold them, and what a denoiser is to make of each; both [N,3,H,W], 0..1.

    The second is `clean` itself, or what the same camera would have made of it without noise: darker, larger, softer,
    sharper, in grey. Where there is no noise it is the first, a JPEG's blocks included.

    @param clean [N,3,H,W] of at least 16 x 16 px, 0..1, sRGB-coded and free of noise
    """
    clean = full_size(clean, generator)
    noisy, target = torch.empty_like(clean), torch.empty_like(clean)
    shares = torch.tensor(list(SHARES.values()))
    kinds = torch.multinomial(shares, len(clean), replacement=True, generator=generator)
    for kind, name in enumerate(SHARES):
        members = (kinds == kind).nonzero()[:, 0]
        if len(members) > 0:
            noisy[members], target[members] = NOISES[name](clean[members], generator)
    noisy, target = edited(noisy.clamp(0, 1), target, generator)
    noisy = as_files(noisy, generator)
    untouched = over_image(kinds == list(SHARES).index("clean"))
    return noisy, torch.where(untouched, noisy, target)
