"""Cross-entropy, PSNR and SSIM of many small pictures at once: [N,C,H,W] on 0..1 -> [N]."""

import torch
import torch.nn.functional as F
from torch import Tensor

NEVER_CERTAIN = 1e-7  # Keras's epsilon: outputs are kept so far from 0 and 1, where a wrong one would cost infinitely
WINDOW_RADIUS, WINDOW_SD = 5, 1.5  # px
C1, C2 = 0.01**2, 0.03**2


def cross_entropy(clean: Tensor, output: Tensor) -> Tensor:
    """Binary, in nats, mean over pixels; grey pixels have a floor above 0: their own entropy."""
    probable = output.double().clamp(NEVER_CERTAIN, 1 - NEVER_CERTAIN)
    return F.binary_cross_entropy(probable, clean.double(), reduction="none").mean(dim=(1, 2, 3))


def rounded(images: Tensor) -> Tensor:
    """As an 8-bit file has them."""
    return (images.clamp(0, 1) * 255).round() / 255


def psnr(clean: Tensor, output: Tensor) -> Tensor:
    """dB over all pixels and channels jointly; infinite for equal pictures."""
    return -10 * (clean.double() - output.double()).square().mean(dim=(1, 2, 3)).log10()


def ssim(clean: Tensor, output: Tensor) -> Tensor:
    """Wang et al. (2004) as `models/metrics.ts` has it: an 11x11 Gaussian window, population covariance."""
    down, across = (window_means(side) for side in clean.shape[2:])

    def mean(values: Tensor) -> Tensor:  # [N,C,H,W] -> [N,C,H-10,W-10]
        return down @ values @ across.T

    a, b = clean.double(), output.double()
    mean_a, mean_b = mean(a), mean(b)
    covariance = mean(a * b) - mean_a * mean_b
    variances = mean(a * a) - mean_a**2 + mean(b * b) - mean_b**2
    similarity = (2 * mean_a * mean_b + C1) * (2 * covariance + C2)
    similarity = similarity / ((mean_a**2 + mean_b**2 + C1) * (variances + C2))
    return similarity.mean(dim=(1, 2, 3))


def window_means(side: int) -> Tensor:
    """[side - 10, side]: weighted means over the windows that lie inside, as a matrix: quicker than a convolution."""
    place = torch.arange(side, dtype=torch.double)
    offsets = place - torch.arange(WINDOW_RADIUS, side - WINDOW_RADIUS)[:, None]
    weights = torch.exp(-(offsets**2) / (2 * WINDOW_SD**2)) * (offsets.abs() <= WINDOW_RADIUS)
    return weights / weights.sum(dim=1, keepdim=True)
