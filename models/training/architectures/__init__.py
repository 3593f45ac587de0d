"""One readable file per architecture; `build` makes one from a recipe's [model] table."""

from torch import nn

from .unet import UNet

ARCHITECTURES = {"unet": UNet}


def build(model: dict) -> nn.Module:
    """The network that a recipe's [model] table describes: `architecture` plus that class's arguments."""
    options = dict(model)
    name = options.pop("architecture")
    if name not in ARCHITECTURES:
        raise ValueError(f"Expected an architecture among {sorted(ARCHITECTURES)} but received {name!r}.")
    return ARCHITECTURES[name](**options)
