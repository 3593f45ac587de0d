"""weights.q8: int8 per output channel, half the bytes of float16. Little endian:

    0       4 bytes   ASCII 'DGQ8'
    4       uint32    version of this format: 1
    8       uint32    N, the number of tensors
    12      N records in the order of model.json's weightsManifest:
              uint8 kind, 3 zero bytes, uint32 elements, uint32 channels (0 for kind 0)
    then    N payloads in the same order, each starting at a multiple of 4 bytes from the file's start:
              kind 0: float32 x elements (an int32 tensor's values too, which are small: exact)
              kind 1: float32 scale x channels, int8 x elements; value = q * scale[index % channels]

Symmetric, scale = max |w| / 127 per output channel (the last axis of [k, k, in, out] or [in, out]): no weight moves by
more than half a scale. The first and the last layer (unless they are most of the network) and all biases stay float32;
the biases take up the mean error that the rounding makes (Nagel et al., "Data-Free Quantization Through Weight
Equalization and Bias Correction", 2019).
"""

import struct
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .graph import INPUT, OUTPUT, Graph, Node
from .interpret import Adjust, GraphNetwork, with_weights
from .model_json import manifest_entries
from .shapes import infer_shapes

MAGIC, VERSION = b"DGQ8", 1
RAW, INT8 = 0, 1
HEADER, RECORD = struct.Struct("<4sII"), struct.Struct("<B3xII")


def quantise(filters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """[k,k,in,out] or [in,out] -> int8 of that shape, float32 scales [out]."""
    highest = np.abs(filters).max(axis=tuple(range(filters.ndim - 1)))
    scales = np.where(highest > 0, highest / 127, 1).astype(np.float32)
    return np.clip(np.rint(filters / scales), -127, 127).astype(np.int8), scales


def dequantise(q: np.ndarray, scales: np.ndarray) -> np.ndarray:
    return q.astype(np.float32) * scales


def quantised_filters(graph: Graph) -> set[str]:
    """All filters but those of the first and the last layer, which touch pixels: they are a hundredth of a U-Net's
    weights and make most of the error, 0.006 of 0.007 dB at sigma 25. Of a dense autoencoder they are nearly all."""
    filters = [layer.inputs[1] for layer in graph.layers]
    inner = sum(graph.weights[name].size for name in filters[1:-1])
    return set(filters[1:-1] if 2 * inner > sum(graph.weights[name].size for name in filters) else filters)


@torch.inference_mode()
def quantised_graph(graph: Graph, images: list[Tensor]) -> Graph:
    """`graph` with filters rounded to int8's grid and biases corrected on `images` ([1,C,H,W], noise map included)."""
    weights = {name: value.copy() for name, value in graph.weights.items()}
    for name in quantised_filters(graph):
        weights[name] = dequantise(*quantise(weights[name]))
    rounded = with_weights(graph, weights)
    if not images:
        return rounded
    wanted = mean_outputs(graph, images)

    def correct(node: Node, outputs: list[Tensor]) -> list[Tensor]:
        """A layer's error depends on the corrections before it, so that each is made as soon as it is known."""
        error = (mean_of(outputs) - wanted[node.name]).astype(np.float32)
        weights[node.inputs[2]] -= error
        return [output - torch.from_numpy(error) for output in outputs]

    run_layers(rounded, images, correct)
    return rounded


@torch.inference_mode()
def mean_outputs(graph: Graph, images: list[Tensor]) -> dict[str, np.ndarray]:
    """[out] means of every layer's outputs before the activation."""
    means: dict[str, np.ndarray] = {}

    def add(node: Node, outputs: list[Tensor]) -> list[Tensor]:
        means[node.name] = mean_of(outputs)
        return outputs

    run_layers(graph, images, add)
    return means


def run_layers(graph: Graph, images: list[Tensor], adjust: Adjust) -> None:
    inputs = [{INPUT: image.permute(0, 2, 3, 1)} for image in images]
    GraphNetwork(graph, size_multiple=1).execute_together(inputs, OUTPUT, adjust)


def mean_of(outputs: list[Tensor]) -> np.ndarray:
    """[out] in float64; all images weigh the same, whatever their sizes."""
    return np.mean([output.double().flatten(0, -2).mean(dim=0).numpy() for output in outputs], axis=0)


def write(graph: Graph, file: Path) -> None:
    """`graph`'s filters must be on int8's grid already, as `quantised_graph` leaves them: the same q is found again."""
    records, payloads, quantised = [], [], quantised_filters(graph)
    for entry in manifest_entries(graph):
        value = graph.weights[entry["name"]]
        if entry["name"] in quantised:
            q, scales = quantise(value)
            records.append(RECORD.pack(INT8, value.size, scales.size))
            payloads.append(scales.astype("<f4").tobytes() + q.tobytes())
        else:
            records.append(RECORD.pack(RAW, value.size, 0))
            payloads.append(value.astype("<f4").tobytes())
    content = HEADER.pack(MAGIC, VERSION, len(records)) + b"".join(records)
    for payload in payloads:
        content += payload + bytes(-len(payload) % 4)
    file.write_bytes(content)


def read(graph: Graph, file: Path) -> Graph:
    """`graph` with the weights that `file` holds."""
    content = file.read_bytes()
    magic, version, count = HEADER.unpack_from(content)
    entries = manifest_entries(graph)
    if (magic, version, count) != (MAGIC, VERSION, len(entries)):
        raise ValueError(
            f"Expected {MAGIC!r} version {VERSION} with {len(entries)} tensors in {file} but received {magic!r} "
            f"version {version} with {count}. Take weights.q8 and model.json from the same export."
        )
    at, weights = HEADER.size + RECORD.size * count, {}
    for number, entry in enumerate(entries):
        kind, elements, channels = RECORD.unpack_from(content, HEADER.size + RECORD.size * number)
        scales = np.frombuffer(content, "<f4", channels, at)
        at += scales.nbytes
        values = np.frombuffer(content, np.int8 if kind == INT8 else "<f4", elements, at)
        at += values.nbytes + -values.nbytes % 4
        values = values.reshape(entry["shape"])
        weights[entry["name"]] = dequantise(values, scales) if kind == INT8 else values.astype(entry["dtype"])
    filled = with_weights(graph, weights)
    infer_shapes(filled)
    return filled
