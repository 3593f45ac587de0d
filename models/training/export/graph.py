"""The graph between PyTorch and TensorFlow.js: a list of TensorFlow nodes in NHWC, in the order of execution."""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

INPUT, OUTPUT = "image", "denoised"
LAYERS = ("_FusedConv2D", "_FusedMatMul")  # x, filters with the outputs on their last axis, biases


@dataclass
class Node:
    """One TensorFlow operation. Its weights are operands of op 'Const', whose values `Graph.weights` holds."""

    name: str
    op: str
    inputs: list[str] = field(default_factory=list)
    attributes: dict = field(default_factory=dict)
    channels: int = 0  # the length of the last axis
    scale: Fraction = Fraction(1)  # image px per sample, where the sides follow the image's
    sides: tuple[int, ...] | None = None  # height and width where they are fixed, () of what has none
    dtype: str = "float32"


@dataclass
class Graph:
    nodes: list[Node] = field(default_factory=list)
    weights: dict[str, np.ndarray] = field(default_factory=dict)  # float32 or int32, by the name of their Const

    def node(self, name: str) -> Node:
        return next(node for node in self.nodes if node.name == name)

    @property
    def operations(self) -> list[Node]:
        """All that computes: neither constants nor the input."""
        return [node for node in self.nodes if node.op not in ("Const", "Placeholder")]

    @property
    def layers(self) -> list[Node]:
        """All that has learnt weights."""
        return [node for node in self.nodes if node.op in LAYERS]
