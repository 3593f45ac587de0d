"""The graph computes what the PyTorch module computes, and means by each operation what TensorFlow means."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from training.architectures.unet import UNet
from training.export import cost, model_json
from training.export.graph import Graph, Node
from training.export.interpret import GraphNetwork, depth_to_space, same_padding
from training.export.trace import trace


def randomised(network: nn.Module) -> nn.Module:
    torch.manual_seed(0)
    for parameter in network.parameters():
        nn.init.normal_(parameter, std=0.2)
    return network.eval().requires_grad_(False)


class Mirror(nn.Module):
    """Transposed convolutions of stride 1, as RED30 has them, one without bias; the noise is subtracted."""

    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 5, 3, padding=1, bias=False)
        self.up = nn.ConvTranspose2d(5, 3, 3, padding=1)

    def forward(self, x):
        return x[:, 0:3] - self.up(F.relu(self.down(x[:, 0:3])))


class Modules(nn.Module):
    """Foldings written as modules; a ReLU after a sum, which cannot be fused, and one after a transposed one."""

    def __init__(self):
        super().__init__()
        self.into, self.out, self.relu = nn.PixelUnshuffle(2), nn.PixelShuffle(4), nn.ReLU()
        self.head = nn.Conv2d(16, 6, 2, stride=2)
        self.side = nn.Conv2d(6, 6, 1)
        self.up = nn.ConvTranspose2d(6, 4, 2, stride=2)
        self.down = nn.Conv2d(4, 32, 2, stride=2)

    def forward(self, x):
        features = self.head(self.into(x))
        features = self.relu(features + self.side(features))
        return self.out(self.down(self.relu(self.up(features))))


class ReluBeforeShuffle(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 12, 3, padding=1)

    def forward(self, x):
        return F.pixel_shuffle(F.relu(self.conv(x)), 2)


NETWORKS = [UNet([4, 8], 1), UNet([2, 3, 5], 2), UNet([4], 1, unshuffle=1), Mirror(), Modules()]


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: type(network).__name__)
def test_graph_equals_pytorch_also_after_model_json(network, tmp_path):
    graph = trace(randomised(network), 4)
    x = torch.rand(2, 4, 24, 40, generator=torch.Generator().manual_seed(1))
    expected = network(x)
    assert expected.std() > 0.01
    assert (GraphNetwork(graph, 8)(x) - expected).abs().max() < 1e-5

    with torch.no_grad():
        for parameter in network.parameters():  # the shards hold float16
            parameter.copy_(parameter.half().float())
    model_json.write(graph, tmp_path)
    read = model_json.read(tmp_path)
    assert (GraphNetwork(read, 8)(x) - network(x)).abs().max() < 1e-5
    assert read.nodes == graph.nodes  # costs can be counted on what was published
    assert cost.peak(read) == cost.peak(graph)


def test_foldings_leave_only_what_every_backend_has():
    graph = trace(randomised(UNet([4, 8], 1)), 4)
    operations = [node.op for node in graph.operations]
    assert set(operations) == {"_FusedConv2D", "AddV2", "DepthToSpace", "Slice"}
    head = graph.convolutions[0]
    assert graph.weights[head.inputs[1]].shape == (6, 6, 4, 4) and head.attributes["strides"] == [1, 2, 2, 1]
    fused = [node.attributes["fused_ops"][-1] for node in graph.convolutions]
    assert fused.count("Relu") == 3  # one in each residual block


def test_weights_are_sharded_within_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(model_json, "SHARD_BYTES", 1000)
    graph = trace(randomised(UNet([4, 8], 1)), 4)
    names = model_json.write(graph, tmp_path)
    sizes = [(tmp_path / name).stat().st_size for name in names]
    assert len(names) > 2 and max(sizes) == 1000
    assert model_json.read(tmp_path).weights.keys() == graph.weights.keys()


@pytest.mark.parametrize("network", [ReluBeforeShuffle(), nn.Sequential(nn.Conv2d(4, 3, 1), nn.Sigmoid())])
def test_what_cannot_be_written_is_named(network):
    with pytest.raises(NotImplementedError, match="Expected"):
        trace(network, 4)


@pytest.mark.parametrize(
    "conv", [nn.Conv2d(4, 4, 3, padding=2), nn.Conv2d(4, 4, 3, stride=2, padding=1), nn.Conv2d(4, 4, 1, groups=2)]
)
def test_padding_and_groups_that_tensorflow_does_otherwise_are_refused(conv):
    with pytest.raises(NotImplementedError, match="Expected"):
        trace(nn.Sequential(conv), 4)


def test_unpadded_convolution_is_valid():
    network = nn.Sequential(nn.Conv2d(4, 4, 3)).requires_grad_(False)
    x = torch.rand(1, 4, 8, 8)
    assert torch.allclose(GraphNetwork(trace(network, 4), 1)(x), network(x), atol=1e-6)


def test_depth_to_space_is_tensorflows():
    """The examples in TensorFlow's documentation."""
    one = depth_to_space(torch.tensor([1.0, 2, 3, 4]).reshape(1, 4, 1, 1), 2)
    assert one.permute(0, 2, 3, 1).reshape(2, 2).tolist() == [[1, 2], [3, 4]]
    three = depth_to_space(torch.arange(1.0, 13).reshape(1, 12, 1, 1), 2)
    assert three.permute(0, 2, 3, 1)[0].tolist() == [[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]]


def test_same_padding_is_tensorflows():
    """Half before, the larger half after: a 6x6 kernel of stride 2 is centred on an even side, a 3x3 one is not."""
    assert same_padding(64, 3, 1) == (1, 1)
    assert same_padding(64, 6, 2) == (2, 2)
    assert same_padding(64, 3, 2) == (0, 1)
    assert same_padding(5, 3, 2) == (1, 1)


def test_costs_of_a_graph_that_can_be_counted_by_hand():
    filters = np.zeros((2, 2, 4, 8), np.float32)
    graph = Graph(
        [
            Node("image", "Placeholder", channels=4),
            Node("cut", "Slice", ["image"], channels=3),
            Node("wide", "_FusedConv2D", ["image", "filter", "bias"], channels=8, scale=2),
            Node("same", "Relu", ["wide"], channels=8, scale=2),
        ],
        {"filter": filters, "bias": np.zeros(8, np.float32)},
    )
    assert cost.macs_per_pixel(graph) == 2 * 2 * 4 * 8 / 4
    assert cost.largest_buffer(graph) == 16  # the image: 4 floats
    assert cost.peak(graph) == 16 + 8 + 8  # the slice, which nobody reads, is gone by then
