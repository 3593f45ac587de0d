"""Convolutional autoencoder for 28x28 pictures: strided convolutions in, transposed ones out.

Strides do the downsampling (Springenberg et al., "Striving for Simplicity", 2015) and transposed convolutions of the
same layout undo it (Zeiler et al., "Deconvolutional Networks", 2010).
"""

from torch import Tensor, nn

from .autoencoder import Autoencoder


class ConvolutionalAutoencoder(Autoencoder):
    """28 -> 14 -> 7 -> 3 px at 32, 64 and 128 channels, and back: 185,217 parameters."""

    def __init__(self):
        super().__init__(side=28, channels=1)
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 32, 3, stride=2, padding=1),
            nn.ReLU(),  # [N, 32, 14, 14]
            nn.Conv2d(32, 64, 3, stride=2, padding=1),
            nn.ReLU(),  # [N, 64, 7, 7]
            nn.Conv2d(64, 128, 3, stride=2),
            nn.ReLU(),  # [N, 128, 3, 3]
        )
        self.decoder = nn.Sequential(
            nn.ConvTranspose2d(128, 64, 3, stride=2),
            nn.ReLU(),  # [N, 64, 7, 7]
            nn.ConvTranspose2d(64, 32, 3, stride=2, padding=1, output_padding=1),
            nn.ReLU(),  # [N, 32, 14, 14]
            nn.ConvTranspose2d(32, 1, 3, stride=2, padding=1, output_padding=1),
            nn.Sigmoid(),  # [N, 1, 28, 28]
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.decoder(self.encoder(x))
