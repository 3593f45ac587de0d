"""What a graph costs per image pixel, counted from its nodes."""

import math
from fractions import Fraction

from .graph import INPUT, Graph, Node

FLOAT_BYTES = 4


def macs_per_pixel(graph: Graph) -> Fraction:
    """Multiply-accumulates of the layers; everything else is negligible beside them."""
    costs = (math.prod(graph.weights[layer.inputs[1]].shape) * positions(graph, layer) for layer in graph.layers)
    return sum(costs, Fraction(0))


def positions(graph: Graph, node: Node) -> Fraction:
    """Samples of a node's output, each of them of all its channels, per image pixel."""
    if node.sides is None:
        return 1 / Fraction(node.scale) ** 2
    image = graph.node(INPUT).sides
    # beside an image of any size, what has a fixed one is nothing
    return Fraction(math.prod(node.sides), math.prod(image)) if image else Fraction(0)


def bytes_per_pixel(graph: Graph, node: Node) -> Fraction:
    """Of a node's output."""
    return FLOAT_BYTES * node.channels * positions(graph, node)


def largest_buffer(graph: Graph) -> Fraction:
    """Bytes per image pixel of the largest single tensor, the input included."""
    return max(bytes_per_pixel(graph, node) for node in graph.nodes if node.op != "Const")


def peak(graph: Graph) -> Fraction:
    """Bytes per image pixel of all tensors alive at the worst moment, each released after its last reader.

    The input is its caller's and stays.
    """
    order = execution_order(graph)
    last_read = {name: at for at, node in enumerate(order) for name in node.inputs}
    alive: dict[str, Fraction] = {}
    worst = Fraction(0)
    for at, node in enumerate(order):
        alive[node.name] = bytes_per_pixel(graph, node)
        worst = max(worst, sum(alive.values()))
        alive = {name: size for name, size in alive.items() if last_read.get(name, at) > at or name == INPUT}
    return worst


def execution_order(graph: Graph) -> list[Node]:
    """TensorFlow.js': a node runs as soon as its last operand has; then the youngest one's readers come first."""
    readers: dict[str, list[Node]] = {}
    missing: dict[str, int] = {}
    computed = {node.name for node in graph.nodes if node.op != "Const"}
    for node in graph.operations:
        operands = [name for name in node.inputs if name in computed]
        missing[node.name] = len(operands)
        for name in operands:
            readers.setdefault(name, []).append(node)
    order = [graph.node(INPUT)]
    youngest = list(order)
    while youngest:
        for reader in readers.get(youngest.pop().name, []):
            missing[reader.name] -= 1
            if missing[reader.name] == 0:
                order.append(reader)
                youngest.append(reader)
    return order
