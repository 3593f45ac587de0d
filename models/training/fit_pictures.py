"""Pictures of what an autoencoder does: what it makes of noise, and what a variational one makes of codes."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import Tensor, nn

from .batch_metrics import rounded

BATCH = 250  # pictures at a time
STRIP, LABEL, GAP = 900, 120, 8  # px: the longest row of pictures, the room for its label and between rows
DPI = 100
SIDE = 12  # pictures on a side of a square of decoded codes


@torch.inference_mode()
def reconstruct(network: nn.Module, images: Tensor) -> Tensor:
    """[N,C,H,W] -> [N,C,H,W], not clipped, on the processor."""
    device = next(network.parameters()).device
    return torch.cat([network(part.to(device)).cpu() for part in images.split(BATCH)])


def draw_grid(clean: Tensor, noisy: dict[float, Tensor], denoised: dict[float, Tensor], file: Path) -> None:
    """A row of originals, one of what becomes of them, a noisy and a denoised one per factor; as many as fit across."""
    rows = [("original", clean)]
    for factor, images in denoised.items():
        if factor == 0:
            rows.append(("reconstructed", images))
        else:
            rows += [(f"factor {factor:g}", noisy[factor]), ("denoised", images)]
    zoom = 2 if clean.shape[-1] < 64 else 1
    count = min(len(clean), STRIP // (zoom * clean.shape[-1]))
    strips = [strip(images[:count], zoom) for _, images in rows]
    row, width = strips[0].shape[0] + GAP, LABEL + strips[0].shape[1]  # px
    height = row * len(rows)
    figure = plt.figure(figsize=(width / DPI, height / DPI))
    for place, ((label, _), image) in enumerate(zip(rows, strips)):  # each as many px large as it has: nothing blurs
        top = 1 - place * row / height
        box = (LABEL / width, top - image.shape[0] / height, image.shape[1] / width, image.shape[0] / height)
        axis = figure.add_axes(box)
        axis.imshow(image, interpolation="nearest", aspect="auto")
        axis.set_axis_off()
        figure.text((LABEL - GAP) / width, top - image.shape[0] / 2 / height, label, ha="right", va="center")
    figure.savefig(file, dpi=DPI)
    plt.close(figure)


def strip(images: Tensor, zoom: int) -> np.ndarray:
    """[N,C,H,W] -> [zoom * H, zoom * N * W, 3], 0..1: side by side."""
    row = rounded(images).permute(2, 0, 3, 1).flatten(1, 2).numpy()  # [H, N * W, C]
    return row.repeat(3 // row.shape[2], axis=2).repeat(zoom, axis=0).repeat(zoom, axis=1)


@torch.inference_mode()
def draw_samples(network: nn.Module, file: Path) -> None:
    """What the decoder makes of codes from the standard normal."""
    codes = torch.randn(SIDE**2, network.code, generator=torch.Generator().manual_seed(0))
    save_square(network.decoder(codes), file)


@torch.inference_mode()
def draw_walk(network: nn.Module, corners: Tensor, file: Path) -> None:
    """The plane of codes between four pictures' [4,1,H,W], which stand in the corners."""
    codes = network.latent(network.encoder(corners))  # [4, code]
    steps = torch.linspace(0, 1, SIDE)
    down, right = (axis.reshape(-1, 1) for axis in torch.meshgrid(steps, steps, indexing="ij"))  # [SIDE * SIDE, 1]
    top, bottom = (codes[i] * (1 - right) + codes[i + 1] * right for i in (0, 2))
    save_square(network.decoder(top * (1 - down) + bottom * down), file)


def save_square(images: Tensor, file: Path) -> None:
    plt.imsave(file, np.vstack([strip(row, zoom=2) for row in images.split(SIDE)]))
