"""One readable file per architecture; `build` makes one from a recipe's [model] table."""

from torch import nn

from .convolutional import ConvolutionalAutoencoder
from .dense import DenseAutoencoder
from .mwcnn import MWCNN
from .pca import PrincipalComponents
from .pooling import PoolingAutoencoder
from .pridnet import PRIDNet
from .red30 import RED30
from .unet import UNet
from .variational import VariationalAutoencoder

ARCHITECTURES = {
    "convolutional-autoencoder": ConvolutionalAutoencoder,
    "dense-autoencoder": DenseAutoencoder,
    "mwcnn": MWCNN,
    "pooling-autoencoder": PoolingAutoencoder,
    "pridnet": PRIDNet,
    "principal-components": PrincipalComponents,
    "red30": RED30,
    "unet": UNet,
    "variational-autoencoder": VariationalAutoencoder,
}


def build(model: dict) -> nn.Module:
    """The network that a recipe's [model] table describes: `architecture` plus that class's arguments."""
    options = dict(model)
    name = options.pop("architecture")
    if name not in ARCHITECTURES:
        raise ValueError(f"Expected an architecture among {sorted(ARCHITECTURES)} but received {name!r}.")
    return ARCHITECTURES[name](**options)
