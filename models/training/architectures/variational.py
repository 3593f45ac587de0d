"""Variational autoencoder (Kingma and Welling, "Auto-Encoding Variational Bayes", 2014), in its denoising form (Im et
al., "Denoising Criterion for Variational Auto-Encoding Framework", 2017): the code of a noisy picture explains the
clean one.

The code is a normal distribution per picture, sampled in training and pulled towards the standard normal. A code
sampled from the standard normal then decodes to a picture that might have been in the training data.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .autoencoder import Autoencoder


class VariationalAutoencoder(Autoencoder):
    """784 - 400 ReLU - 20 means and 20 log variances - 400 ReLU - 784 sigmoid: 652,824 parameters."""

    def __init__(self, hidden: int = 400, code: int = 20, side: int = 28):
        super().__init__(side, channels=1)
        self.code = code
        self.encoder = nn.Sequential(
            nn.Flatten(),  # [N, side * side]
            nn.Linear(side * side, hidden),
            nn.ReLU(),  # [N, hidden]
        )
        self.latent = nn.Linear(hidden, code)  # [N, code]: the mean, which is the code when nothing is drawn
        self.log_variance = nn.Linear(hidden, code)  # [N, code]: for training alone
        self.decoder = nn.Sequential(
            nn.Linear(code, hidden),
            nn.ReLU(),  # [N, hidden]
            nn.Linear(hidden, side * side),
            nn.Sigmoid(),  # [N, side * side]
            nn.Unflatten(1, (1, side, side)),  # [N, 1, side, side]
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.decoder(self.latent(self.encoder(x)))

    def loss(self, noisy: Tensor, clean: Tensor, kl_weight: float, generator: torch.Generator) -> Tensor:
        """Nats per picture, minus the evidence lower bound where `kl_weight` is 1.

        Both terms are sums: averaged over pixels, the first would be outweighed and the code would carry nothing.
        """
        features = self.encoder(noisy)
        mean, log_variance = self.latent(features), self.log_variance(features)
        normal = torch.randn(mean.shape, generator=generator).to(mean.device)
        decoded = self.decoder(mean + normal * (log_variance / 2).exp())
        reconstruction = F.binary_cross_entropy(decoded, clean, reduction="sum")
        divergence = -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum()
        return (reconstruction + kl_weight * divergence) / len(clean)
