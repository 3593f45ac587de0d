"""Writes filters.json: small noisy images, and what scikit-image, SciPy or the definition in NumPy makes of them.

python test/stored/filters.py, in the virtual environment that `npm run test:training` makes, with PyWavelets added.
"""

import base64
import json
from pathlib import Path

import numpy as np
import pywt
from filters_bm3d import bm3d
from scipy.ndimage import gaussian_filter, median_filter, uniform_filter
from skimage.restoration import denoise_nl_means, denoise_tv_chambolle, denoise_wavelet

SIGMA = 20 / 255


def scene(height: int, width: int, channels: int) -> np.ndarray:
    """Slopes, a disc and stripes with noise of SIGMA, float32, 0 or more."""
    rng = np.random.default_rng(channels)
    y, x = np.mgrid[:height, :width]
    disc = 0.3 * (np.hypot(x - 0.4 * width, y - 0.6 * height) < 0.3 * height)
    stripes = 0.15 * np.sign(np.sin(0.9 * x)) * (y < 0.3 * height)
    grey = 0.35 + 0.2 * x / width + disc + stripes
    image = np.stack([grey * (1 - 0.2 * c) for c in range(channels)], axis=-1)
    return np.maximum(image + rng.normal(0, SIGMA, image.shape), 0).astype(np.float32)


def per_channel(function, image: np.ndarray) -> np.ndarray:
    return np.stack([function(image[..., c]) for c in range(image.shape[-1])], axis=-1)


def border(image: np.ndarray, margin: int) -> np.ndarray:
    return np.pad(image.astype(float), ((margin, margin), (margin, margin), (0, 0)), "symmetric")


def bilateral(image: np.ndarray, spatial_sd: float, range_sd: float, radius: int) -> np.ndarray:
    """By definition. scikit-image (0.26) reads its 8x8 table of spatial weights as one of 7x7, and its table of range
    weights for colour at a third of the distance."""
    height, width, _ = image.shape
    padded = border(image, radius)
    sums, weights = 0, 0
    for v in range(2 * radius + 1):
        for u in range(2 * radius + 1):
            other = padded[v : v + height, u : u + width]
            colour = ((other - image) ** 2).mean(axis=-1, keepdims=True) / (2 * range_sd**2)
            space = ((v - radius) ** 2 + (u - radius) ** 2) / (2 * spatial_sd**2)
            sums = sums + np.exp(-colour - space) * other
            weights = weights + np.exp(-colour - space)
    return sums / weights


def nl_means(image: np.ndarray, patch: int, radius: int, h: float) -> np.ndarray:
    """By definition. scikit-image's fast mode compares one row and column less than asked for, so not around the
    pixel, and its exponential is an approximation: `main` allows for it."""
    height, width, _ = image.shape
    margin = radius + patch
    padded = border(image, margin)

    def window(y: int, x: int) -> np.ndarray:
        return padded[margin + y : margin + y + height, margin + x : margin + x + width]

    def patches(y: int, x: int) -> np.ndarray:
        reach = range(-((patch - 1) // 2), patch // 2 + 1)
        return np.stack([window(y + v, x + u) for v in reach for u in reach])

    own = patches(0, 0)
    sums, weights = 0, 0
    for y in range(-radius, radius + 1):
        for x in range(-radius, radius + 1):
            distance = ((patches(y, x) - own) ** 2).mean(axis=(0, 3)) - 2 * SIGMA**2
            distance = np.maximum(distance, 0)[..., None] / h**2
            weight = np.where(distance < 5, np.exp(-distance), 0)
            sums = sums + weight * window(y, x)
            weights = weights + weight
    return sums / weights


def nl_means_skimage(image: np.ndarray, patch: int, radius: int, h: float) -> np.ndarray:
    """Its border is reflected without the border pixel; ours is put there first, and cut off again."""
    margin = radius + patch
    options = dict(patch_size=patch, patch_distance=radius, h=h, sigma=SIGMA, fast_mode=True, channel_axis=-1)
    result = denoise_nl_means(border(image, margin), **options)[margin:-margin, margin:-margin]
    return result.reshape(image.shape)


def wavelet_skimage(image: np.ndarray, levels: int) -> np.ndarray:
    options = dict(wavelet="haar", method="BayesShrink", mode="soft", convert2ycbcr=False, channel_axis=-1)
    return denoise_wavelet(image.astype(float), sigma=SIGMA, wavelet_levels=levels, **options)


def wavelet_local(plane: np.ndarray, levels: int, shifts: int, neighbourhood: int) -> np.ndarray:
    """Thresholds by the energy of a neighbourhood, averaged over shifted grids."""

    def shrink(band: np.ndarray) -> np.ndarray:
        signal = uniform_filter(band**2, neighbourhood, mode="reflect") - SIGMA**2
        threshold = np.where(signal > 0, SIGMA**2 / np.sqrt(np.where(signal > 0, signal, 1)), np.inf)
        return np.sign(band) * np.maximum(np.abs(band) - threshold, 0)

    height, width = plane.shape
    margin = shifts - 1
    padded = np.pad(plane.astype(float), margin, "symmetric")
    total = np.zeros_like(plane, dtype=float)
    for top in range(shifts):
        for left in range(shifts):
            shifted = padded[top : margin + height, left : margin + width]
            smooth, *details = pywt.wavedec2(shifted, "haar", "symmetric", levels)
            shrunk = [tuple(shrink(band) for band in level) for level in details]
            restored = pywt.waverec2([smooth, *shrunk], "haar", "symmetric")
            total += restored[margin - top : margin - top + height, margin - left : margin - left + width]
    return total / shifts**2


def cases(image: np.ndarray) -> list[tuple[str, dict, np.ndarray]]:
    """Name of the filter, its settings, and the result; distances and weights in 0..1."""

    def tv(iterations: int) -> np.ndarray:
        """It counts the output as an iteration."""
        options = dict(weight=0.8 * SIGMA, eps=0, max_num_iter=iterations + 1, channel_axis=-1)
        return denoise_tv_chambolle(image.astype(float), **options)

    return [
        ("mean", {"size": 3}, per_channel(lambda p: uniform_filter(p, 3), image)),
        ("mean", {"size": 5}, per_channel(lambda p: uniform_filter(p, 5), image)),
        ("gaussian", {"sd": 0.9}, per_channel(lambda p: gaussian_filter(p, 0.9), image)),
        ("median", {"size": 3}, per_channel(lambda p: median_filter(p, 3), image)),
        ("median", {"size": 5}, per_channel(lambda p: median_filter(p, 5), image)),
        (
            "bilateral",
            {"spatialSd": 1.4, "rangeSd": 2 * SIGMA, "radius": 3},
            bilateral(image, 1.4, 2 * SIGMA, 3),
        ),
        ("nlm", {"patch": 5, "radius": 6, "h": 0.7 * SIGMA, "sigma": SIGMA}, nl_means(image, 5, 6, 0.7 * SIGMA)),
        ("tv", {"weight": 0.8 * SIGMA, "iterations": 5}, tv(5)),
        ("tv", {"weight": 0.8 * SIGMA, "iterations": 60}, tv(60)),
        (
            "wavelet",
            {"sigma": SIGMA, "levels": 2, "shifts": 1, "neighbourhood": "band"},
            wavelet_skimage(image, 2),
        ),
        (
            "wavelet",
            {"sigma": SIGMA, "levels": 3, "shifts": 4, "neighbourhood": 5},
            per_channel(lambda p: wavelet_local(p, 3, 4, 5), image),
        ),
        ("bm3d", {"sigma": 20}, bm3d(image.astype(float), 20)),
        ("bm3d", {"sigma": 45}, bm3d(image.astype(float), 45)),
    ]


def encode(image: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(image, "<f4").tobytes()).decode()


def main() -> None:
    stored = []
    for image in (scene(29, 38, 1), scene(17, 19, 3)):
        height, width, channels = image.shape
        assert np.abs(nl_means(image, 4, 6, SIGMA * 5 / 4) - nl_means_skimage(image, 5, 6, SIGMA)).max() < 0.005
        results = [
            {"filter": name, "settings": settings, "output": encode(output)} for name, settings, output in cases(image)
        ]
        shape = {"height": height, "width": width, "channels": channels}
        stored.append({**shape, "image": encode(image), "results": results})
    Path(__file__).with_suffix(".json").write_text(json.dumps(stored, indent=2) + "\n")


if __name__ == "__main__":
    main()
