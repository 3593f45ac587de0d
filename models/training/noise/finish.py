"""What comes after the sensor: a camera's own smoothing and sharpening, resizing and the JPEG file. [N,3,H,W], 0..1."""

from io import BytesIO

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

LUMA = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
BLUR_RADIUS = 5  # px


def blur(images: Tensor, sds: Tensor) -> Tensor:
    """Each image under a Gaussian of its own standard deviation [N] (px)."""
    count, channels = images.shape[:2]
    offsets = torch.arange(-BLUR_RADIUS, BLUR_RADIUS + 1)
    taps = torch.exp(-(offsets**2) / (2 * sds.view(-1, 1) ** 2))
    taps = (taps / taps.sum(dim=1, keepdim=True)).repeat_interleave(channels, dim=0)  # [N * C, taps]
    padded = F.pad(images, (BLUR_RADIUS,) * 4, mode="reflect").flatten(0, 1)[None]
    across = F.conv2d(padded, taps[:, None, None, :], groups=count * channels)
    return F.conv2d(across, taps[:, None, :, None], groups=count * channels)[0].view(images.shape)


def blur_chroma(residual: Tensor, sds: Tensor) -> Tensor:
    """Noise [N,3,H,W] whose colour is smooth and whose luma is as it was: what cameras' own denoising leaves."""
    luma = (residual * LUMA).sum(dim=1, keepdim=True)
    return luma + blur(residual - luma, sds)


def sharpen(images: Tensor, sds: Tensor, amounts: Tensor) -> Tensor:
    """Unsharp masking."""
    return (images + amounts.view(-1, 1, 1, 1) * (images - blur(images, sds))).clamp(0, 1)


def rescale(images: Tensor, factor: float) -> Tensor:
    """Enlarged or shrunken, and in the old size: the middle of what is larger, mirrored borders on what is smaller."""
    size = images.shape[-2:]
    height, width = (max(round(side * factor), side // 2 + 1) for side in size)
    scaled = F.interpolate(images, (height, width), mode="bicubic", antialias=True).clamp(0, 1)
    if factor >= 1:
        top, left = (height - size[0]) // 2, (width - size[1]) // 2
        return scaled[..., top : top + size[0], left : left + size[1]]
    top, left = (size[0] - height) // 2, (size[1] - width) // 2
    return F.pad(scaled, (left, size[1] - width - left, top, size[0] - height - top), mode="reflect")


def rounded(images: Tensor) -> Tensor:
    """As an 8-bit file holds them."""
    return (images.clamp(0, 1) * 255).round() / 255


def jpeg_file(image: Tensor, quality: int, half_colour: bool) -> Tensor:
    """[3,H,W] after a JPEG file, whose colours are at half resolution (4:2:0) or not."""
    pixels = (image.clamp(0, 1) * 255).round().to(torch.uint8).permute(1, 2, 0).contiguous().numpy()
    file = BytesIO()
    Image.fromarray(pixels).save(file, "jpeg", quality=quality, subsampling="4:2:0" if half_colour else "4:4:4")
    return torch.from_numpy(np.array(Image.open(file))).permute(2, 0, 1).float() / 255
