"""Linear layers, and the turning of pictures into vectors and back.

PyTorch flattens [C, H, W], the graph [H, W, C]: the weights of the layer after it, or before, take up the difference.
"""

import math
from dataclasses import dataclass

import torch
from torch import fx, nn

from ..graph import Node
from .registry import writes


@dataclass
class Flattened:
    """A vector in the graph's order that waits for the linear layer that takes this up."""

    source: Node
    shape: tuple[int, int, int]  # of the picture: channels, height, width


@writes(nn.Linear)
def linear(tracer, step: fx.Node) -> Node:
    layer, source, weight = tracer.module(step), tracer.values[step.args[0]], tracer.module(step).weight
    if isinstance(source, Flattened):
        weight = weight.unflatten(1, source.shape).permute(0, 2, 3, 1).flatten(1)  # [out, H * W * C]
        source = source.source
    elif tracer.tensor(step.args[0]).sides != ():
        raise NotImplementedError(f"Expected a vector before {step.target} but received {source}. Flatten it.")
    attributes = {"transpose_a": False, "transpose_b": False}
    node = tracer.layer(step, "_FusedMatMul", source, weight.T, layer.bias, attributes)
    tracer.layers[step] = node
    return node


@writes(nn.Flatten, nn.Unflatten, torch.flatten, "flatten", torch.reshape, "reshape", "view", "unflatten")
def reshape(tracer, step: fx.Node) -> Node | Flattened:
    source = tracer.tensor(step.args[0])
    before = (source.channels, *source.sides) if source.sides is not None else None
    after = wanted_shape(tracer, step, before)
    if before is None or math.prod(before) != math.prod(after) or {len(before), len(after)} != {1, 3}:
        raise NotImplementedError(
            f"Expected a vector of a picture of fixed size, or the reverse, but received {step.format_node()}."
        )
    channels, height, width = max(before, after, key=len)
    has_order = channels > 1 and height * width > 1
    name = tracer.name(step)
    shape = [-1, *after[1:], after[0]]  # [N, H, W, C] or [N, F]
    result = tracer.emit(name, "Reshape", [source.name, tracer.const(f"{name}/shape", shape)])
    if not has_order:
        return result
    if len(after) == 1:
        return Flattened(result, before)
    layer = tracer.layer_before(step.args[0])
    if layer is None:
        raise NotImplementedError(f"Expected {step} to be a linear layer's only reader but it reads {source.name}.")
    tracer.change_outputs(layer, lambda x: x.unflatten(-1, after).movedim(-3, -1).flatten(-3))
    return result


def wanted_shape(tracer, step: fx.Node, before: tuple[int, ...] | None) -> tuple[int, ...]:
    """PyTorch's, without the batch."""
    kind = tracer.kind(step)
    if kind in (nn.Flatten, torch.flatten, "flatten"):
        is_whole = tracer.option(step, 1, "start_dim", 0) == 1 and tracer.option(step, 2, "end_dim", -1) in (-1, 3)
        return (math.prod(before),) if is_whole and before else ()
    if kind in (nn.Unflatten, "unflatten"):
        sizes = tracer.option(step, 2, "unflattened_size" if kind is nn.Unflatten else "sizes")
        return tuple(sizes) if tracer.option(step, 1, "dim") == 1 else ()
    sizes = step.args[1] if isinstance(step.args[1], (tuple, list)) else step.args[1:]
    rest = tuple(sizes[1:])  # the first is the batch
    if before and rest.count(-1) == 1:
        known = -math.prod(rest)
        rest = tuple(math.prod(before) // known if size == -1 else size for size in rest)
    return rest
