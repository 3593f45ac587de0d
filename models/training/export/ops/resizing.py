"""Enlarging by a whole factor, to the nearest sample or bilinearly."""

import torch.nn.functional as F
from torch import fx, nn

from ..graph import Node
from .registry import writes

OPS = {"nearest": "ResizeNearestNeighbor", "bilinear": "ResizeBilinear"}


@writes(nn.Upsample, F.interpolate)
def enlarge(tracer, step: fx.Node) -> Node:
    source, name = tracer.tensor(step.args[0]), tracer.name(step)
    factor, mode = tracer.option(step, 2, "scale_factor", None), tracer.option(step, 3, "mode", "nearest")
    is_power_of_two = isinstance(factor, (int, float)) and factor == int(factor) and int(factor).bit_count() == 1
    # TensorFlow.js rounds dst / factor in float32, which other factors do not survive
    if mode not in OPS or not is_power_of_two or tracer.option(step, 4, "align_corners", None):
        raise NotImplementedError(
            f"Expected enlarging by a power of two, {' or '.join(OPS)}, without align_corners, but received "
            f"{step.format_node()}."
        )
    # PyTorch's samples stand at the centres of pixels; the nearest is the one that contains the new pixel's corner
    attributes = {"align_corners": False, "half_pixel_centers": mode == "bilinear"}
    return tracer.emit(name, OPS[mode], [source.name, enlarged_size(tracer, name, source, int(factor))], attributes)


def enlarged_size(tracer, name: str, source: Node, factor: int) -> str:
    """Height and width: constant, or from the shape at hand where the network takes any size."""
    if source.sides:
        return tracer.const(f"{name}/size", [side * factor for side in source.sides])
    shape = tracer.emit(f"{name}/shape", "Shape", [source.name])
    begin, count = tracer.const(f"{name}/sides/begin", [1]), tracer.const(f"{name}/sides/size", [2])
    sides = tracer.emit(f"{name}/sides", "Slice", [shape.name, begin, count])
    factors = tracer.const(f"{name}/factor", [factor, factor])
    return tracer.emit(f"{name}/size", "Mul", [sides.name, factors]).name
