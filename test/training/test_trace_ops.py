"""Each operation means the same in the graph as in PyTorch, whatever its options, or is refused by name."""

import importlib.util
import json
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from training.architectures.mwcnn import HaarAnalysis, HaarSynthesis
from training.export import model_json
from training.export.interpret import LAYERS, OPERATIONS, GraphNetwork
from training.export.trace import trace

STORED = Path(__file__).parents[1] / "stored" / "graph-ops"


class Function(nn.Module):
    """A function as a network; of pictures of one size if `size` is given. Layers can be handed to it."""

    def __init__(self, function, *layers: nn.Module, size: tuple[int, int] | None = None):
        super().__init__()
        self.function, self.layers = function, nn.ModuleList(layers)
        if size:
            self.input_size = size

    def forward(self, x):
        return self.function(x, *self.layers)


def conv(inputs: int, outputs: int, kernel: int = 3, **options) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel, **options)


def up(kernel: int, stride: int, padding: int = 0, output_padding: int = 0, bias: bool = True) -> nn.ConvTranspose2d:
    return nn.ConvTranspose2d(4, 3, kernel, stride, padding, output_padding, bias=bias)


SIZE = (12, 20)
FIXED = {"size": SIZE}
AREA = SIZE[0] * SIZE[1]

ANY_SIZE = {
    "unpadded convolution": Function(lambda x, c: c(x), conv(4, 3)),
    "strided, padded": Function(lambda x, c: c(x), conv(4, 3, stride=2, padding=1)),
    "strided, padded as TensorFlow does": Function(lambda x, c: c(x), conv(4, 3, 4, stride=2, padding=1)),
    "more padding than needed": Function(lambda x, c: c(x), conv(4, 3, padding=2)),
    "fused leaky ReLU": Function(lambda x, c: F.leaky_relu(c(x), 0.2), conv(4, 3)),
    "leaky ReLU alone": Function(lambda x: F.leaky_relu(x[:, :2] - x[:, 2:], 0.3)),
    "leaky ReLU of PyTorch's slope": Function(lambda x: F.leaky_relu(x[:, :2] - x[:, 2:])),
    "sigmoid": Function(lambda x, c: torch.sigmoid(c(x)), conv(4, 3)),
    "activation of what others read, too": Function(lambda x, c: F.relu(c(x)) - c(x), conv(4, 4)),
    "up by its kernel": Function(lambda x, c: F.relu(c(x)), up(2, 2)),
    "up to twice the size": Function(lambda x, c: F.relu(c(x)), up(3, 2, padding=1, output_padding=1)),
    "up by 3, kernel 5": Function(lambda x, c: c(x), up(5, 3, padding=1)),
    "up by 2, kernel 4": Function(lambda x, c: c(x), up(4, 2, padding=1)),
    "up by 2, kernel 6, no bias": Function(lambda x, c: c(x), up(6, 2, padding=2, bias=False)),
    "up by 2, kernel 1": Function(lambda x, c: c(x), up(1, 2, output_padding=1)),
    "transposed, stride 1, no padding": Function(lambda x, c: c(x), up(3, 1)),
    "max-pool": Function(lambda x, c: F.max_pool2d(c(x), 2), conv(4, 4, 1)),
    "average-pool": Function(lambda x, c, pool: pool(c(x)), conv(4, 4, 1), nn.AvgPool2d(4)),
    "nearest": Function(lambda x: F.interpolate(x, scale_factor=2)),
    "bilinear": Function(lambda x, enlarge: enlarge(x), nn.Upsample(scale_factor=4, mode="bilinear")),
    "mean": Function(lambda x: x * x.mean(dim=(2, 3), keepdim=True)),
    "mean by pooling": Function(lambda x, pool: x - pool(x), nn.AdaptiveAvgPool2d(1)),
    "product": Function(lambda x: x[:, :2] * x[:, 2:]),
    "slices, open at one end": Function(lambda x: x[:, 1:] + x[:, :-1]),
    "chunks": Function(lambda x: x.chunk(2, dim=1)[1] - torch.chunk(x, 2, dim=1)[0]),
    "concatenation": Function(lambda x: torch.cat([x[:, 2:], x, x[:, :1]], dim=1)),
    "softmax of the channels": Function(lambda x, c: torch.softmax(c(x), dim=1), conv(4, 4, 1)),
    "softmax across branches": Function(
        lambda x: torch.cat([part.mean((2, 3), keepdim=True) for part in (x, x * x, x + x)], dim=2).softmax(dim=2)
    ),
    "slice of branches": Function(lambda x: x * torch.cat([x.mean((2, 3), keepdim=True)] * 2, dim=3)[:, :, :, 1:2]),
    "unshuffle": Function(lambda x, c: c(F.pixel_unshuffle(x, 2)), conv(16, 3, padding=1)),
    "shuffle": Function(lambda x, c: F.pixel_shuffle(F.relu(c(x)), 2), conv(4, 12, padding=1)),
    "analysis": Function(lambda x, c, haar: c(haar(x)), conv(16, 3, padding=1), HaarAnalysis()),
    "synthesis": Function(lambda x, c, haar: haar(c(x)), conv(4, 12, padding=1), HaarSynthesis()),
    "synthesis of what is rectified": Function(
        lambda x, c, haar: haar(F.relu(c(x))), conv(4, 12, padding=1), HaarSynthesis()
    ),
}
ONE_SIZE = {
    "same, strided": Function(lambda x, c: c(x), conv(4, 3, stride=2, padding=1), size=(7, 12)),
    "same, odd": Function(lambda x, c: c(x), conv(4, 3, 4, stride=2, padding=1), size=(7, 9)),
    "up to one less": Function(lambda x, c: F.relu(c(x)), up(3, 2), **FIXED),
    "up to odd sides": Function(lambda x, c: c(x), up(5, 3), **FIXED),
    "up to fewer": Function(lambda x, c: c(x), up(2, 2, padding=1), **FIXED),
    "flatten": Function(lambda x, fc: fc(torch.flatten(x, 1)), nn.Linear(4 * AREA, 5), **FIXED),
    "flatten as a module": Function(
        lambda x, flat, fc: fc(flat(x)), nn.Flatten(), nn.Linear(4 * AREA, 5, bias=False), **FIXED
    ),
    "flatten one channel, read thrice": Function(
        lambda x, a, b: a(x[:, :1].flatten(1)) - b(x[:, :1].flatten(1)), nn.Linear(AREA, 5), nn.Linear(AREA, 5), **FIXED
    ),
    "flatten by view": Function(lambda x, fc: F.leaky_relu(fc(x.view(-1, 4 * AREA))), nn.Linear(4 * AREA, 5), **FIXED),
    "unflatten": Function(
        lambda x, a, b: torch.sigmoid(b(F.relu(a(x.flatten(1))))).unflatten(1, (3, 2, 4)),
        nn.Linear(4 * AREA, 6),
        nn.Linear(6, 24),
        **FIXED,
    ),
    "reshape": Function(lambda x, fc: fc(x.flatten(1)).reshape(-1, 3, 2, 4), nn.Linear(4 * AREA, 24), **FIXED),
    "vector softmax": Function(lambda x, fc: fc(x.flatten(1)).softmax(dim=-1), nn.Linear(4 * AREA, 6), **FIXED),
    "vector slices": Function(
        lambda x, fc: fc(x.flatten(1))[:, 3:] - fc(x.flatten(1)).chunk(2, dim=1)[0], nn.Linear(4 * AREA, 6), **FIXED
    ),
    "slice of rows": Function(lambda x: x[:, :, 2:5, 1:], **FIXED),
    "softmax of columns": Function(lambda x: (x * x).softmax(dim=3), **FIXED),
    "nearest, one size": Function(lambda x: F.interpolate(F.max_pool2d(x, 2), scale_factor=4), **FIXED),
    "bilinear, one size": Function(
        lambda x: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False), **FIXED
    ),
}


@pytest.mark.parametrize("name", [*ANY_SIZE, *ONE_SIZE])
def test_operation_equals_pytorchs_and_its_shape_is_known(name, tmp_path):
    network = {**ANY_SIZE, **ONE_SIZE}[name].eval().requires_grad_(False)
    torch.manual_seed(0)
    for parameter in network.parameters():
        nn.init.normal_(parameter, std=0.2)
    size = getattr(network, "input_size", SIZE)
    x = torch.rand(2, 4, *size)
    expected = network(x)
    assert expected.std() > 0.001
    graph = trace(network, 4)
    found = GraphNetwork(graph, 1)
    result = found.execute({"image": x.permute(0, 2, 3, 1)}, "denoised")
    wanted = expected if expected.ndim == 2 else expected.permute(0, 2, 3, 1)
    assert result.shape == wanted.shape
    assert (result - wanted).abs().max() < 1e-5

    last = graph.nodes[-1]
    assert last.channels == wanted.shape[-1]
    if last.sides is not None:
        assert last.sides == tuple(wanted.shape[1:-1])
    else:  # padding, or its absence, adds up to 2 px
        assert tuple(side / last.scale for side in size) == pytest.approx(wanted.shape[1:-1], abs=2)
    model_json.write(graph, tmp_path)
    assert model_json.read(tmp_path).nodes == graph.nodes


@pytest.fixture(scope="module")
def stored() -> list[dict]:
    """The graphs that test/models/graph-ops.test.ts runs in TensorFlow.js."""
    return json.loads(STORED.with_suffix(".json").read_text())


def test_every_operation_is_compared_with_tensorflow_js(stored):
    compared = {node["op"] for case in stored for node in json.loads(case["graph"])["modelTopology"]["node"]}
    assert compared == {*OPERATIONS, *LAYERS, "Const", "Placeholder"}


def test_graphs_compared_with_tensorflow_js_are_those_that_the_exporter_writes(stored):
    spec = importlib.util.spec_from_file_location("graph_ops", STORED.with_suffix(".py"))
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.CASES.keys() == {case["name"] for case in stored}
    for case in stored:
        written = script.case(case["name"], *script.CASES[case["name"]])
        assert json.loads(written["graph"]) == json.loads(case["graph"]), f"{case['name']}: run graph-ops.py again"
        assert written["peakBytes"] == case["peakBytes"]


REFUSED = {
    "groups": Function(lambda x, c: c(x), conv(4, 4, groups=2)),
    "dilation": Function(lambda x, c: c(x), conv(4, 4, dilation=2)),
    "oblong": Function(lambda x, c: c(x), nn.Conv2d(4, 4, (1, 3))),
    "reflected borders": Function(lambda x, c: c(x), conv(4, 4, padding=1, padding_mode="reflect")),
    "crop of any size": Function(lambda x, c: c(x), up(3, 2)),
    "shuffle without a layer": Function(lambda x: F.pixel_shuffle(x, 2)),
    "shuffle of what others read": Function(
        lambda x, c: (lambda y: F.pixel_shuffle(y, 2) + F.pixel_shuffle(y + y, 2))(c(x)), conv(4, 12)
    ),
    "synthesis after a sigmoid": Function(
        lambda x, c, haar: haar(torch.sigmoid(c(x))), conv(4, 12), HaarSynthesis()
    ),
    "analysis without a convolution": Function(lambda x, haar: F.relu(haar(x)), HaarAnalysis()),
    "overlapping pools": Function(lambda x: F.max_pool2d(x, 3, stride=2)),
    "rounded-up pools": Function(lambda x, pool: pool(x), nn.MaxPool2d(2, ceil_mode=True)),
    "factor 3": Function(lambda x: F.interpolate(x, scale_factor=3)),
    "aligned corners": Function(lambda x: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True)),
    "bicubic": Function(lambda x: F.interpolate(x, scale_factor=2, mode="bicubic")),
    "mean of channels": Function(lambda x: x.mean(dim=(1, 2), keepdim=True)),
    "mean that drops axes": Function(lambda x: x.mean(dim=(2, 3))),
    "softmax of any length": Function(lambda x: x.softmax(dim=2)),
    "linear of a picture": Function(lambda x, fc: fc(x), nn.Linear(20, 20)),
    "flatten of any size": Function(lambda x, fc: fc(x.flatten(1)), nn.Linear(4, 4)),
    "flatten that nothing takes up": Function(lambda x: F.relu(x.flatten(1)), **FIXED),
    "unflatten without a layer": Function(lambda x: x[:, :1].flatten(1).unflatten(1, (4, 6, 10)), **FIXED),
    "slice with a step": Function(lambda x: x[:, ::2]),
    "unequal chunks": Function(lambda x: x.chunk(3, dim=1)[0]),
    "unknown": Function(lambda x: torch.tan(x)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_mean_something_else_is_refused(name):
    with pytest.raises(NotImplementedError, match="Expected"):
        trace(REFUSED[name], 4)
