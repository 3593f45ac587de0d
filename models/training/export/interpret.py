"""A Graph as a PyTorch module, to judge what is published rather than what was meant, and to calibrate it."""

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .graph import INPUT, OUTPUT, Graph, Node

Adjust = Callable[[Node, list[Tensor]], list[Tensor]]


class GraphNetwork(nn.Module):
    """[N, C, H, W] -> [N, C, H, W], as the module that was traced."""

    def __init__(self, graph: Graph, size_multiple: int):
        super().__init__()
        self.graph, self.size_multiple = graph, size_multiple
        self.weights = nn.ParameterDict(
            {name: nn.Parameter(torch.from_numpy(value), requires_grad=False) for name, value in graph.weights.items()}
        )

    def forward(self, x: Tensor) -> Tensor:
        return channels_first(self.execute({INPUT: channels_last(x)}, OUTPUT))

    def execute(self, inputs: dict[str, Tensor], output: str) -> Tensor:
        """As TensorFlow.js' `execute`: tensors in NHWC, from any nodes to any node."""
        return self.execute_together([inputs], output)[0]

    def execute_together(
        self, inputs: list[dict[str, Tensor]], output: str, adjust: Adjust | None = None
    ) -> list[Tensor]:
        """Several inputs, of any sizes, through one node after the other.

        `adjust` may look at and replace a layer's outputs for all of them, before its activation.
        """
        results = [dict(tensors) for tensors in inputs]
        steps = self.steps(set(inputs[0]), output)
        last_read = {name: step.name for step in steps for name in step.inputs}
        for step in steps:
            operands = [[known.get(name, self.weights.get(name)) for name in step.inputs] for known in results]
            for known, result in zip(results, run(step, operands, adjust)):
                known[step.name] = result
                for name in step.inputs:
                    if last_read[name] == step.name:
                        known.pop(name, None)
        return [known[output] for known in results]

    def steps(self, inputs: set[str], output: str) -> list[Node]:
        """The operations that lead from `inputs` to `output`."""
        needed, steps = {output}, []
        for node in reversed(self.graph.operations):
            if node.name in needed and node.name not in inputs:
                needed.update(node.inputs)
                steps.append(node)
        return steps[::-1]


def run(node: Node, operands: list[list[Tensor]], adjust: Adjust | None) -> list[Tensor]:
    if node.op in LAYERS:
        outputs = [LAYERS[node.op](node, *each) for each in operands]
        return [activate(node, output) for output in (adjust(node, outputs) if adjust else outputs)]
    if node.op not in OPERATIONS:
        raise NotImplementedError(f"Expected an operation that export/ops/ writes but received {node.op}.")
    return [OPERATIONS[node.op](node, *each) for each in operands]


def activate(node: Node, x: Tensor) -> Tensor:
    fused = node.attributes["fused_ops"]
    if "LeakyRelu" in fused:
        return F.leaky_relu(x, node.attributes["leakyrelu_alpha"])
    return x.relu() if "Relu" in fused else x


def convolve(node: Node, x: Tensor, filters: Tensor, bias: Tensor) -> Tensor:
    stride, padding = node.attributes["strides"][1], node.attributes["padding"]
    x = channels_first(x)
    if padding == "SAME":
        height, width = (same_padding(side, filters.shape[0], stride) for side in x.shape[2:])
        x = F.pad(x, (*width, *height))
    elif padding == "EXPLICIT":
        _, _, top, bottom, left, right, _, _ = node.attributes["explicit_paddings"]
        x = F.pad(x, (left, right, top, bottom))
    return channels_last(F.conv2d(x, filters.permute(3, 2, 0, 1), bias, stride))  # filters are [k, k, in, out]


def same_padding(side: int, kernel: int, stride: int) -> tuple[int, int]:
    """TensorFlow's SAME: before, after."""
    total = max((-(-side // stride) - 1) * stride + kernel - side, 0)
    return total // 2, total - total // 2


def multiply(node: Node, x: Tensor, matrix: Tensor, bias: Tensor) -> Tensor:
    return x @ matrix + bias


def depth_to_space(node: Node, x: Tensor) -> Tensor:
    r = node.attributes["block_size"]
    n, height, width, channels = x.shape
    x = x.reshape(n, height, width, r, r, channels // r**2)  # channel (i * r + j) * C + c
    return x.permute(0, 1, 3, 2, 4, 5).reshape(n, height * r, width * r, channels // r**2)


def cut(node: Node, x: Tensor, begin: Tensor, size: Tensor) -> Tensor:
    for axis, (first, count) in enumerate(zip(begin.tolist(), size.tolist())):
        x = x.narrow(axis, first, x.shape[axis] - first if count == -1 else count)
    return x


def concatenate(node: Node, *operands: Tensor) -> Tensor:
    *parts, axis = operands
    return torch.cat(parts, dim=int(axis))


def mean(node: Node, x: Tensor, axes: Tensor) -> Tensor:
    return x.mean(dim=axes.tolist(), keepdim=node.attributes["keep_dims"])


def pool(by: Callable) -> Callable:
    return lambda node, x: channels_last(by(channels_first(x), node.attributes["ksize"][1]))


def resize(mode: str) -> Callable:
    return lambda node, x, size: channels_last(F.interpolate(channels_first(x), size.tolist(), mode=mode))


def channels_first(x: Tensor) -> Tensor:
    return x.permute(0, 3, 1, 2)


def channels_last(x: Tensor) -> Tensor:
    return x.permute(0, 2, 3, 1)


LAYERS = {"_FusedConv2D": convolve, "_FusedMatMul": multiply}
OPERATIONS = {
    "AddV2": lambda node, a, b: a + b,
    "AvgPool": pool(F.avg_pool2d),
    "ConcatV2": concatenate,
    "DepthToSpace": depth_to_space,
    "Identity": lambda node, x: x,
    "LeakyRelu": lambda node, x: F.leaky_relu(x, node.attributes["alpha"]),
    "MaxPool": pool(F.max_pool2d),
    "Mean": mean,
    "Mul": lambda node, a, b: a * b,
    "Relu": lambda node, x: x.relu(),
    "Reshape": lambda node, x, shape: x.reshape(shape.tolist()),
    "ResizeBilinear": resize("bilinear"),
    "ResizeNearestNeighbor": resize("nearest"),
    "Shape": lambda node, x: torch.tensor(x.shape),
    "Sigmoid": lambda node, x: x.sigmoid(),
    "Slice": cut,
    "Softmax": lambda node, x: x.softmax(dim=-1),
    "Sub": lambda node, a, b: a - b,
    "Transpose": lambda node, x, order: x.permute(order.tolist()),
}


def with_weights(graph: Graph, weights: dict[str, np.ndarray]) -> Graph:
    """The same operations with other values."""
    return Graph(graph.nodes, {name: weights[name] for name in graph.weights})
