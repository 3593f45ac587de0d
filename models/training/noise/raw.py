"""Photographs taken back to the sensor, with its noise, and developed again (Brooks et al., CVPR 2019, simplified)."""

import math

import torch
from torch import Tensor

from .draws import chosen, log_uniform, one_of, over_image, uniform
from .sensor import add_shot_and_read_noise, decode_srgb, demosaic, encode_srgb, mosaic

XYZ_FROM_SRGB = torch.tensor(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
# Four cameras', as given by Brooks et al.
CAMERAS_FROM_XYZ = torch.tensor(
    [
        [[1.0234, -0.2969, -0.2266], [-0.5625, 1.6328, -0.0469], [-0.0703, 0.2188, 0.6406]],
        [[0.4913, -0.0541, -0.0202], [-0.6130, 1.3513, 0.2906], [-0.1564, 0.2151, 0.7183]],
        [[0.8380, -0.2630, -0.0639], [-0.2887, 1.0725, 0.2496], [-0.0627, 0.1427, 0.5438]],
        [[0.6596, -0.2079, -0.0562], [-0.4782, 1.3016, 0.1933], [-0.0970, 0.1581, 0.5181]],
    ]
)

RED_GAINS = (1.2, 2.6)
BLUE_GAINS = (1.2, 2.8)
DARKEST = 0.05  # light is multiplied by up to this
BLACKEST = 0.004  # mean light that darkening leaves: less is black in the file, noise and all
DARK_SHARE = 0.65
SHOT = (3e-5, 0.025)  # from a good camera at its lowest ISO to a phone at its highest
SHOT_POWER = 0.75  # below 1: strong noise is drawn more often than uniformly on a log scale
READ_SHARE, MOST_READ = 0.6, 16  # times the lines' variance: SIDD's noise falls with brightness as if there were more
CURVE_SHARE, STRONGEST_CURVE = 0.35, 0.6  # of contrast
SHOULDER_SHARE, STRONGEST_SHOULDER = 0.5, 1.5  # brightens the dark and compresses the light, as phones do
GAMMAS = (1.9, 2.5)
SRGB_SHARE = 0.6  # developed by sRGB's own curve, the rest by a plain power
# Of sensors whose values below black are cut off before demosaicing, which lifts and tints the dark. An average of many
# exposures keeps that, and so do the targets: nobody can tell from one exposure what lay below black.
CUT_SHARE = 0.5
# Demosaicing is anything from bilinear to Malvar's, and a camera's colours anything from sRGB's to those above: phones'
# noise has correlations (in space, and between colours) from within these, but from neither end.
MALVAR_SHARE, BILINEAR_SHARE = 0.25, 0.15
TRACES_SHARE = 0.4  # the clean photograph shows its mosaic's traces, which a denoiser is to leave alone


def draw_levels(count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Shot and read noise, [N] each: half by the line of Brooks et al., half by CycleISP's, of 5 times its variance.

    Most have more read noise than that.
    """
    lowest, highest = torch.tensor(SHOT).log()
    shot = lowest + (highest - lowest) * torch.rand(count, generator=generator) ** SHOT_POWER
    normal = torch.randn(count, generator=generator)
    natural = 2.18 * shot + 1.20 + 0.26 * normal
    decimal = 1.85 * shot + (0.30 + 0.20 * normal) * math.log(10)
    read = torch.where(chosen(count, 0.5, generator), natural, decimal).exp()
    more = torch.where(chosen(count, READ_SHARE, generator), log_uniform(count, 1, MOST_READ, generator), 1.0)
    return shot.exp(), read * more


def draw_cameras(count: int, generator: torch.Generator) -> Tensor:
    """[N,3,3] from linear sRGB to a camera's colours, white staying white: a mixture of real ones and of sRGB's own."""
    weights = torch.rand((count, len(CAMERAS_FROM_XYZ)), generator=generator)
    weights = weights / weights.sum(dim=1, keepdim=True)
    matrices = torch.einsum("nk,kij->nij", weights, CAMERAS_FROM_XYZ) @ XYZ_FROM_SRGB
    matrices = matrices / matrices.sum(dim=2, keepdim=True)
    return torch.lerp(torch.eye(3), matrices, uniform(count, 0, 1, generator).view(count, 1, 1))


def mix_colours(matrices: Tensor, images: Tensor) -> Tensor:
    return torch.bmm(matrices, images.flatten(2)).view(images.shape)


def develop(linear: Tensor, gammas: Tensor, srgb: Tensor, shoulders: Tensor, curves: Tensor) -> Tensor:
    """Light to coded values 0..1: by a power or sRGB's curve, Reinhard's shoulder, and smoothstep to some degree."""
    light = linear.clamp(0, 1)
    power = light.clamp(min=1e-6) ** (1 / over_image(gammas))
    coded = torch.where(over_image(srgb), encode_srgb(light), power)
    shoulders, curves = over_image(shoulders), over_image(curves)
    coded = coded * (1 + shoulders) / (1 + shoulders * coded)
    return coded * (1 - curves) + curves * coded.square() * (3 - 2 * coded)


def darkened(clean: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """Linear light of photographs [N,3,H,W], less than there was in about `share` of them."""
    light = decode_srgb(clean)
    lowest = (BLACKEST / light.mean(dim=(1, 2, 3)).clamp(min=BLACKEST)).clamp(min=DARKEST)
    exposures = lowest ** torch.rand(len(clean), generator=generator)
    exposures = torch.where(chosen(len(clean), share, generator), exposures, torch.ones_like(exposures))
    return light * over_image(exposures)


def mean_lift(raw: Tensor, shot: Tensor, read: Tensor) -> Tensor:
    """By how much a sensor that cuts off what is below black reads too high on average: E[max(X, 0)] - E[X]."""
    sigma = (shot * raw + read).sqrt().clamp(min=1e-6)
    z = raw / sigma
    density = (-z.square() / 2).exp() / math.sqrt(2 * math.pi)
    below = 0.5 * torch.erfc(z / math.sqrt(2))
    return sigma * density - raw * below


def raw_noise(clean: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Noisy and clean developments of photographs `clean` [N,3,H,W], sRGB-coded; most of them of less light."""
    count = len(clean)
    matrices = draw_cameras(count, generator)
    gains = torch.stack(
        [uniform(count, *RED_GAINS, generator), torch.ones(count), uniform(count, *BLUE_GAINS, generator)], dim=1
    )
    tone = (
        uniform(count, *GAMMAS, generator),
        chosen(count, SRGB_SHARE, generator),
        uniform(count, 0, STRONGEST_SHOULDER, generator) * chosen(count, SHOULDER_SHARE, generator),
        uniform(count, 0, STRONGEST_CURVE, generator) * chosen(count, CURVE_SHARE, generator),
    )
    shot, read = draw_levels(count, generator)
    # Below 0 and above 1 is cut off, which makes both ends likely.
    between = 1 - MALVAR_SHARE - BILINEAR_SHARE
    malvar = over_image(uniform(count, -BILINEAR_SHARE / between, 1 + MALVAR_SHARE / between, generator).clamp(0, 1))
    traces = over_image(chosen(count, TRACES_SHARE, generator))
    corner = (one_of(2, generator), one_of(2, generator))

    camera = mix_colours(matrices, darkened(clean, DARK_SHARE, generator)).clamp(min=0) / over_image(gains)
    raw = mosaic(camera, corner)
    normal = torch.randn(raw.shape, generator=generator)
    noisy_raw = add_shot_and_read_noise(raw, normal, over_image(shot), over_image(read)).clamp(max=1)
    cut = over_image(chosen(count, CUT_SHARE, generator))
    noise = torch.where(cut, noisy_raw.clamp(min=0), noisy_raw) - raw
    lift = torch.where(cut, mean_lift(raw, over_image(shot), over_image(read)), 0.0)

    def demosaiced(values: Tensor) -> Tensor:
        return torch.lerp(demosaic(values, "bilinear", corner), demosaic(values, "malvar", corner), malvar)

    # Demosaicing is linear: what it makes of the noise alone is what it adds.
    noise, lift = demosaiced(noise), demosaiced(lift)
    seen = torch.where(traces, demosaic(raw, "malvar", corner), camera)

    back = torch.linalg.inv(matrices)

    def developed(values: Tensor) -> Tensor:
        return develop(mix_colours(back, values * over_image(gains)), *tone)

    return developed(seen + noise), developed(seen + lift)
