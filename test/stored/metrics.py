"""Writes metrics.json: pairs of small images, [H,W,C] uint8 in base64, with scikit-image's PSNR and SSIM of them.

python test/stored/metrics.py, in the virtual environment that `npm run test:training` makes.
"""

import base64
import json
from pathlib import Path

import numpy as np
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

SHAPES = {"colour": (19, 27, 3), "grey": (23, 16), "smallest": (11, 11)}


def pair(rng: np.random.Generator, shape: tuple[int, ...], sigma: float) -> tuple[np.ndarray, np.ndarray]:
    """A smooth picture and a noisy one, uint8."""
    waves = sum(np.sin((i + 2) * 0.11 * axis + i) for i, axis in enumerate(np.indices(shape)))
    clean = np.clip(128 + 40 * waves + rng.normal(0, 5, shape), 0, 255).round()
    noisy = np.clip(clean + rng.normal(0, sigma, shape), 0, 255).round()
    return clean.astype(np.uint8), noisy.astype(np.uint8)


def case(name: str, seed: int, sigma: float) -> dict:
    shape = SHAPES[name]
    clean, noisy = pair(np.random.default_rng(seed), shape, sigma)
    a, b = clean / 255, noisy / 255
    ssim = structural_similarity(
        a,
        b,
        data_range=1,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        channel_axis=2 if len(shape) == 3 else None,
    )
    return {
        "name": f"{name}, sigma {sigma:g}",
        "height": shape[0],
        "width": shape[1],
        "channels": shape[2] if len(shape) == 3 else 1,
        "clean": base64.b64encode(clean.tobytes()).decode(),
        "noisy": base64.b64encode(noisy.tobytes()).decode(),
        "psnr": float(peak_signal_noise_ratio(a, b, data_range=1)),
        "ssim": float(ssim),
    }


def main() -> None:
    cases = [case(name, seed, sigma) for seed, name in enumerate(SHAPES) for sigma in (8, 60)]
    file = Path(__file__).with_suffix(".json")
    file.write_text(json.dumps(cases, indent=2) + "\n")


if __name__ == "__main__":
    main()
