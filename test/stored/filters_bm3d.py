"""BM3D as the paper and the authors' profiles have it, block by block: slow, short, and nobody's product."""

import numpy as np
import pywt
from scipy.fft import dct

SEARCH = 19
NORMAL = dict(hard=(8, 3, 16, 3000), threshold=2.7, wiener=(8, 3, 32, 400))
VERY_NOISY = dict(hard=(8, 4, 32, 25000), threshold=2.8, wiener=(11, 6, 32, 3500))


def bior15(size: int) -> np.ndarray:
    """From PyWavelets' taps: rows of unit norm, periodic, down to one value."""
    wavelet = pywt.Wavelet("bior1.5")
    total = np.eye(size)
    while size > 1:
        level = np.zeros((size, size))
        for i in range(size // 2):
            for k in range(10):
                level[i, (2 * i - 4 + k) % size] += wavelet.dec_lo[k]
                level[size // 2 + i, (2 * i - 4 + k) % size] -= wavelet.dec_hi[k]
        total[:size] = level @ total[:size]
        size //= 2
    return total / np.linalg.norm(total, axis=1, keepdims=True)


def haar(size: int) -> np.ndarray:
    matrix = np.eye(1)
    while len(matrix) < size:
        matrix = np.vstack([np.kron(matrix, [1, 1]), np.kron(np.eye(len(matrix)), [1, -1])]) / np.sqrt(2)
    return matrix


def positions(side: int, block: int, step: int) -> list[int]:
    return sorted({*range(0, side - block + 1, step), side - block})


def groups(plane: np.ndarray, block: int, step: int, largest: int, similarity: float):
    """For each reference block its matches, the nearest first; equal ones don't occur in the scenes."""
    pixels = np.round(np.clip(plane, -1, 2) * 255 * 4).astype(int)
    height, width = plane.shape
    for y in positions(height, block, step):
        for x in positions(width, block, step):
            found = []
            for v in range(max(0, y - SEARCH), min(height - block, y + SEARCH) + 1):
                for u in range(max(0, x - SEARCH), min(width - block, x + SEARCH) + 1):
                    difference = pixels[y : y + block, x : x + block] - pixels[v : v + block, u : u + block]
                    distance = (difference**2).sum()
                    if (v, u) != (y, x) and distance < similarity * 16 * block**2:
                        found.append((distance, v, u))
            chosen = [(y, x)] + [match[1:] for match in sorted(found)]
            count = 2 ** int(np.log2(min(len(chosen), largest)))
            yield chosen[:count]


def collaborate(planes, matches, block, forward, shrink):
    """Spectra of each group, shrunk, and put back with the weight that `shrink` gives them."""
    inverse = np.linalg.inv(forward)
    window = np.outer(np.kaiser(block, 2), np.kaiser(block, 2))
    sums, weights = np.zeros_like(planes[0]), np.zeros_like(planes[0])
    for match in matches:
        across = haar(len(match))
        spectra = []
        for plane in planes:
            blocks = np.stack([forward @ plane[y : y + block, x : x + block] @ forward.T for y, x in match])
            spectra.append(np.tensordot(across, blocks, 1))
        shrunk, weight = shrink(*spectra)
        for (y, x), spectrum in zip(match, np.tensordot(across.T, shrunk, 1)):
            sums[y : y + block, x : x + block] += weight * window * (inverse @ spectrum @ inverse.T)
            weights[y : y + block, x : x + block] += weight * window
    return sums / weights


def bm3d(image: np.ndarray, sigma: float) -> np.ndarray:
    """[H,W,C], 0..1; sigma 0..255."""
    profile = VERY_NOISY if sigma > 40 else NORMAL
    opponent = np.eye(1) if image.shape[-1] == 1 else np.array([[1, 1, 1], [1.5, 0, -1.5], [0.75, -1.5, 0.75]]) / 3
    noisy = np.moveaxis(image @ opponent.T, -1, 0)
    sigmas = np.linalg.norm(opponent, axis=1) * sigma / 255

    block, step, largest, similarity = profile["hard"]
    matches = list(groups(noisy[0], block, step, largest, similarity))

    def hard(limit):
        def shrink(spectrum):
            kept = np.abs(spectrum) > limit
            return spectrum * kept, 1 / max(kept.sum(), 1)

        return shrink

    limits = profile["threshold"] * sigmas
    basic = [collaborate([p], matches, block, bior15(block), hard(limit)) for p, limit in zip(noisy, limits)]

    block, step, largest, similarity = profile["wiener"]
    matches = list(groups(basic[0].astype(np.float32), block, step, largest, similarity))

    def wiener(variance):
        def shrink(spectrum, pilot):
            gain = pilot**2 / (pilot**2 + variance)
            return spectrum * gain, 1 / (gain**2).sum()

        return shrink

    transform = dct(np.eye(block), axis=0, norm="ortho")
    final = [
        collaborate([p, b], matches, block, transform, wiener(s**2)) for p, b, s in zip(noisy, basic, sigmas)
    ]
    return np.moveaxis(np.stack(final), 0, -1) @ np.linalg.inv(opponent).T
