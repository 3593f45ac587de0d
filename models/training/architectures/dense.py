"""Dense autoencoder with one hidden layer, the one that introductions to the subject start with.

A picture of 784 pixels passes through 128 numbers, too few to carry the noise along (Vincent et al., "Extracting and
Composing Robust Features with Denoising Autoencoders", 2008).
"""

from torch import Tensor, nn

from .autoencoder import Autoencoder


class DenseAutoencoder(Autoencoder):
    """784 - 128 ReLU - 784 sigmoid: 201,616 parameters."""

    def __init__(self, code: int = 128, side: int = 28):
        super().__init__(side, channels=1)
        self.encoder = nn.Sequential(
            nn.Flatten(),  # [N, side * side]
            nn.Linear(side * side, code),
            nn.ReLU(),  # [N, code]
        )
        self.decoder = nn.Sequential(
            nn.Linear(code, side * side),
            nn.Sigmoid(),  # [N, side * side]
            nn.Unflatten(1, (1, side, side)),  # [N, 1, side, side]
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.decoder(self.encoder(x))
