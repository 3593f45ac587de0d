"""What a graph costs per image pixel, counted from its nodes."""

import math
from fractions import Fraction

from .graph import INPUT, Graph, Node

FLOAT_BYTES = 4


def macs_per_pixel(graph: Graph) -> Fraction:
    """Multiply-accumulates of the convolutions; everything else is negligible beside them."""
    return sum((math.prod(graph.weights[n.inputs[1]].shape) / n.scale**2 for n in graph.convolutions), Fraction(0))


def bytes_per_pixel(node: Node) -> Fraction:
    """Of a node's output in float32."""
    return FLOAT_BYTES * node.channels / node.scale**2


def largest_buffer(graph: Graph) -> Fraction:
    """Bytes per image pixel of the largest single tensor, the input included."""
    return max(bytes_per_pixel(node) for node in graph.nodes if node.op != "Const")


def peak(graph: Graph) -> Fraction:
    """Bytes per image pixel of all tensors alive at the worst moment, each released after its last reader.

    The input is its caller's and stays. Slices of it count from the start, which is when TensorFlow.js runs them.
    """
    order = [node for node in graph.nodes if node.op != "Const"]
    order.sort(key=lambda node: 0 if node.op == "Placeholder" else 1 if is_early(graph, node) else 2)
    last_read = {name: at for at, node in enumerate(order) for name in node.inputs}
    alive: dict[str, Fraction] = {}
    worst = Fraction(0)
    for at, node in enumerate(order):
        alive[node.name] = bytes_per_pixel(node)
        worst = max(worst, sum(alive.values()))
        alive = {name: size for name, size in alive.items() if last_read.get(name, at) > at or name == INPUT}
    return worst


def is_early(graph: Graph, node: Node) -> bool:
    return node.op == "Slice" and graph.node(node.inputs[0]).op == "Placeholder"
