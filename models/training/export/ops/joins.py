"""What puts tensors together or takes them apart: sums, products, slices and concatenations."""

import operator
from dataclasses import dataclass

import torch
from torch import fx

from ..graph import Node
from .registry import writes

ARITHMETIC = {
    operator.add: "AddV2",
    torch.add: "AddV2",
    operator.sub: "Sub",
    torch.sub: "Sub",
    operator.mul: "Mul",
    torch.mul: "Mul",
}
AXES = {0: 0, 1: 3, 2: 1, 3: 2}  # PyTorch's dimension of [N, C, H, W] -> TensorFlow's axis of [N, H, W, C]


@writes(*ARITHMETIC)
def arithmetic(tracer, step: fx.Node) -> Node:
    a, b = (tracer.tensor(argument) for argument in step.args)
    return tracer.emit(tracer.name(step), ARITHMETIC[step.target], [a.name, b.name])


@writes(torch.cat, torch.concat)
def concatenate(tracer, step: fx.Node) -> Node:
    parts = [tracer.tensor(part) for part in step.args[0]]
    name, dimension = tracer.name(step), tracer.option(step, 1, "dim", 0)
    if dimension not in AXES or any(part.sides == () for part in parts):
        raise NotImplementedError(f"Expected images, joined along an axis, but received {step.format_node()}.")
    return join(tracer, name, parts, AXES[dimension])


def join(tracer, name: str, parts: list[Node], axis: int) -> Node:
    inputs = [*(part.name for part in parts), tracer.const(f"{name}/axis", axis)]
    return tracer.emit(name, "ConcatV2", inputs, {"N": len(parts)})


@dataclass
class Chunks:
    """Equal parts of the channels, each of which is cut when it is read."""

    source: Node
    count: int


@writes(torch.chunk, "chunk")
def chunk(tracer, step: fx.Node) -> Chunks:
    source, count = tracer.tensor(step.args[0]), tracer.option(step, 1, "chunks")
    if tracer.option(step, 2, "dim", 0) != 1 or source.channels % count != 0:
        raise NotImplementedError(f"Expected equal chunks of the channels but received {step.format_node()}.")
    return Chunks(source, count)


@writes(operator.getitem)
def index(tracer, step: fx.Node) -> Node:
    """x[:, a:b] and the like, or one of the chunks."""
    source, wanted = tracer.values[step.args[0]], step.args[1]
    if isinstance(source, Chunks):
        length = source.source.channels // source.count
        first = wanted % source.count * length
        return cut(tracer, tracer.name(step), source.source, {last_axis(source.source): (first, first + length)})
    source = tracer.tensor(step.args[0])
    wanted = wanted if isinstance(wanted, tuple) else (wanted,)
    if not all(isinstance(part, slice) and part.step in (None, 1) for part in wanted) or wanted[0] != slice(None):
        raise NotImplementedError(f"Expected a slice of whole images, x[:, a:b], but received x[{step.args[1]}].")
    lengths = {1: source.channels} | dict(zip((2, 3), source.sides or ()))
    spans = {}
    for dimension, part in enumerate(wanted[1:], start=1):
        if part != slice(None):
            axis = last_axis(source) if dimension == 1 else AXES[dimension]
            spans[axis] = part.indices(lengths[dimension])[:2]
    return cut(tracer, tracer.name(step), source, spans)


def last_axis(node: Node) -> int:
    return 1 if node.sides == () else 3


def cut(tracer, name: str, source: Node, spans: dict[int, tuple[int, int]]) -> Node:
    """`spans`: first and last (exclusive) by axis."""
    axes = range(last_axis(source) + 1)
    begin = tracer.const(f"{name}/begin", [spans.get(axis, (0, None))[0] for axis in axes])
    size = tracer.const(f"{name}/size", [spans[axis][1] - spans[axis][0] if axis in spans else -1 for axis in axes])
    return tracer.emit(name, "Slice", [source.name, begin, size])
