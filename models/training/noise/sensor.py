"""A camera's sensor: light, Bayer mosaic, shot and read noise, demosaicing. `models/noise/camera.ts` does the same.

Images are [N,3,H,W] or, in the mosaic, [N,1,H,W]; linear light, 1 where the sensor saturates.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def decode_srgb(coded: Tensor) -> Tensor:
    """Linear light 0..1 of sRGB-coded values 0..1 (IEC 61966-2-1)."""
    return torch.where(coded <= 0.04045, coded / 12.92, ((coded.clamp(min=0.04045) + 0.055) / 1.055) ** 2.4)


def encode_srgb(linear: Tensor) -> Tensor:
    """The inverse of `decode_srgb`."""
    return torch.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear.clamp(min=0.0031308) ** (1 / 2.4) - 0.055)


# Which of a mosaic's five readings a pixel's red, green and blue is, by its place in RGGB: [row, column, colour].
ITSELF, CROSS, HORIZONTAL, VERTICAL, DIAGONAL = range(5)
READINGS = torch.tensor(
    [
        [[ITSELF, CROSS, DIAGONAL], [HORIZONTAL, ITSELF, VERTICAL]],
        [[VERTICAL, ITSELF, HORIZONTAL], [DIAGONAL, CROSS, ITSELF]],
    ]
)
COLOURS = torch.tensor([[0, 1], [1, 2]])  # of RGGB's sites, [row % 2, column % 2]

BILINEAR = torch.zeros(4, 1, 5, 5)
BILINEAR[0, 0, [1, 2, 2, 3], [2, 1, 3, 2]] = 1 / 4
BILINEAR[1, 0, 2, [1, 3]] = 1 / 2
BILINEAR[2, 0, [1, 3], 2] = 1 / 2
BILINEAR[3, 0, [1, 1, 3, 3], [1, 3, 1, 3]] = 1 / 4

# Malvar, He and Cutler, ICASSP 2004: bilinear, corrected by the second derivative of the colour that is there.
MALVAR = torch.zeros(4, 1, 5, 5)
MALVAR[0, 0] = torch.tensor([[0, 0, -1, 0, 0], [0, 0, 2, 0, 0], [-1, 2, 4, 2, -1], [0, 0, 2, 0, 0], [0, 0, -1, 0, 0]])
MALVAR[1, 0] = torch.tensor(
    [[0, 0, 0.5, 0, 0], [0, -1, 0, -1, 0], [-1, 4, 5, 4, -1], [0, -1, 0, -1, 0], [0, 0, 0.5, 0, 0]]
)
MALVAR[2, 0] = MALVAR[1, 0].T
MALVAR[3, 0] = torch.tensor(
    [[0, 0, -1.5, 0, 0], [0, 2, 0, 2, 0], [-1.5, 0, 6, 0, -1.5], [0, 2, 0, 2, 0], [0, 0, -1.5, 0, 0]]
)
MALVAR /= 8

DEMOSAICS = {"bilinear": BILINEAR, "malvar": MALVAR}


def tiled(pattern: Tensor, height: int, width: int, corner: tuple[int, int]) -> Tensor:
    """A 2x2 pattern [2,2,...] all over [height,width,...], its first row and column shifted by `corner`."""
    rows = (torch.arange(height) + corner[0]) % 2
    columns = (torch.arange(width) + corner[1]) % 2
    return pattern[rows][:, columns]


def mosaic(images: Tensor, corner: tuple[int, int] = (0, 0)) -> Tensor:
    """[N,3,H,W] -> [N,1,H,W], the one colour that each pixel has. `corner` is the top left pixel's place in RGGB."""
    colours = tiled(COLOURS, *images.shape[-2:], corner)
    return images.gather(1, colours.expand(len(images), 1, -1, -1))


def demosaic(raw: Tensor, method: str, corner: tuple[int, int] = (0, 0)) -> Tensor:
    """[N,1,H,W] -> [N,3,H,W], by one of DEMOSAICS; mirrored at the borders, which keeps the pattern. Linear."""
    filters = DEMOSAICS[method].to(raw.dtype)
    readings = torch.cat([raw, F.conv2d(F.pad(raw, (2, 2, 2, 2), mode="reflect"), filters)], dim=1)  # [N,5,H,W]
    chosen = tiled(READINGS, *raw.shape[-2:], corner).permute(2, 0, 1)
    return readings.gather(1, chosen.expand(len(raw), -1, -1, -1))


def add_shot_and_read_noise(raw: Tensor, normal: Tensor, shot: Tensor | float, read: Tensor | float) -> Tensor:
    """Light with variance shot * light + read; `normal` holds standard normal numbers. Not clipped."""
    return raw + normal * (shot * raw + read).sqrt()


def camera_noise(
    images: Tensor, normal: Tensor, shot: float, read: float, red_gain: float, blue_gain: float, method: str
) -> Tensor:
    """Noise of a sensor in images [N,C,H,W] (0..1, sRGB-coded, grey or RGB) as an 8-bit file shows it.

    Light is divided by the white balance's gains (1 or more; green's is 1), reaches the sites of an RGGB mosaic, gets
    noise of variance shot * light + read and is cut off at 1, where the sensor saturates. What that adds is demosaiced,
    amplified by the gains and coded again. The picture itself is not demosaiced: what that does to it is no noise, and
    without noise every pixel stays as it is. Grey images come from a sensor without a mosaic.

    @param normal [N,1,H,W] standard normal numbers
    @param method one of DEMOSAICS
    """
    coloured = images.shape[1] == 3
    gains = images.new_tensor([red_gain, 1, blue_gain] if coloured else [1]).view(1, -1, 1, 1)
    light = decode_srgb(images.clamp(0, 1)) / gains
    raw = mosaic(light) if coloured else light
    noise = add_shot_and_read_noise(raw, normal, shot, read).clamp(max=1) - raw
    noisy = (light + (demosaic(noise, method) if coloured else noise)) * gains
    return (encode_srgb(noisy.clamp(0, 1)) * 255 + 0.5).floor() / 255
