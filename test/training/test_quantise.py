"""int8 weights stay within their bound, and survive their file."""

import struct

import numpy as np
import pytest
import torch
from training.architectures import build
from training.export import quantise
from training.export.interpret import GraphNetwork
from training.export.trace import trace
from training.infer import with_noise_map


@pytest.fixture
def graph(network):
    return trace(network, 4)


def images(count: int, seed: int):
    generator = torch.Generator().manual_seed(seed)
    return [with_noise_map(torch.rand(1, 3, 32, 32, generator=generator), torch.tensor([25.0])) for _ in range(count)]


def test_no_weight_moves_by_more_than_half_a_scale():
    filters = np.random.default_rng(0).standard_normal((3, 3, 8, 16)).astype(np.float32)
    filters[..., 5] = 0  # a channel without weights has no scale of its own
    q, scales = quantise.quantise(filters)
    assert q.dtype == np.int8 and np.abs(q.astype(int)).max() == 127
    error = np.abs(quantise.dequantise(q, scales) - filters)
    assert (error <= scales / 2 * (1 + 1e-5)).all()
    assert error.max() > 0


def test_scales_are_per_output_channel():
    filters = np.ones((1, 1, 2, 2), np.float32) * np.array([1, 100], np.float32)
    _, scales = quantise.quantise(filters)
    assert scales == pytest.approx([1 / 127, 100 / 127])


def test_matrices_are_rounded_per_output_too_and_dense_networks_wholly():
    network = build({"architecture": "dense-autoencoder", "code": 8, "side": 6}).requires_grad_(False)
    graph = trace(network, 1)
    rounded = quantise.quantised_graph(graph, [torch.rand(1, 1, 6, 6, generator=torch.Generator().manual_seed(0))])
    for name in ("encoder/1/filter", "decoder/0/filter"):  # first and last layer, and nothing else
        scales = np.abs(graph.weights[name]).max(axis=0) / 127
        error = np.abs(rounded.weights[name] - graph.weights[name])
        assert (error <= scales / 2 * (1 + 1e-5)).all() and error.max() > 0
    assert not np.array_equal(rounded.weights["encoder/1/bias"], graph.weights["encoder/1/bias"])


def test_file_gives_back_what_was_written(graph, tmp_path):
    rounded = quantise.quantised_graph(graph, images(2, seed=0))
    quantise.write(rounded, tmp_path / "weights.q8")
    read = quantise.read(graph, tmp_path / "weights.q8")
    assert read.weights.keys() == graph.weights.keys()
    for name, value in rounded.weights.items():
        assert read.weights[name].dtype == value.dtype
        assert np.allclose(read.weights[name], value, rtol=1e-6, atol=0), name


def test_layout_of_the_file(graph, tmp_path):
    file = tmp_path / "weights.q8"
    quantise.write(quantise.quantised_graph(graph, []), file)
    content = file.read_bytes()
    magic, version, count = struct.unpack_from("<4sII", content)
    assert (magic, version, count) == (b"DGQ8", 1, len(graph.weights))
    end = 12 + 12 * count
    kinds = set()
    for record in range(count):
        kind, elements, channels = struct.unpack_from("<B3xII", content, 12 + 12 * record)
        kinds.add(kind)
        size = 4 * channels + elements if kind else 4 * elements
        end += -(-size // 4) * 4
    assert kinds == {0, 1} and end == len(content)


def test_file_of_another_model_is_refused(graph, tmp_path):
    file = tmp_path / "weights.q8"
    file.write_bytes(struct.pack("<4sII", b"DGQ8", 1, 3))
    with pytest.raises(ValueError, match="with 3"):
        quantise.read(graph, file)


def test_bias_correction_restores_the_mean_outputs(graph):
    seen = images(4, seed=1)
    wanted = quantise.mean_outputs(graph, seen)

    def worst(correct):
        found = quantise.mean_outputs(quantise.quantised_graph(graph, correct), seen)
        return max(np.abs(found[name] - wanted[name]).max() for name in wanted)

    assert worst(seen) < 1e-6 < worst([])


def test_corrected_weights_lose_less(graph, network):
    unseen = images(4, seed=2)

    def error(correct):
        rounded = GraphNetwork(quantise.quantised_graph(graph, correct), 4)
        return sum(float((rounded(x) - network(x)).square().mean()) for x in unseen)

    assert error(images(4, seed=1)) < error([])


def test_layers_that_touch_pixels_stay_exact(graph):
    rounded = quantise.quantised_graph(graph, [])
    assert np.array_equal(rounded.weights["head/filter"], graph.weights["head/filter"])
    assert np.array_equal(rounded.weights["tail/filter"], graph.weights["tail/filter"])
    assert not np.array_equal(rounded.weights["down/0/filter"], graph.weights["down/0/filter"])
