"""Convolutions, transposed ones, and the shuffles of pixels that are folded into them.

Three foldings keep the graph to operations that every TensorFlow.js backend has and runs fast:
- pixel-unshuffle by r, then a k x k convolution = one (k r) x (k r) convolution of r times the stride;
- a transposed convolution of stride s = a convolution that computes the s x s pixels that each of its inputs becomes,
  then DepthToSpace (TensorFlow.js runs Conv2DBackpropInput slowly, and without bias or activation);
- a convolution, then pixel-shuffle = the convolution with its outputs reordered, then DepthToSpace.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn

from ..graph import Node
from .joins import cut
from .registry import writes


@dataclass
class Blocks:
    """A linear map of r x r blocks to channels that waits for the convolution into which it is folded."""

    source: Node
    basis: Tensor  # [channels after, channels before, r, r]

    def fold(self, weight: Tensor) -> Tensor:
        """[out, channels after, y, x] -> [out, channels before, y * r + i, x * r + j]."""
        folded = torch.einsum("oayx,acij->ocyixj", weight, self.basis.to(weight.dtype))
        return folded.flatten(4, 5).flatten(2, 3)


@writes(nn.Conv2d)
def convolution(tracer, step: fx.Node) -> Node:
    conv, source, weight = tracer.module(step), tracer.values[step.args[0]], tracer.module(step).weight
    if conv.groups != 1 or set(conv.dilation) != {1} or conv.padding_mode != "zeros" or not is_square(conv):
        raise NotImplementedError(f"Expected a square, dense convolution but received {conv} at {step.target}.")
    stride, padding = conv.stride[0], conv.padding[0]
    if isinstance(source, Blocks):
        block = source.basis.shape[-1]
        weight, stride, padding, source = source.fold(weight), stride * block, padding * block, source.source
    node = convolve(tracer, step, source, weight, conv.bias, stride, padding, padding)
    tracer.layers[step] = node
    return node


def convolve(
    tracer, step: fx.Node, source: Node, weight: Tensor, bias: Tensor, stride: int, before: int, after: int, suffix=""
) -> Node:
    """`weight` is PyTorch's [out, in, k, k]; `before` and `after` are the padding (px) on both axes."""
    attributes = {
        "strides": [1, stride, stride, 1],
        "dilations": [1, 1, 1, 1],
        **padding_of(weight.shape[2], stride, before, after, source.sides),
        "data_format": "NHWC",
    }
    filters = weight.permute(2, 3, 1, 0)  # [k, k, in, out]
    return tracer.layer(step, "_FusedConv2D", source, filters, bias, attributes, suffix)


def padding_of(kernel: int, stride: int, before: int, after: int, sides: tuple[int, ...] | None) -> dict:
    """SAME pads kernel - stride in all where sides are multiples of the stride, the smaller half first."""
    if before == after == 0:
        return {"padding": "VALID"}
    total = kernel - stride
    multiples = stride == 1 or sides is None or all(side % stride == 0 for side in sides)
    if multiples and (before, after) == (total // 2, total - total // 2):
        return {"padding": "SAME"}
    return {"padding": "EXPLICIT", "explicit_paddings": [0, 0, before, after, before, after, 0, 0]}


@writes(nn.ConvTranspose2d)
def transposed_convolution(tracer, step: fx.Node) -> Node:
    conv, source = tracer.module(step), tracer.tensor(step.args[0])
    if conv.groups != 1 or set(conv.dilation) != {1} or not is_square(conv) or len(set(conv.output_padding)) > 1:
        raise NotImplementedError(f"Expected a square, dense convolution but received {conv} at {step.target}.")
    stride, padding = conv.stride[0], conv.padding[0]
    weight, before, after = phases(conv.weight, stride, padding)
    # n inputs become n * stride + excess outputs: those beyond a multiple of the stride need one more block
    excess = conv.kernel_size[0] - stride - 2 * padding + conv.output_padding[0]
    after += -(-excess // stride)
    if after < 0:
        raise NotImplementedError(f"Expected less padding but received {conv} at {step.target}.")
    if stride == 1:
        tracer.layers[step] = convolve(tracer, step, source, weight, conv.bias, 1, before, after)
        return tracer.layers[step]
    bias = None if conv.bias is None else conv.bias.repeat(stride**2)
    taps = weight.shape[2]
    features = convolve(tracer, step, source, weight, bias, 1, before, after, suffix=f"/{taps}x{taps}")
    if excess % stride == 0:
        return depth_to_space(tracer, tracer.name(step), features, stride)
    if source.sides is None:
        raise NotImplementedError(f"Expected sides that are multiples of the stride after {conv} at {step.target}.")
    name = tracer.name(step)
    whole = depth_to_space(tracer, f"{name}/whole", features, stride)
    return cut(tracer, name, whole, {axis: (0, n * stride + excess) for axis, n in zip((1, 2), source.sides)})


def phases(weight: Tensor, stride: int, padding: int) -> tuple[Tensor, int, int]:
    """[in, out, k, k] of a transposed convolution -> [(i * stride + j) * out + o, in, taps, taps] of a convolution for
    the stride x stride outputs at each input, and its padding before and after.

    Output s * m + i gets tap i + padding + s * d of input m - d, for all d that name a tap.
    """
    inputs, outputs, kernel, _ = weight.shape
    before = max((kernel - 1 - i - padding) // stride for i in range(stride))
    after = (stride - 1 + padding) // stride
    taps = before + after + 1
    result = weight.new_zeros(stride, stride, outputs, inputs, taps, taps)
    reached = [
        (i, before - d, i + padding + stride * d)
        for i in range(stride)
        for d in range(-after, before + 1)
        if 0 <= i + padding + stride * d < kernel
    ]
    for i, y, from_y in reached:
        for j, x, from_x in reached:
            result[i, j, :, :, y, x] = weight[:, :, from_y, from_x].T
    return result.flatten(0, 2), before, after


def is_square(conv: nn.Conv2d | nn.ConvTranspose2d) -> bool:
    return all(len(set(pair)) == 1 for pair in (conv.kernel_size, conv.stride, conv.padding))


@writes(nn.PixelUnshuffle, F.pixel_unshuffle)
def pixel_unshuffle(tracer, step: fx.Node) -> Blocks:
    source, factor = tracer.tensor(step.args[0]), tracer.option(step, 1, "downscale_factor")
    channels = source.channels * factor**2
    return Blocks(source, torch.eye(channels).reshape(channels, source.channels, factor, factor))


@writes(nn.PixelShuffle, F.pixel_shuffle)
def pixel_shuffle(tracer, step: fx.Node) -> Node:
    """Output c * r * r + i * r + j of the layer before it becomes (i * r + j) * channels + c."""
    source, factor = tracer.tensor(step.args[0]), tracer.option(step, 1, "upscale_factor")
    layer = tracer.layer_before(step.args[0])
    if layer is None:
        raise NotImplementedError(f"Expected {step} to be the only reader of a convolution but it reads {source.name}.")
    tracer.change_outputs(layer, lambda x: x.unflatten(-1, (-1, factor**2)).transpose(-1, -2).flatten(-2))
    return depth_to_space(tracer, tracer.name(step), source, factor)


def depth_to_space(tracer, name: str, source: Node, factor: int) -> Node:
    return tracer.emit(name, "DepthToSpace", [source.name], {"block_size": factor, "data_format": "NHWC"})
