"""MWCNN: a U-Net whose pooling is a wavelet transform, which loses nothing (Liu et al., "Multi-level Wavelet-CNN for
Image Restoration", CVPR Workshops 2018).

The layers are those of the paper's first version without its batch normalisation. The network predicts the noise.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# [band, row, column]: LL, HL, LH, HH of a 2x2 block; orthonormal
HAAR = torch.tensor([[[1, 1], [1, 1]], [[-1, 1], [-1, 1]], [[-1, -1], [1, 1]], [[1, -1], [-1, 1]]]) / 2


class HaarAnalysis(nn.Module):
    """[N, C, H, W] -> [N, 4C, H/2, W/2]: all channels of the first band, then of the second, and so on."""

    def forward(self, x: Tensor) -> Tensor:
        top, bottom = x[:, :, 0::2], x[:, :, 1::2]
        a, b, c, d = top[..., 0::2], bottom[..., 0::2], top[..., 1::2], bottom[..., 1::2]  # [N, C, H/2, W/2]
        return torch.cat([a + b + c + d, c + d - a - b, b + d - a - c, a + d - b - c], dim=1) / 2


class HaarSynthesis(nn.Module):
    """[N, 4C, H, W] -> [N, C, 2H, 2W]: the transpose of the analysis, and its inverse."""

    def forward(self, bands: Tensor) -> Tensor:
        ll, hl, lh, hh = bands.chunk(4, dim=1)  # [N, C, H, W]
        a, b, c, d = ll - hl - lh + hh, ll - hl + lh - hh, ll + hl - lh - hh, ll + hl + lh + hh
        blocks = torch.stack([a, c, b, d], dim=2) / 2  # [N, C, 4, H, W]
        return F.pixel_shuffle(blocks.flatten(1, 2), 2)


def convolutions(widths: list[int]) -> nn.Sequential:
    """3x3, with a ReLU after each."""
    layers = []
    for inputs, outputs in zip(widths[:-1], widths[1:]):
        layers += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU()]
    return nn.Sequential(*layers)


class MWCNN(nn.Module):
    """[N, channels, H, W] -> the same; H and W multiples of 8. Values are sRGB-coded, 0..1; there is no noise map.

    24 convolutions: 16,145,892 parameters for grey, 16,168,940 for colour.
    """

    conditioned = False
    picture_layers = ("down1.0", "tail")
    turns = (0, 7)  # any other changes signs of bands that have been rectified
    subpixels = {
        **dict.fromkeys(("down1.0", "down2.0", "bottom.0"), ("input", "bands")),
        **dict.fromkeys(("bottom.14", "up2.6", "tail"), ("output", "bands")),
    }
    size_multiple = 8
    receptive_radius = 119

    def __init__(self, channels: int = 3, widths: tuple[int, int, int] = (160, 256, 256)):
        """`widths` at a half, a quarter and an eighth of the sides; the paper's unless told."""
        super().__init__()
        self.channels = channels
        fine, middle, coarse = widths
        self.analysis, self.synthesis = HaarAnalysis(), HaarSynthesis()
        self.down1 = convolutions([4 * channels] + [fine] * 4)
        self.down2 = convolutions([4 * fine] + [middle] * 4)
        self.bottom = convolutions([4 * middle] + [coarse] * 7 + [4 * middle])
        self.up2 = convolutions([middle] * 4 + [4 * fine])
        self.up1 = convolutions([fine] * 4)
        self.tail = nn.Conv2d(fine, 4 * channels, 3, padding=1)
        self._initialise()

    def _initialise(self) -> None:
        """He et al.'s, and a last layer of zeros: the network starts as the identity."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
                nn.init.zeros_(module.bias)
        nn.init.zeros_(self.tail.weight)

    def forward(self, x: Tensor) -> Tensor:
        level1 = self.down1(self.analysis(x))  # [N, 160, H/2, W/2]
        level2 = self.down2(self.analysis(level1))  # [N, 256, H/4, W/4]
        bands = self.bottom(self.analysis(level2))  # [N, 1024, H/8, W/8]
        level2 = level2 + self.synthesis(bands)  # [N, 256, H/4, W/4]
        level1 = level1 + self.synthesis(self.up2(level2))  # [N, 160, H/2, W/2]
        return x + self.synthesis(self.tail(self.up1(level1)))
