"""PRIDNet: five U-Nets that look at the picture at five scales, and a choice between kernels (Zhao et al., "Pyramid
Real Image Denoising Network", VCIP 2019). The layers are those of the authors' code.

Two blocks take means over the whole picture, so that a tile's answer differs from the whole's.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SLOPE = 0.2  # of LeakyReLU's negative half
POOLS = (1, 2, 4, 8, 16)
LEVELS = 5  # of each U-Net
KERNELS = (3, 5, 7)


def convolutions(inputs: int, width: int, count: int) -> nn.Sequential:
    """3x3, with a LeakyReLU after each."""
    layers = []
    for before in [inputs] + [width] * (count - 1):
        layers += [nn.Conv2d(before, width, 3, padding=1), nn.LeakyReLU(SLOPE)]
    return nn.Sequential(*layers)


class SqueezeExcite(nn.Module):
    """Scales each channel by what the means of all of them say (Hu et al., 2018)."""

    def __init__(self, channels: int, squeezed: int):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed, 1)
        self.excite = nn.Conv2d(squeezed, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        means = x.mean(dim=(2, 3), keepdim=True)  # [N, channels, 1, 1]
        return x * torch.sigmoid(self.excite(F.relu(self.squeeze(means))))


class PyramidUNet(nn.Module):
    """[N, inputs, H, W] -> [N, outputs, H, W]; H and W multiples of 16."""

    def __init__(self, inputs: int, outputs: int, width: int):
        super().__init__()
        widths = [width * 2**level for level in range(LEVELS)]
        self.encoder = nn.ModuleList(convolutions(*pair, count=4) for pair in zip([inputs, *widths], widths))
        coarse_to_fine = list(zip(widths[:0:-1], widths[-2::-1]))
        self.up = nn.ModuleList(nn.ConvTranspose2d(*pair, 2, stride=2, bias=False) for pair in coarse_to_fine)
        self.decoder = nn.ModuleList(convolutions(2 * fine, fine, count=3) for _, fine in coarse_to_fine)
        self.tail = nn.Conv2d(width, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        skips = []
        for level in self.encoder[:-1]:
            skips.append(level(x))
            x = F.max_pool2d(skips[-1], 2)
        x = self.encoder[-1](x)  # [N, 16 width, H/16, W/16]
        for up, level in zip(self.up, self.decoder):
            x = level(torch.cat([up(x), skips.pop()], dim=1))
        return self.tail(x)


class KernelSelection(nn.Module):
    """Three kernels side by side, weighed per channel by a softmax over the three (Li et al., "Selective Kernel
    Networks", 2019)."""

    def __init__(self, channels: int, squeezed: int = 4):
        super().__init__()
        self.branches = nn.ModuleList(nn.Conv2d(channels, channels, k, padding=k // 2) for k in KERNELS)
        self.squeeze = nn.Conv2d(channels, squeezed, 1)
        self.select = nn.ModuleList(nn.Conv2d(squeezed, channels, 1) for _ in KERNELS)

    def forward(self, x: Tensor) -> Tensor:
        small, medium, large = (F.leaky_relu(branch(x), SLOPE) for branch in self.branches)
        means = (small + medium + large).mean(dim=(2, 3), keepdim=True)  # [N, channels, 1, 1]
        code = F.relu(self.squeeze(means))
        weights = torch.cat([select(code) for select in self.select], dim=2).softmax(dim=2)  # [N, channels, 3, 1]
        return small * weights[:, :, 0:1] + medium * weights[:, :, 1:2] + large * weights[:, :, 2:3]


class PRIDNet(nn.Module):
    """[N, channels, H, W] -> the same; H and W multiples of 256. Values are sRGB-coded, 0..1; there is no noise map.

    74,225,723 parameters in colour at the paper's width, 32.
    """

    conditioned = False
    size_multiple = POOLS[-1] * 2 ** (LEVELS - 1)  # px
    receptive_radius = None  # the means

    def __init__(self, channels: int = 3, width: int = 32):
        super().__init__()
        self.channels = channels
        self.head = convolutions(channels, width, count=4)
        self.attention = SqueezeExcite(width, squeezed=max(1, width // 16))
        self.features = convolutions(width, channels, count=1)
        self.pyramid = nn.ModuleList(PyramidUNet(2 * channels, channels, width) for _ in POOLS)
        self.selection = KernelSelection((2 + len(POOLS)) * channels)
        self.tail = nn.Conv2d((2 + len(POOLS)) * channels, channels, 3, padding=1)
        self._initialise()

    def _initialise(self) -> None:
        for module in self.modules():
            if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
                nn.init.kaiming_normal_(module.weight, SLOPE)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        features = self.features(self.attention(self.head(x)))
        both = torch.cat([x, features], dim=1)  # [N, 2 channels, H, W]
        scales = [both]
        for size, unet in zip(POOLS, self.pyramid):
            scale = unet(F.avg_pool2d(both, size) if size > 1 else both)  # [N, channels, H/size, W/size]
            scales.append(F.interpolate(scale, scale_factor=size, mode="bilinear") if size > 1 else scale)
        return self.tail(self.selection(torch.cat(scales, dim=1)))
