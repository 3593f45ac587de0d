"""Plain-convolution residual U-Net, told by a map how strong the noise is, or blind.

The layout is DRUNet's (Zhang et al., "Plug-and-Play Image Restoration with Deep Denoiser Prior", 2021): residual
blocks, strided convolutions down, transposed ones up, skips by sum. It runs at half resolution behind a
pixel-unshuffle, as FFDNet does (Zhang et al., 2018), which quarters its cost. There is no normalisation, attention
or global pooling, so that a tile's pixels depend on a bounded neighbourhood only.
"""

import torch.nn.functional as F
from torch import Tensor, nn


class ResidualBlock(nn.Module):
    """x + conv(ReLU(conv(x))), 3x3, width kept."""

    def __init__(self, width: int):
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.relu(self.first(x)))


def blocks(width: int, count: int) -> nn.Sequential:
    return nn.Sequential(*[ResidualBlock(width) for _ in range(count)])


class UNet(nn.Module):
    """[N, channels + 1, H, W] -> [N, channels, H, W]; H and W multiples of `size_multiple`.

    The last input channel is the noise map, sigma / 255; where it is not `conditioned`, there is none. Values are
    sRGB-coded, 0..1.
    """

    picture_layers = ("head", "tail")
    turns = range(8)
    subpixels = {"head": ("input", "phases"), "tail": ("output", "phases")}

    def __init__(
        self,
        widths: list[int],
        blocks_per_level: int | list[int],
        channels: int = 3,
        unshuffle: int = 2,
        conditioned: bool = True,
    ):
        """`widths` and `blocks_per_level` from fine to coarse; one number of blocks stands for all levels."""
        super().__init__()
        counts = [blocks_per_level] * len(widths) if isinstance(blocks_per_level, int) else list(blocks_per_level)
        if len(counts) != len(widths):
            raise ValueError(f"Expected blocks for {len(widths)} levels but received {counts}.")
        self.widths, self.counts = list(widths), counts
        self.channels, self.unshuffle, self.conditioned = channels, unshuffle, conditioned
        fine_to_coarse = list(zip(widths[:-1], widths[1:]))
        self.head = nn.Conv2d((channels + conditioned) * unshuffle**2, widths[0], 3, padding=1)
        self.encoder = nn.ModuleList(blocks(fine, count) for fine, count in zip(widths[:-1], counts))
        self.down = nn.ModuleList(nn.Conv2d(fine, coarse, 2, stride=2) for fine, coarse in fine_to_coarse)
        self.bottom = blocks(widths[-1], counts[-1])
        self.up = nn.ModuleList(nn.ConvTranspose2d(coarse, fine, 2, stride=2) for fine, coarse in fine_to_coarse)
        self.decoder = nn.ModuleList(blocks(fine, count) for fine, count in zip(widths[:-1], counts))
        self.tail = nn.Conv2d(widths[0], channels * unshuffle**2, 3, padding=1)
        self._initialise()

    def _initialise(self) -> None:
        """Every residual branch starts small and the network as the identity: the first loss is the noise itself."""
        for module in self.modules():
            if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
                nn.init.orthogonal_(module.weight)
                nn.init.zeros_(module.bias)
        for module in self.modules():
            if isinstance(module, ResidualBlock):
                nn.init.orthogonal_(module.second.weight, gain=0.2)
        nn.init.zeros_(self.tail.weight)

    @property
    def size_multiple(self) -> int:
        """Input sides, and tile origins, must be multiples of this (px): the total stride."""
        return self.unshuffle * 2 ** (len(self.widths) - 1)

    @property
    def receptive_radius(self) -> int:
        """How far an output pixel can look (px): no input further away can change it."""
        scales = [self.unshuffle * 2**level for level in range(len(self.widths))]
        # two convolutions per block: one pass down, one up (the coarsest has one only), head and tail at the finest
        passes = [2] * len(scales[:-1]) + [1]
        reach = sum(scale * 2 * count * times for scale, count, times in zip(scales, self.counts, passes))
        reach += 2 * scales[0]
        return reach + scales[-1] - 1

    def forward(self, x: Tensor) -> Tensor:
        features = self.head(F.pixel_unshuffle(x, self.unshuffle))  # [N, w0, H/2, W/2]
        skips = []
        for level, down in zip(self.encoder, self.down):
            features = level(features)
            skips.append(features)
            features = down(features)
        features = self.bottom(features)
        for level, up, skip in reversed(list(zip(self.decoder, self.up, skips))):
            features = level(up(features) + skip)
        noise = F.pixel_shuffle(self.tail(features), self.unshuffle)  # [N, channels, H, W]
        return x[:, : self.channels] + noise
