"""PSNR as the field reports it."""

import numpy as np


def to_8_bit(image: np.ndarray) -> np.ndarray:
    """0..1 floats -> clipped and rounded 0..255, still as floats."""
    return np.rint(np.clip(image, 0, 1) * 255)


def psnr(reference: np.ndarray, other: np.ndarray) -> float:
    """dB over all pixels and channels jointly, no border cropped; both on 0..255."""
    error = np.mean((reference.astype(np.float64) - other.astype(np.float64)) ** 2)
    return float("inf") if error == 0 else float(10 * np.log10(255.0**2 / error))
