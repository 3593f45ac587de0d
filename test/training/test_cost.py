"""Costs are those that can be counted by hand, or that the papers state."""

import numpy as np
import pytest
import torch.nn.functional as F
from torch import nn
from training.architectures import build
from training.export import cost
from training.export.graph import Graph, Node
from training.export.trace import trace

PIXELS = 256**2


def test_costs_of_a_graph_that_can_be_counted_by_hand():
    filters = np.zeros((2, 2, 4, 8), np.float32)
    graph = Graph(
        [
            Node("image", "Placeholder", channels=4),
            Node("wide", "_FusedConv2D", ["image", "filter", "bias"], channels=8, scale=2),
            Node("same", "Relu", ["wide"], channels=8, scale=2),
            Node("back", "DepthToSpace", ["same"], channels=2),
            Node("cut", "Slice", ["image"], channels=2),
            Node("sum", "AddV2", ["back", "cut"], channels=2),
        ],
        {"filter": filters, "bias": np.zeros(8, np.float32)},
    )
    assert cost.macs_per_pixel(graph) == 2 * 2 * 4 * 8 / 4
    assert cost.largest_buffer(graph) == 16  # the image: 4 floats
    assert cost.peak(graph) == 16 + 8 + 8 + 8  # image, slice (which runs early), and two of the layer's size


@pytest.mark.parametrize(("name", "gmacs"), [("red30", 270.7), ("mwcnn", 57.9)])
def test_grey_networks_cost_what_is_known_of_them(name, gmacs):
    network = build({"architecture": name, "channels": 1})
    assert float(cost.macs_per_pixel(trace(network, 1))) * PIXELS / 1e9 == pytest.approx(gmacs, abs=0.1)


def test_fixed_sizes_are_counted_as_they_are():
    network = build({"architecture": "convolutional-autoencoder"})
    graph = trace(network, 1)
    down = 9 * (14 * 14 * 32 + 7 * 7 * 32 * 64 + 3 * 3 * 64 * 128)
    # the way up computes 2x2 pixels at a time, by 2x2 taps
    up = 4 * 4 * (4 * 4 * 128 * 64 + 7 * 7 * 64 * 32 + 14 * 14 * 32)
    assert cost.macs_per_pixel(graph) * 28 * 28 == down + up
    assert cost.largest_buffer(graph) * 28 * 28 == 4 * 14 * 14 * 32


def test_vectors_and_matrices():
    graph = trace(build({"architecture": "dense-autoencoder"}), 1)
    assert cost.macs_per_pixel(graph) * 784 == 2 * 784 * 128
    assert cost.peak(graph) * 784 == 4 * 3 * 784  # the picture, and both sides of the last activation


class Two(nn.Module):
    """Two branches; the second is small, and a mean is nothing beside any image."""

    def __init__(self):
        super().__init__()
        self.wide, self.narrow = nn.Conv2d(1, 8, 1), nn.Conv2d(8, 1, 1)

    def forward(self, x):
        wide = self.wide(x)
        return self.narrow(wide) + F.max_pool2d(x, 2).mean(dim=(2, 3), keepdim=True)


def test_order_of_execution_is_tensorflows():
    """The youngest node's readers come first, and nodes run as soon as they can: test/models/graph-ops.test.ts compares
    the peak with what TensorFlow.js reports."""
    graph = trace(Two().requires_grad_(False), 1)
    assert [node.name for node in graph.operations] == ["wide", "narrow", "max_pool2d", "mean", "denoised"]
    order = [node.name for node in cost.execution_order(graph)]
    assert order == ["image", "wide", "max_pool2d", "mean", "narrow", "denoised"]
    assert cost.peak(graph) == 4 + 32 + 4  # image, wide, narrow
    assert cost.macs_per_pixel(graph) == 16


def test_what_a_global_mean_feeds_costs_nothing_beside_the_image():
    network = nn.Sequential(nn.Conv2d(1, 4, 1), nn.AdaptiveAvgPool2d(1), nn.Conv2d(4, 4, 1))
    assert cost.macs_per_pixel(trace(network, 1)) == 4
