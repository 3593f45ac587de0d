"""The Haar transform of architectures/mwcnn.py.

The analysis is folded into the convolution after it, and so is the synthesis into a linear one before it. Where an
activation stands between, the synthesis is eight sums of bands: cheaper than a dense 1x1 convolution.
"""

import torch
from torch import fx

from ...architectures.mwcnn import HAAR, HaarAnalysis, HaarSynthesis
from ..graph import Node
from .convolutions import Blocks, depth_to_space
from .joins import cut, join
from .registry import writes


@writes(HaarAnalysis)
def analysis(tracer, step: fx.Node) -> Blocks:
    source = tracer.tensor(step.args[0])
    basis = torch.einsum("bij,cd->bcdij", HAAR, torch.eye(source.channels))  # [band, c, c, i, j]
    return Blocks(source, basis.flatten(0, 1))


@writes(HaarSynthesis)
def synthesis(tracer, step: fx.Node) -> Node:
    source, name = tracer.tensor(step.args[0]), tracer.name(step)
    layer = tracer.layer_before(step.args[0], scaled=True)
    if layer is None:
        raise NotImplementedError(f"Expected {step} to be the only reader of a convolution but it reads {source.name}.")
    if layer.attributes["fused_ops"] == ["BiasAdd"] and layer is source:
        tracer.change_outputs(layer, synthesise)
        return depth_to_space(tracer, name, source, 2)
    tracer.change_outputs(layer, lambda outputs: outputs / 2)
    return depth_to_space(tracer, name, butterflies(tracer, name, source), 2)


def synthesise(outputs: torch.Tensor) -> torch.Tensor:
    """[..., band * channels + c] -> [..., (i * 2 + j) * channels + c], the order of DepthToSpace."""
    return torch.einsum("...bc,bij->...ijc", outputs.unflatten(-1, (4, -1)), HAAR.to(outputs.dtype)).flatten(-3)


def butterflies(tracer, name: str, source: Node) -> Node:
    """Twice the synthesis, in the order of DepthToSpace."""
    width = source.channels // 4
    ll, hl, lh, hh = (
        cut(tracer, f"{name}/{band}", source, {3: (at * width, (at + 1) * width)})
        for at, band in enumerate(("ll", "hl", "lh", "hh"))
    )

    def combine(part: str, op: str, a: Node, b: Node) -> Node:
        return tracer.emit(f"{name}/{part}", op, [a.name, b.name])

    left, right = combine("left", "Sub", ll, hl), combine("right", "AddV2", ll, hl)
    falling, rising = combine("falling", "Sub", lh, hh), combine("rising", "AddV2", lh, hh)
    corners = [
        combine("top-left", "Sub", left, falling),
        combine("top-right", "Sub", right, rising),
        combine("bottom-left", "AddV2", left, falling),
        combine("bottom-right", "AddV2", right, rising),
    ]
    return join(tracer, f"{name}/corners", corners, axis=3)
