"""Principal component analysis as a network: the best that two linear layers around a code can do (Baldi and Hornik,
"Neural Networks and Principal Component Analysis", 1989), and so what the dense autoencoder has to beat.
"""

import torch
from torch import Tensor, nn

from .autoencoder import Autoencoder


class PrincipalComponents(Autoencoder):
    """784 - 128 - 784, both linear: 201,616 parameters, as many as the dense autoencoder has."""

    def __init__(self, code: int = 128, side: int = 28):
        super().__init__(side, channels=1)
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(side * side, code))  # [N, code]
        self.decoder = nn.Sequential(nn.Linear(code, side * side), nn.Unflatten(1, (1, side, side)))

    def forward(self, x: Tensor) -> Tensor:
        return self.decoder(self.encoder(x))

    @torch.no_grad()
    def solve(self, images: Tensor) -> None:
        """Sets all weights from clean `images` [N, 1, side, side]: projection onto the components and back."""
        pixels = images.flatten(1).double()  # [N, side * side]
        mean = pixels.mean(dim=0)
        covariance = (pixels - mean).T @ (pixels - mean) / len(pixels)
        axes, _, _ = torch.linalg.svd(covariance)  # columns by falling variance
        encode, decode = self.encoder[1], self.decoder[0]
        components = upright(axes[:, : encode.out_features])  # [side * side, code]
        encode.weight.copy_(components.T)
        encode.bias.copy_(-components.T @ mean)
        decode.weight.copy_(components)
        decode.bias.copy_(mean)


def upright(components: Tensor) -> Tensor:
    """Each column with its largest entry positive: a component's sign is otherwise the solver's whim."""
    largest = components.abs().argmax(dim=0, keepdim=True)
    return components * components.gather(0, largest).sign()
