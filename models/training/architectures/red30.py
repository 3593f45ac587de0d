"""RED30: fifteen convolutions, fifteen transposed ones, and sums across (Mao et al., "Image Restoration Using Very Deep
Convolutional Encoder-Decoder Networks with Symmetric Skip Connections", NIPS 2016).

Nothing is pooled: every layer works at full size. The network predicts the noise.
"""

import torch.nn.functional as F
from torch import Tensor, nn

DEPTH = 15  # of each half


class RED30(nn.Module):
    """[N, channels, H, W] -> the same, of any size. Values are sRGB-coded, 0..1; there is no noise map.

    4,134,785 parameters for grey, for which the paper gives results, 4,139,395 for colour.
    """

    conditioned = False
    picture_layers = ("encoder.0", "tail")
    turns = range(8)
    subpixels = {}
    size_multiple = 1
    receptive_radius = 2 * DEPTH  # px: one per 3x3 layer

    def __init__(self, channels: int = 1, width: int = 128):
        super().__init__()
        self.channels = channels
        inputs = [channels] + [width] * (DEPTH - 1)
        self.encoder = nn.ModuleList(nn.Conv2d(before, width, 3, padding=1) for before in inputs)
        self.decoder = nn.ModuleList(nn.ConvTranspose2d(width, width, 3, padding=1) for _ in range(DEPTH - 1))
        self.tail = nn.ConvTranspose2d(width, channels, 3, padding=1)
        self._initialise()

    def _initialise(self) -> None:
        """He et al.'s, half of it before a sum, so that seven sums do not swell the features, and a last layer of
        zeros: the network starts as the identity."""
        for layer in [*self.encoder, *self.decoder]:
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
        for layer in self.decoder[::2]:
            layer.weight.data /= 2
        nn.init.zeros_(self.tail.weight)
        nn.init.zeros_(self.tail.bias)

    def forward(self, x: Tensor) -> Tensor:
        features, skips = x, []
        for number, layer in enumerate(self.encoder, start=1):
            features = F.relu(layer(features))  # [N, width, H, W]
            if number % 2 == 0:
                skips.append(features)  # of layers 2, 4, ..., 14
        for number, layer in enumerate(self.decoder, start=1):
            features = layer(features)
            if number % 2 == 1:
                features = features + skips.pop()  # 1 with 14, 3 with 12, ..., 13 with 2
            features = F.relu(features)
        return x + self.tail(features)
