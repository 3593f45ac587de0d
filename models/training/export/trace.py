"""PyTorch module -> Graph, by torch.fx: any network of plain convolutions exports without code of its own.

Three foldings keep the graph to operations that every TensorFlow.js backend has and runs fast. All are exact:
- pixel-unshuffle by r, then a k x k convolution = one (k r) x (k r) convolution of r times the stride;
- a transposed convolution whose kernel is its stride = a 1x1 convolution, then DepthToSpace;
- a convolution, then pixel-shuffle = the convolution with its filters reordered, then DepthToSpace.
"""

import operator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn

from .graph import INPUT, OUTPUT, Graph, Node

SUMS = {operator.add: "AddV2", torch.add: "AddV2", operator.sub: "Sub", torch.sub: "Sub"}


@dataclass
class Unshuffled:
    """A pixel-unshuffle that waits for the convolution into which it is folded."""

    source: Node
    factor: int


def trace(network: nn.Module, input_channels: int) -> Graph:
    """The graph of `network`; its input is [N, input_channels, H, W]."""
    return Tracer(network, input_channels).graph


class Tracer:
    def __init__(self, network: nn.Module, input_channels: int):
        self.graph = Graph()
        self.input_channels = input_channels
        self.modules = dict(network.named_modules())
        self.reordered: set[str] = set()  # convolutions whose filters are in DepthToSpace's order
        self.values: dict[fx.Node, Node | Unshuffled] = {}
        for step in fx.symbolic_trace(network).graph.nodes:
            if step.op != "output":
                self.values[step] = self.value(step)

    def value(self, step: fx.Node) -> Node | Unshuffled:
        module = self.modules.get(step.target) if step.op == "call_module" else None
        if step.op == "placeholder":
            shape = [-1, -1, -1, self.input_channels]
            return self.emit(Node(INPUT, "Placeholder", [], {"shape": shape}, self.input_channels))
        if isinstance(module, nn.Conv2d):
            return self.convolution(step, module)
        if isinstance(module, nn.ConvTranspose2d):
            return self.transposed_convolution(step, module)
        if isinstance(module, nn.ReLU) or step.target in (F.relu, torch.relu):
            return self.relu(step)
        if step.target in SUMS:
            a, b = (self.tensor(argument) for argument in step.args)
            return self.emit(Node(name_of(step), SUMS[step.target], [a.name, b.name], {}, a.channels, a.scale))
        if step.target is operator.getitem:
            return self.channel_slice(step)
        if isinstance(module, nn.PixelUnshuffle) or step.target is F.pixel_unshuffle:
            factor = module.downscale_factor if module else step.args[1]
            return Unshuffled(self.tensor(step.args[0]), factor)
        if isinstance(module, nn.PixelShuffle) or step.target is F.pixel_shuffle:
            factor = module.upscale_factor if module else step.args[1]
            return self.depth_to_space(name_of(step), self.tensor(step.args[0]), factor)
        raise NotImplementedError(
            "Expected convolutions, ReLU, sums, channel slices and pixel-(un)shuffles but received "
            f"{step.format_node()} ({type(module).__name__}). Teach export/trace.py to write it."
        )

    def tensor(self, argument) -> Node:
        value = self.values.get(argument)
        if not isinstance(value, Node):
            raise NotImplementedError(f"Expected a tensor that the graph holds but received {argument} ({value}).")
        return value

    def emit(self, node: Node) -> Node:
        self.graph.nodes.append(node)
        return node

    def const(self, name: str, value: np.ndarray) -> str:
        self.emit(Node(name, "Const", [], {"dtype": value.dtype.name, "shape": list(value.shape)}))
        self.graph.weights[name] = np.ascontiguousarray(value)
        return name

    def convolution(self, step: fx.Node, conv: nn.Conv2d) -> Node:
        weight, bias = conv.weight.detach(), bias_of(conv)
        stride, padding = conv.stride[0], conv.padding[0]
        if conv.groups != 1 or set(conv.dilation) != {1} or len(set(conv.stride + conv.padding)) > 2:
            raise NotImplementedError(f"Expected a square, dense convolution but received {conv} at {step.target}.")
        source = self.values[step.args[0]]
        if isinstance(source, Unshuffled):
            weight = unfold_unshuffle(weight, source.factor)
            stride, padding = stride * source.factor, padding * source.factor
            source = source.source
        shuffle = self.pixel_shuffle_after(step)
        if shuffle:
            weight, bias = (to_depth_to_space_order(x, shuffle) for x in (weight, bias))
            self.reordered.add(name_of(step))
        return self.fused_convolution(step, source, weight, bias, stride, padding)

    def transposed_convolution(self, step: fx.Node, conv: nn.ConvTranspose2d) -> Node:
        weight, source = conv.weight.detach(), self.tensor(step.args[0])  # [in, out, k, k]
        kernel, stride, padding = conv.kernel_size[0], conv.stride[0], conv.padding[0]
        plain = conv.groups == 1 and set(conv.dilation) == {1} and set(conv.output_padding) == {0}
        if plain and stride == 1:  # the same as a convolution by the turned kernel
            turned = weight.flip(2, 3).transpose(0, 1)
            return self.fused_convolution(step, source, turned, bias_of(conv), 1, kernel - 1 - padding)
        if not plain or kernel != stride or padding != 0:
            raise NotImplementedError(f"Expected stride 1, or kernel = stride, but received {conv} at {step.target}.")
        # [in, out, i, j] -> [(i * k + j) * out + o, in, 1, 1]
        weight = weight.permute(2, 3, 1, 0).reshape(-1, conv.in_channels, 1, 1)
        features = self.fused_convolution(step, source, weight, bias_of(conv).repeat(kernel**2), 1, 0, suffix="/1x1")
        self.reordered.add(features.name)
        return self.depth_to_space(name_of(step), features, kernel)

    def fused_convolution(
        self, step: fx.Node, source: Node, weight: Tensor, bias: Tensor, stride: int, padding: int, suffix: str = ""
    ) -> Node:
        """`weight` is PyTorch's [out, in, k, k]; a ReLU that is the only reader is fused."""
        name = name_of(step) + suffix
        filters = self.const(f"{name}/filter", weight.permute(2, 3, 1, 0).numpy())  # [k, k, in, out]
        biases = self.const(f"{name}/bias", bias.numpy())
        fused = ["BiasAdd", "Relu"] if self.only_reader_is_relu(step) else ["BiasAdd"]
        attributes = {
            "strides": [1, stride, stride, 1],
            "dilations": [1, 1, 1, 1],
            "padding": tensorflow_padding(weight.shape[2], stride, padding),
            "data_format": "NHWC",
            "num_args": 1,
            "fused_ops": fused,
        }
        inputs = [source.name, filters, biases]
        return self.emit(Node(name, "_FusedConv2D", inputs, attributes, weight.shape[0], source.scale * stride))

    def depth_to_space(self, name: str, source: Node, factor: int) -> Node:
        if source.name not in self.reordered:
            raise NotImplementedError(f"Expected pixel-shuffle right after a convolution but it follows {source.name}.")
        attributes = {"block_size": factor, "data_format": "NHWC"}
        channels, scale = source.channels // factor**2, source.scale / factor
        return self.emit(Node(name, "DepthToSpace", [source.name], attributes, channels, scale))

    def relu(self, step: fx.Node) -> Node:
        source = self.tensor(step.args[0])
        if self.only_reader_is_relu(step.args[0]):
            return source
        return self.emit(Node(name_of(step), "Relu", [source.name], {}, source.channels, source.scale))

    def channel_slice(self, step: fx.Node) -> Node:
        """x[:, a:b]"""
        source, index = self.tensor(step.args[0]), step.args[1]
        everything = slice(None)
        if not isinstance(index, tuple) or index[0] != everything or any(i != everything for i in index[2:]):
            raise NotImplementedError(f"Expected a slice of channels, x[:, a:b], but received x[{index}].")
        first, last, stride = index[1].indices(source.channels)
        if stride != 1:
            raise NotImplementedError(f"Expected a slice of channels without a step but received {index[1]}.")
        name = name_of(step)
        begin = self.const(f"{name}/begin", np.array([0, 0, 0, first], np.int32))
        size = self.const(f"{name}/size", np.array([-1, -1, -1, last - first], np.int32))
        return self.emit(Node(name, "Slice", [source.name, begin, size], {}, last - first, source.scale))

    def only_reader_is_relu(self, step: fx.Node) -> bool:
        is_convolution = isinstance(self.modules.get(step.target), (nn.Conv2d, nn.ConvTranspose2d))
        reader = next(iter(step.users)) if len(step.users) == 1 else None
        if not is_convolution or step.op != "call_module" or reader is None:
            return False
        return reader.target in (F.relu, torch.relu) or isinstance(self.modules.get(reader.target), nn.ReLU)

    def pixel_shuffle_after(self, step: fx.Node) -> int | None:
        """The factor of the pixel-shuffle that reads this convolution, if one does; it must be the only reader."""
        for reader in step.users:
            module = self.modules.get(reader.target) if reader.op == "call_module" else None
            if reader.target is F.pixel_shuffle or isinstance(module, nn.PixelShuffle):
                if len(step.users) > 1:
                    raise NotImplementedError(f"Expected pixel-shuffle to be the only reader of {step.target}.")
                return module.upscale_factor if module else reader.args[1]
        return None


def name_of(step: fx.Node) -> str:
    if any(reader.op == "output" for reader in step.users):
        return OUTPUT
    return step.target.replace(".", "/") if step.op == "call_module" else step.name


def bias_of(conv: nn.Conv2d | nn.ConvTranspose2d) -> Tensor:
    return torch.zeros(conv.out_channels) if conv.bias is None else conv.bias.detach()


def unfold_unshuffle(weight: Tensor, factor: int) -> Tensor:
    """[out, c * r * r + i * r + j, y, x] -> [out, c, y * r + i, x * r + j]."""
    out, channels, kernel, _ = weight.shape
    weight = weight.reshape(out, channels // factor**2, factor, factor, kernel, kernel)
    return weight.permute(0, 1, 4, 2, 5, 3).reshape(out, channels // factor**2, kernel * factor, kernel * factor)


def to_depth_to_space_order(weight: Tensor, factor: int) -> Tensor:
    """Output channel c * r * r + i * r + j (pixel-shuffle) -> (i * r + j) * channels + c (DepthToSpace)."""
    blocks = weight.reshape(-1, factor**2, *weight.shape[1:])  # [c, i * r + j, ...]
    return blocks.transpose(0, 1).reshape(weight.shape)


def tensorflow_padding(kernel: int, stride: int, padding: int) -> str:
    """SAME pads max(kernel - stride, 0) in all where sides are multiples of the stride, the smaller half first."""
    if padding == 0:
        return "VALID"
    if 2 * padding == kernel - stride:
        return "SAME"
    raise NotImplementedError(
        f"Expected padding 0 or (kernel - stride) / 2 but received kernel {kernel}, stride {stride}, padding {padding}."
    )
