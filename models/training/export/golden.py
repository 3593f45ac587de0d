"""golden.json: inputs with PyTorch's answers, which every engine must reproduce.

The pictures are drawn, not photographed, so that they carry nobody's licence: slopes, edges, textures and strokes.
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from ..infer import input_of
from ..noise import evaluation_noise

SIGMAS = (25, 50)
SIZES = ((48, 64), (72, 40))  # height, width (px): multiples of 8
SMALL_SIZES = ((24, 32), (32, 24))  # where a pixel costs more than this many multiply-accumulates
EXPENSIVE = 5e5


def scene(height: int, width: int, seed: int) -> np.ndarray:
    """[H,W,3], 0..1."""
    rng = np.random.default_rng(seed)
    y, x = np.meshgrid(np.linspace(0, 1, height), np.linspace(0, 1, width), indexing="ij")
    image = np.empty((height, width, 3))
    for channel in range(3):  # a slope of its own in each channel
        corner, down, right = rng.uniform(0.1, 0.4, 3)
        image[..., channel] = corner + down * y + right * x
    for _ in range(4):  # edges: discs of one colour
        centre_y, centre_x, radius = rng.uniform(0, 1, 2).tolist() + [rng.uniform(0.1, 0.3)]
        image[(y - centre_y) ** 2 + (x - centre_x) ** 2 < radius**2] = rng.uniform(0, 1, 3)
    angle, period = rng.uniform(0, np.pi), rng.uniform(4, 7)  # texture: a grating on a quarter of the picture
    wave = np.sin((np.cos(angle) * y * height + np.sin(angle) * x * width) * 2 * np.pi / period)
    quarter = (slice(height // 2, None), slice(None, width // 2))
    image[quarter] += 0.15 * wave[quarter][..., None]
    for _ in range(12):  # strokes of one pixel, like small text
        top, left = rng.integers(0, height // 2), rng.integers(width // 2, width - 6)
        length, ink = rng.integers(3, 7), rng.uniform(0, 0.2)
        if rng.random() < 0.5:
            image[top, left : left + length] = ink
        else:
            image[top : top + length, left] = ink
    return image.clip(0, 1)


def cases(network: nn.Module, macs_per_pixel: float) -> list[tuple[int, int, int]]:
    """(sigma, height, width) of each window; a network of one size, or of a large multiple, gets one."""
    multiple = network.size_multiple
    if multiple > max(map(max, SIZES)) or getattr(network, "input_size", None):
        return [(SIGMAS[0], multiple, multiple)]
    sizes = SMALL_SIZES if macs_per_pixel > EXPENSIVE else SIZES
    rounded = [tuple(-(-side // multiple) * multiple for side in size) for size in sizes]
    return [(sigma, *size) for sigma, size in zip(SIGMAS, rounded)]


def golden_input(network: nn.Module, sigma: int, height: int, width: int, seed: int) -> Tensor:
    """[1,C,H,W]: a noisy scene, and its noise map unless the network is blind."""
    clean = scene(height, width, seed)
    if network.channels == 1:
        clean = clean.mean(axis=2, keepdims=True)
    noisy = clean + evaluation_noise(clean.shape, seed) * sigma / 255
    image = torch.from_numpy(noisy.astype(np.float32)).permute(2, 0, 1)[None]
    return input_of(network, image, torch.tensor([float(sigma)]))


@torch.inference_mode()
def write(f16: nn.Module, q8: nn.Module, folder: Path, macs_per_pixel: float) -> list[str]:
    """golden.json and its tensors, [1,H,W,C] float32, from both forms of the weights; returns the tensors' names."""
    entries = []
    for number, (sigma, height, width) in enumerate(cases(f16, macs_per_pixel)):
        x = golden_input(f16, sigma, height, width, seed=number)
        tensors = {"input": x, "output": f16(x), "outputQ8": q8(x)}
        names = {key: f"golden-{number}.{suffix_of(key)}.f32" for key in tensors}
        for key, tensor in tensors.items():
            values = tensor.permute(0, 2, 3, 1).contiguous().numpy()  # [1,H,W,C]
            (folder / names[key]).write_bytes(values.astype("<f4").tobytes())
        entries.append({"sigma": sigma, "height": height, "width": width, **names})
    (folder / "golden.json").write_text(json.dumps({"format": 1, "cases": entries}, indent=2) + "\n")
    return [entry[key] for entry in entries for key in ("input", "output", "outputQ8")]


def suffix_of(key: str) -> str:
    return {"outputQ8": "output-q8"}.get(key, key)
