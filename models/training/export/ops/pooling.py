"""Pooling over blocks, and over the whole picture."""

import torch
import torch.nn.functional as F
from torch import fx, nn

from ..graph import Node
from .registry import writes

POOLS = dict.fromkeys([nn.MaxPool2d, F.max_pool2d], "MaxPool") | dict.fromkeys([nn.AvgPool2d, F.avg_pool2d], "AvgPool")


@writes(*POOLS)
def pool(tracer, step: fx.Node) -> Node:
    source = tracer.tensor(step.args[0])
    size = tracer.option(step, 1, "kernel_size")
    stride = tracer.option(step, 2, "stride", None)
    stride = size if stride is None else stride
    plain = tracer.option(step, 3, "padding", 0) == 0 and not tracer.option(step, 5, "ceil_mode", False)
    if not isinstance(size, int) or stride != size or not plain:
        raise NotImplementedError(f"Expected pooling of square blocks side by side but received {step.format_node()}.")
    attributes = {
        "ksize": [1, size, size, 1],
        "strides": [1, stride, stride, 1],
        "padding": "VALID",
        "data_format": "NHWC",
    }
    return tracer.emit(tracer.name(step), POOLS[tracer.kind(step)], [source.name], attributes)


@writes(torch.mean, "mean", nn.AdaptiveAvgPool2d, F.adaptive_avg_pool2d)
def global_mean(tracer, step: fx.Node) -> Node:
    """Of each channel over the whole picture; the result is still a picture, of one pixel."""
    source, name = tracer.tensor(step.args[0]), tracer.name(step)
    if step.target in (torch.mean, "mean"):
        whole = tuple(tracer.option(step, 1, "dim")) in ((2, 3), (-2, -1)) and tracer.option(step, 2, "keepdim", False)
    else:
        whole = tracer.option(step, 1, "output_size") in (1, (1, 1))
    if not whole or source.sides == ():
        raise NotImplementedError(f"Expected the mean over height and width, kept, but received {step.format_node()}.")
    axes = tracer.const(f"{name}/axes", [1, 2])
    return tracer.emit(name, "Mean", [source.name, axes], {"keep_dims": True})
