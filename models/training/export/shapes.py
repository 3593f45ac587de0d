"""What each operation makes of its operands' shapes: which model.json does not state, and costs are counted from."""

import math
from fractions import Fraction

import numpy as np

from .graph import Graph, Node

Weights = dict[str, np.ndarray]
SHAPE_KEPT = {"Relu", "LeakyRelu", "Sigmoid", "Softmax", "Identity"}


def infer_shapes(graph: Graph) -> None:
    for node in graph.nodes:
        if node.op != "Const":
            infer(graph, node)


def infer(graph: Graph, node: Node) -> None:
    """Sets channels, scale, sides and dtype of `node`, whose operands must be in `graph` with theirs."""
    if node.op == "Placeholder":
        _, height, width, node.channels = node.attributes["shape"]
        node.sides = None if -1 in (height, width) else (height, width)
        return
    operands = [graph.node(name) for name in node.inputs]
    first = operands[0]
    node.channels, node.scale, node.sides, node.dtype = first.channels, first.scale, first.sides, first.dtype
    if node.op in RULES:
        RULES[node.op](node, operands, graph.weights)
    elif node.op not in SHAPE_KEPT:
        raise NotImplementedError(f"Expected an operation that export/ops/ writes but received {node.op}.")


def convolution(node: Node, operands: list[Node], weights: Weights) -> None:
    kernel, _, _, node.channels = weights[operands[1].name].shape
    slide(node, kernel)


def pooling(node: Node, operands: list[Node], weights: Weights) -> None:
    slide(node, node.attributes["ksize"][1])


def slide(node: Node, kernel: int) -> None:
    stride, padding = node.attributes["strides"][1], node.attributes["padding"]
    node.scale *= stride
    if node.sides is None:
        return
    if padding == "SAME":
        node.sides = tuple(-(-side // stride) for side in node.sides)
    else:
        total = sum(node.attributes["explicit_paddings"][2:4]) if padding == "EXPLICIT" else 0
        node.sides = tuple((side + total - kernel) // stride + 1 for side in node.sides)


def matmul(node: Node, operands: list[Node], weights: Weights) -> None:
    node.channels = weights[operands[1].name].shape[1]


def depth_to_space(node: Node, operands: list[Node], weights: Weights) -> None:
    block = node.attributes["block_size"]
    node.channels, node.scale = node.channels // block**2, node.scale / Fraction(block)
    node.sides = node.sides and tuple(side * block for side in node.sides)


def cut(node: Node, operands: list[Node], weights: Weights) -> None:
    *sides, channels = weights[operands[2].name].tolist()[-len(node.sides or (0, 0)) - 1 :]
    node.channels = node.channels if channels == -1 else channels
    node.sides = node.sides and tuple(old if new == -1 else new for old, new in zip(node.sides, sides))


def reshape(node: Node, operands: list[Node], weights: Weights) -> None:
    _, *sides, node.channels = weights[operands[1].name].tolist()
    node.sides = tuple(sides)


def transpose(node: Node, operands: list[Node], weights: Weights) -> None:
    shape = (-1, *node.sides, node.channels)
    _, *sides, node.channels = (shape[axis] for axis in weights[operands[1].name])
    node.sides = tuple(sides)


def concatenate(node: Node, operands: list[Node], weights: Weights) -> None:
    *parts, axis = operands
    axis = int(weights[axis.name])
    if axis == 3:
        node.channels = sum(part.channels for part in parts)
    else:
        sides = list(node.sides)
        sides[axis - 1] = sum(part.sides[axis - 1] for part in parts)
        node.sides = tuple(sides)


def broadcast(node: Node, operands: list[Node], weights: Weights) -> None:
    """The larger operand's sides: the others have the same, or one sample."""
    largest = max(operands, key=lambda operand: math.inf if operand.sides is None else math.prod(operand.sides))
    node.scale, node.sides = largest.scale, largest.sides
    node.channels = max(operand.channels for operand in operands)


def mean(node: Node, operands: list[Node], weights: Weights) -> None:
    node.sides = (1, 1)


def shape(node: Node, operands: list[Node], weights: Weights) -> None:
    node.channels, node.sides, node.dtype = 4, (), "int32"


def resize(node: Node, operands: list[Node], weights: Weights) -> None:
    """To a constant size, or to the operand's own size times a factor."""
    size = operands[1]
    if size.op == "Const":
        node.sides = tuple(weights[size.name].tolist())
    else:
        node.scale /= int(weights[size.inputs[1]][0])


RULES = {
    "_FusedConv2D": convolution,
    "_FusedMatMul": matmul,
    "MaxPool": pooling,
    "AvgPool": pooling,
    "DepthToSpace": depth_to_space,
    "Slice": cut,
    "Reshape": reshape,
    "Transpose": transpose,
    "ConcatV2": concatenate,
    "AddV2": broadcast,
    "Sub": broadcast,
    "Mul": broadcast,
    "Mean": mean,
    "Shape": shape,
    "ResizeBilinear": resize,
    "ResizeNearestNeighbor": resize,
}
