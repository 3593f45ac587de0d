"""The whole export, in one folder that appears only when it is complete."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

from ..architectures import build
from ..checkpoint import Checkpoint
from ..infer import input_channels
from ..recipe import Recipe
from . import cost, golden, halo, model_json, quantise
from .card import card
from .graph import Graph
from .interpret import GraphNetwork
from .subject import Subject
from .trace import trace

TOLERANCE = 1e-5  # of the traced graph against PyTorch, of values in 0..1


def publish(
    recipe: Recipe,
    checkpoint: Checkpoint,
    version: str,
    subject: Subject,
    out: Path,
    metrics: list[dict],
    hardware: str,
    overwrite: bool = False,
    say: Callable[[str], None] = print,
) -> Path:
    """Writes <out>/<id>/<version>/; published versions do not change unless `overwrite` is true."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise ValueError(f"Expected a version like 1.0.0 but received {version!r}.")
    if checkpoint.model != recipe.model:
        raise ValueError(f"Expected a checkpoint of {recipe.model} but received one of {checkpoint.model}.")
    target = out / recipe.id / version
    if target.exists() and not overwrite:
        raise FileExistsError(
            f"Expected no {target}: published versions do not change. Raise --version, or pass --overwrite."
        )
    torch.set_num_threads(1)  # sums then have one order, and the same checkpoint gives the same bytes
    network = checkpoint.network
    graph = trace(network, input_channels(network))
    macs_per_pixel = float(cost.macs_per_pixel(graph))
    check_trace(graph, network, macs_per_pixel)

    folder = out / f".{recipe.id}-{version}.partial"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rounded = quantise.quantised_graph(graph, subject.calibration_inputs(network))
    quantise.write(rounded, folder / "weights.q8")
    model_json.write(graph, folder, shards="f16" in recipe.card.get("weights", ()))

    # from here on, what is judged is what was written
    q8 = as_network(quantise.read(model_json.read(folder), folder / "weights.q8"), network)
    golden.write(as_network(model_json.in_float16(graph), network), q8, folder, macs_per_pixel)
    q8_cost = round(subject.psnr(network) - subject.psnr(q8), 4)
    say(f"int8 weights cost {q8_cost} dB")

    worst_by_halo = subject.worst_by_halo(network, macs_per_pixel)
    if worst_by_halo:
        say(halo.table(worst_by_halo))
    sources = subject.sources()
    content = card(recipe, version, checkpoint, graph, folder, sources, worst_by_halo, q8_cost, metrics, hardware)
    (folder / "card.json").write_text(json.dumps(content, indent=2) + "\n")
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(exist_ok=True)
    folder.rename(target)
    return target


@torch.inference_mode()
def check_trace(graph: Graph, network: nn.Module, macs_per_pixel: float) -> None:
    for seed, (sigma, height, width) in enumerate(golden.cases(network, macs_per_pixel)):
        x = golden.golden_input(network, sigma, height, width, seed)
        difference = float((as_network(graph, network)(x) - network(x)).abs().max())
        if not difference <= TOLERANCE:
            raise AssertionError(f"Expected the traced graph to equal PyTorch but it differs by {difference:.2g}.")


def as_network(graph: Graph, like: nn.Module) -> GraphNetwork:
    """`graph` as a module that takes and gives what `like` does."""
    network = GraphNetwork(graph, like.size_multiple)
    network.channels, network.conditioned = like.channels, like.conditioned
    network.input_size = getattr(like, "input_size", None)
    return network


def published_network(folder: Path, weights: str) -> GraphNetwork:
    """What `folder` holds, as a module: `weights` is 'f16' or 'q8'."""
    graph = model_json.read(folder)
    if weights == "q8":
        graph = quantise.read(graph, folder / "weights.q8")
    return as_network(graph, build(json.loads((folder / "card.json").read_text())["architecture"]))
