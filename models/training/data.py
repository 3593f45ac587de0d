"""Folders of photographs -> random patches with detail in them.

Photographs sampled by area are two fifths flat sky and wall, which teaches a denoiser little. So images are drawn
uniformly (whatever their size), large ones are kept at several shrunken scales as well (shrinking concentrates
detail), and most of the patches without detail are refused.
"""

import itertools
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from tqdm import tqdm

EXTENSIONS = {".png", ".jpg", ".jpeg", ".bmp", ".webp"}
LARGE_SIDE = 1000  # px: images with a longer side are kept at shrunken scales, too
SHRINKS = ((1.0, 1.0), (1.25, 1.75), (1.75, 2.5), (2.5, 4.0))  # one factor is drawn from each range
FLAT_GRADIENT = 2.0  # mean |gradient| on 0..255 below which a patch counts as flat
FLAT_KEPT = 0.2  # the share of flat patches that is kept, unless a recipe says otherwise


def image_files(folder: Path) -> list[Path]:
    files = sorted(f for f in Path(folder).rglob("*") if f.suffix.lower() in EXTENSIONS)
    if not files:
        raise FileNotFoundError(f"Expected images ({', '.join(sorted(EXTENSIONS))}) in {folder} but found none.")
    return files


def read_rgb(file: Path) -> np.ndarray:
    """[H,W,3] uint8."""
    return read_image(file, 3)


def read_image(file: Path, channels: int) -> np.ndarray:
    """[H,W,channels] uint8; 1 channel is grey (Rec. 601)."""
    with Image.open(file) as image:
        values = np.asarray(image.convert("RGB" if channels == 3 else "L"))
    return values.reshape(*values.shape[:2], channels)


def mean_gradient(patch: np.ndarray) -> float:
    """Mean absolute forward difference of [H,W,3] uint8, on 0..255."""
    values = patch.astype(np.int16)
    return (np.abs(np.diff(values, axis=0)).mean() + np.abs(np.diff(values, axis=1)).mean()) / 2


def pyramid(file: Path, seed: int, smallest: int) -> list[np.ndarray]:
    """An image at its scales, [H,W,3] uint8 each; those with a side below `smallest` (px) are left out."""
    rng = np.random.default_rng(seed)
    with Image.open(file) as opened:
        image = opened.convert("RGB")
    scales = SHRINKS if max(image.size) > LARGE_SIDE else SHRINKS[:1]
    sizes = [tuple(round(side / rng.uniform(*bounds)) for side in image.size) for bounds in scales]
    sizes = [size for size in sizes if min(size) >= smallest]
    return [np.asarray(image if size == image.size else image.resize(size, Image.LANCZOS)) for size in sizes]


@dataclass
class Photographs:
    """All images of some folders in memory, as uint8, each at one or more scales."""

    pyramids: list[list[np.ndarray]] = field(default_factory=list)
    flat_kept: float = FLAT_KEPT

    @classmethod
    def read(cls, folders: list[Path], smallest: int, flat_kept: float = FLAT_KEPT) -> "Photographs":
        """`smallest`: the largest patch (px) that will be asked for; scales smaller than it are left out."""
        files = [file for folder in folders for file in image_files(folder)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            reading = pool.map(pyramid, files, itertools.count(), itertools.repeat(smallest))
            pyramids = list(filter(None, tqdm(reading, total=len(files), desc="reading photographs", unit="image")))
        if not pyramids:
            raise ValueError(f"Expected images of at least {smallest} px on both sides but none of {len(files)} is.")
        return cls(pyramids, flat_kept)

    def patch(self, size: int, rng: np.random.Generator) -> np.ndarray:
        """A random [size,size,3] patch, flipped and turned at random, with detail more often than not."""
        while True:
            pyramid = self.pyramids[rng.integers(len(self.pyramids))]
            image = pyramid[rng.integers(len(pyramid))]
            top = rng.integers(image.shape[0] - size + 1)
            left = rng.integers(image.shape[1] - size + 1)
            patch = image[top : top + size, left : left + size]
            if mean_gradient(patch) >= FLAT_GRADIENT or rng.random() < self.flat_kept:
                break
        patch = np.rot90(patch, rng.integers(4))
        return patch[:, ::-1] if rng.integers(2) else patch

    def batch(self, count: int, size: int, rng: np.random.Generator) -> Tensor:
        """[count,3,size,size] float32, 0..1."""
        patches = np.stack([self.patch(size, rng) for _ in range(count)])
        return torch.from_numpy(patches).permute(0, 3, 1, 2).float() / 255
