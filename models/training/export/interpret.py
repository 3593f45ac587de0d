"""A Graph as a PyTorch module, to judge what is published rather than what was meant, and to calibrate it."""

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .graph import INPUT, Graph, Node


class GraphNetwork(nn.Module):
    """[N, C, H, W] -> [N, C, H, W], as the module that was traced: values are NCHW here, though the graph is NHWC."""

    def __init__(self, graph: Graph, size_multiple: int):
        super().__init__()
        self.graph, self.size_multiple = graph, size_multiple
        self.values = nn.ParameterDict(
            {name: nn.Parameter(torch.from_numpy(value), requires_grad=False) for name, value in graph.weights.items()}
        )

    def forward(self, x: Tensor, adjust: Callable[[Node, Tensor], Tensor] | None = None) -> Tensor:
        """`adjust` may look at and replace each convolution's output, before its activation."""
        results = {INPUT: x}
        for node in self.graph.operations:
            operands = [results[name] if name in results else self.values[name] for name in node.inputs]
            results[node.name] = run(node, operands, adjust)
        return results[self.graph.nodes[-1].name]


def run(node: Node, operands: list[Tensor], adjust=None) -> Tensor:
    if node.op == "_FusedConv2D":
        result = convolve(node, *operands)
        result = adjust(node, result) if adjust else result
        return result.relu() if "Relu" in node.attributes["fused_ops"] else result
    if node.op == "AddV2":
        return operands[0] + operands[1]
    if node.op == "Sub":
        return operands[0] - operands[1]
    if node.op == "Relu":
        return operands[0].relu()
    if node.op == "Slice":
        x, begin, size = operands
        first, count = int(begin[3]), int(size[3])
        return x[:, first : first + count]
    if node.op == "DepthToSpace":
        return depth_to_space(operands[0], node.attributes["block_size"])
    raise NotImplementedError(f"Expected an operation that export/trace.py writes but received {node.op}.")


def convolve(node: Node, x: Tensor, filters: Tensor, bias: Tensor) -> Tensor:
    stride = node.attributes["strides"][1]
    if node.attributes["padding"] == "SAME":
        height, width = (same_padding(side, filters.shape[0], stride) for side in x.shape[2:])
        x = F.pad(x, (*width, *height))
    return F.conv2d(x, filters.permute(3, 2, 0, 1), bias, stride)  # filters are [k, k, in, out]


def same_padding(side: int, kernel: int, stride: int) -> tuple[int, int]:
    """TensorFlow's SAME: before, after."""
    total = max((-(-side // stride) - 1) * stride + kernel - side, 0)
    return total // 2, total - total // 2


def depth_to_space(x: Tensor, r: int) -> Tensor:
    n, channels, height, width = x.shape
    x = x.reshape(n, r, r, channels // r**2, height, width)  # channel (i * r + j) * C + c
    return x.permute(0, 3, 4, 1, 5, 2).reshape(n, channels // r**2, height * r, width * r)


def with_weights(graph: Graph, weights: dict[str, np.ndarray]) -> Graph:
    """The same operations with other values."""
    return Graph(graph.nodes, {name: weights[name] for name in graph.weights})
