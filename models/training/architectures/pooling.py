"""Convolutional autoencoder with max-pooling in and nearest-neighbour up-sampling out.

Pooling and plain repetition instead of strides, so that no convolution can draw a checkerboard (Odena et al.,
"Deconvolution and Checkerboard Artifacts", 2016).
"""

from torch import Tensor, nn

from .autoencoder import Autoencoder


def convolution(inputs: int, outputs: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, padding=1)


class PoolingAutoencoder(Autoencoder):
    """Each width in `widths` is a convolution and a halving of the sides; the way back mirrors it.

    Widths 32, 32 at 28x28 grey: 28,353 parameters. Widths 32, 64 at 256x256 in colour: 75,651.
    """

    def __init__(self, widths: list[int], side: int = 28, channels: int = 1):
        super().__init__(side, channels)
        if side % 2 ** len(widths) != 0:
            raise ValueError(f"Expected a side that {len(widths)} halvings divide but received {side}.")
        encoder, decoder = [], []
        for inputs, outputs in zip([channels, *widths[:-1]], widths):
            encoder += [convolution(inputs, outputs), nn.ReLU(), nn.MaxPool2d(2)]
        for inputs, outputs in zip([widths[-1], *widths[::-1]], widths[::-1]):
            decoder += [convolution(inputs, outputs), nn.ReLU(), nn.Upsample(scale_factor=2, mode="nearest")]
        self.encoder = nn.Sequential(*encoder)  # [N, widths[-1], side / 2^n, side / 2^n]
        self.decoder = nn.Sequential(*decoder, convolution(widths[0], channels), nn.Sigmoid())

    def forward(self, x: Tensor) -> Tensor:
        return self.decoder(self.encoder(x))
