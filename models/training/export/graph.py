"""The graph between PyTorch and TensorFlow.js: a list of TensorFlow nodes in NHWC, in the order of execution."""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

INPUT, OUTPUT = "image", "denoised"


@dataclass
class Node:
    """One TensorFlow operation. Its weights are operands of op 'Const', whose values `Graph.weights` holds."""

    name: str
    op: str
    inputs: list[str] = field(default_factory=list)
    attributes: dict = field(default_factory=dict)
    channels: int = 0
    scale: Fraction = Fraction(1)  # image px per sample of the output


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
    def convolutions(self) -> list[Node]:
        return [node for node in self.nodes if node.op == "_FusedConv2D"]
