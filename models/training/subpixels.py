"""Convolutions' weights with their pixels laid open, so that kernels can be turned and put side by side.

Before or after some convolutions, the pixels of 2x2 blocks lie in the channels: as they are (pixel-unshuffle) or as
wavelet bands. An architecture says where, in `subpixels`: the layer, its side, and their order.
"""

import torch
from torch import Tensor, nn

from .architectures.mwcnn import HAAR

Layout = tuple[str, str] | None  # ("input" | "output", "phases" | "bands")
PHASES = 2  # along each side of a block


def opened(parameter: Tensor, layer: nn.Module, layout: Layout) -> Tensor:
    """A weight or bias as [outputs, inputs, row in block, column in block, row, column]; what there is not, is 1."""
    if parameter.dim() == 1:
        parameter = parameter.view(-1, 1, 1, 1)
        layout = layout if layout and layout[0] == "output" else None
    elif isinstance(layer, nn.ConvTranspose2d):
        parameter = parameter.transpose(0, 1)
    if layout is None:
        return parameter[:, :, None, None].clone()
    side, order = layout
    if side == "output":
        parameter = parameter.transpose(0, 1)
    if order == "bands":  # [other, 4 * channels, k, k], all channels of the first band first
        bands = parameter.unflatten(1, (4, -1))
        form = torch.einsum("obchw,bij->ocijhw", bands, HAAR.to(parameter))
    else:
        form = parameter.unflatten(1, (-1, PHASES, PHASES))
    return (form.transpose(0, 1) if side == "output" else form).clone()


def closed(form: Tensor, layer: nn.Module, layout: Layout, like: Tensor) -> Tensor:
    """What was opened, in the shape of `like`."""
    if layout is not None and form.shape[2] > 1:
        side, order = layout
        if side == "output":
            form = form.transpose(0, 1)
        if order == "bands":  # they are orthonormal: the transpose is the inverse
            form = torch.einsum("ocijhw,bij->obchw", form, HAAR.to(form))
            form = form.flatten(1, 2)
        else:
            form = form.flatten(1, 3)
        if side == "output":
            form = form.transpose(0, 1)
    else:
        form = form[:, :, 0, 0]
    if like.dim() == 1:
        return form.reshape(like.shape)
    return form.transpose(0, 1) if isinstance(layer, nn.ConvTranspose2d) else form


def turned(form: Tensor, turn: int) -> Tensor:
    """An opened weight, for a network that does to a picture what it did to one turned by `turn` quarters.

    From 4 on, that is mirrored besides.
    """
    for rows, columns in ((2, 3), (4, 5)):
        if turn >= 4:
            form = form.flip(columns)
        form = form.rot90(-(turn % 4), (rows, columns))
    return form
