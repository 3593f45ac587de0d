"""The graph of a network computes what the PyTorch module computes, also after a round through its files."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from training.architectures.mwcnn import MWCNN
from training.architectures.pridnet import PRIDNet
from training.architectures.red30 import RED30
from training.architectures.unet import UNet
from training.export import cost, model_json
from training.export.graph import OUTPUT
from training.export.interpret import GraphNetwork, depth_to_space, same_padding
from training.export.restore import restore
from training.export.trace import trace


def randomised(network: nn.Module) -> nn.Module:
    """Random everywhere, last layers included, which training starts at zero; deep networks keep what runs through."""
    torch.manual_seed(0)
    for parameter in network.parameters():
        if parameter.ndim > 1:
            nn.init.kaiming_normal_(parameter)
        else:
            nn.init.normal_(parameter, std=0.1)
    return network.eval().requires_grad_(False)


class Mirror(nn.Module):
    """Transposed convolutions of stride 1, one without bias; the noise is subtracted."""

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
        return self.out(self.relu(self.down(self.relu(self.up(features)))))


NETWORKS = [
    (UNet([4, 8], 1), (24, 40)),
    (UNet([2, 3, 5], 2, conditioned=False), (24, 40)),
    (UNet([4], 1, unshuffle=1), (24, 40)),
    (Mirror(), (24, 40)),
    (Modules(), (24, 40)),
    (RED30(1, width=4), (13, 18)),
    (RED30(3, width=4), (13, 18)),
    (MWCNN(1, (4, 6, 5)), (24, 40)),
    (MWCNN(3, (4, 6, 5)), (8, 16)),
    (PRIDNet(3, width=2), (256, 256)),
    (PRIDNet(1, width=2), (256, 256)),
]


@pytest.mark.parametrize(("network", "size"), NETWORKS, ids=lambda value: type(value).__name__)
def test_graph_equals_pytorch_also_after_model_json(network, size, tmp_path):
    channels = getattr(network, "channels", 3) + getattr(network, "conditioned", True)
    graph = trace(randomised(network), channels)
    x = torch.rand(1, channels, *size, generator=torch.Generator().manual_seed(1))
    expected = network(x)
    assert expected.std() > 0.01
    assert (GraphNetwork(graph, 8)(x) - expected).abs().max() < 1e-5 * max(1, expected.abs().max())

    model_json.write(graph, tmp_path)
    read = model_json.read(tmp_path)
    assert read.nodes == graph.nodes  # costs can be counted on what was published
    assert cost.peak(read) == cost.peak(graph)
    assert torch.equal(GraphNetwork(read, 8)(x), GraphNetwork(model_json.in_float16(graph), 8)(x))


@pytest.mark.parametrize("network", [UNet([4, 8], 1), RED30(1, width=4), MWCNN(3, (4, 6, 5)), PRIDNet(3, width=1)])
def test_weights_come_back_from_wherever_the_exporter_moved_or_mixed_them(network, tmp_path):
    model_json.write(trace(randomised(network), network.channels + network.conditioned), tmp_path)
    originals = [parameter.clone() for parameter in network.parameters()]
    for parameter in network.parameters():
        nn.init.zeros_(parameter)
    restore(network, tmp_path)
    for (name, restored), original in zip(network.named_parameters(), originals):
        assert torch.allclose(restored, original, atol=2e-3), name  # the files are in float16
        assert restored.all(), name


def test_foldings_leave_only_what_every_backend_has():
    graph = trace(randomised(UNet([4, 8], 1)), 4)
    operations = [node.op for node in graph.operations]
    assert set(operations) == {"_FusedConv2D", "AddV2", "DepthToSpace", "Slice"}
    head = graph.layers[0]
    assert graph.weights[head.inputs[1]].shape == (6, 6, 4, 4) and head.attributes["strides"] == [1, 2, 2, 1]
    fused = [node.attributes["fused_ops"][-1] for node in graph.layers]
    assert fused.count("Relu") == 3  # one in each residual block


def test_wavelets_cost_no_layers():
    graph = trace(randomised(MWCNN(1, (4, 6, 5))), 1)
    assert len(graph.layers) == 24
    assert {node.op for node in graph.operations} == {
        *("_FusedConv2D", "AddV2", "Sub", "Slice", "ConcatV2", "DepthToSpace"),
    }


def test_weights_are_sharded_within_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(model_json, "SHARD_BYTES", 1000)
    graph = trace(randomised(UNet([4, 8], 1)), 4)
    names = model_json.write(graph, tmp_path)
    sizes = [(tmp_path / name).stat().st_size for name in names]
    assert len(names) > 2 and max(sizes) == 1000
    assert model_json.read(tmp_path).weights.keys() == graph.weights.keys()


class Heads(nn.Module):
    """One activation module in three places, and a layer that only training needs."""

    def __init__(self):
        super().__init__()
        self.first, self.second, self.unused = (nn.Conv2d(4, 4, 1) for _ in range(3))
        self.relu, self.middle = nn.ReLU(), nn.Identity()

    def forward(self, x):
        both = self.relu(x) + self.relu(self.middle(self.second(self.first(x))))
        self.unused(both)
        return self.relu(both)


def test_names_are_those_of_the_modules_and_each_is_given_once():
    network = randomised(Heads())
    graph = trace(network, 4)
    names = [node.name for node in graph.operations]
    assert names == ["relu", "first", "second", "middle", "relu_1", "add", OUTPUT]
    assert not any(name.startswith("unused") for name in graph.weights)


def test_graph_can_be_run_from_a_node_and_to_one():
    network = randomised(Heads())
    graph = GraphNetwork(trace(network, 4), 1)
    x = torch.rand(1, 4, 3, 5)
    first = graph.execute({"image": x.permute(0, 2, 3, 1)}, "first")
    assert torch.allclose(first.permute(0, 3, 1, 2), network.first(x))
    second = graph.execute({"first": first}, "second")  # without the image
    assert torch.allclose(second.permute(0, 3, 1, 2), network.second(network.first(x)), atol=1e-6)


def test_output_that_is_fused_into_a_layer_has_the_outputs_name():
    graph = trace(randomised(nn.Sequential(nn.Conv2d(4, 4, 1), nn.ReLU())), 4)
    assert [node.name for node in graph.operations] == [OUTPUT]


class Pair(nn.Module):
    def forward(self, x):
        return x[:, :1], x[:, 1:]


class Waiting(nn.Module):
    def forward(self, x):
        return F.pixel_unshuffle(x, 2)


@pytest.mark.parametrize("network", [Pair(), Waiting()])
def test_output_must_be_one_tensor(network):
    with pytest.raises(NotImplementedError, match="Expected a tensor"):
        trace(network, 4)


def test_depth_to_space_is_tensorflows():
    """The examples in TensorFlow's documentation."""
    node = next(node for node in trace(randomised(UNet([4], 1)), 4).operations if node.op == "DepthToSpace")
    one = depth_to_space(node, torch.tensor([1.0, 2, 3, 4]).reshape(1, 1, 1, 4))
    assert one.reshape(2, 2).tolist() == [[1, 2], [3, 4]]
    three = depth_to_space(node, torch.arange(1.0, 13).reshape(1, 1, 1, 12))
    assert three[0].tolist() == [[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]]


def test_same_padding_is_tensorflows():
    """Half before, the larger half after: a 6x6 kernel of stride 2 is centred on an even side, a 3x3 one is not."""
    assert same_padding(64, 3, 1) == (1, 1)
    assert same_padding(64, 6, 2) == (2, 2)
    assert same_padding(64, 3, 2) == (0, 1)
    assert same_padding(5, 3, 2) == (1, 1)
