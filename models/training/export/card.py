"""card.json: what a published model is, measured where it can be."""

import hashlib
from fractions import Fraction
from pathlib import Path

from torch import nn

from ..checkpoint import Checkpoint
from ..recipe import Recipe
from . import cost, halo
from .graph import INPUT, OUTPUT, Graph

LICENCE = "Apache-2.0"
ROLES = {"model.json": "graph", "weights.q8": "weights-q8"}


def card(
    recipe: Recipe,
    version: str,
    checkpoint: Checkpoint,
    graph: Graph,
    folder: Path,
    sources: list[dict],
    worst_by_halo: dict[int, float],
    q8_cost: float,
    metrics: list[dict],
    hardware: str,
) -> dict:
    """All files that the card names must be in `folder`; it must not hold card.json yet."""
    network, words = checkpoint.network, card_words(recipe)
    optional = {"experimental": words["experimental"]} if "experimental" in words else {}
    size = getattr(network, "input_size", None)
    return {
        "format": 2,
        "id": recipe.id,
        "version": version,
        "title": words["title"],
        "description": words["description"],
        "family": words["family"],
        "task": "denoise",
        "license": LICENCE,
        **optional,
        "architecture": recipe.model,
        "channels": {"input": network.channels, "output": network.channels},
        **({"size": {"width": size[1], "height": size[0]}} if size else {}),
        "sigma": conditioning(recipe, network),
        "receptiveField": {"radius": network.receptive_radius},
        "halo": halos(network, worst_by_halo),
        "sizeMultiple": network.size_multiple,
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "gmacsPerMegapixel": round(float(cost.macs_per_pixel(graph) / 1000), 4),
        "memory": {
            "largestBufferBytesPerPixel": number(cost.largest_buffer(graph)),
            "peakBytesPerPixel": number(cost.peak(graph)),
        },
        "graph": {"model": "model.json", "input": INPUT, "output": OUTPUT, **latent(network)},
        "files": [file_entry(file) for file in sorted(folder.iterdir(), key=in_reading_order)],
        "quantisation": {"q8PsnrCost": q8_cost},
        "training": {
            "data": sources,
            "recipe": recipe.id,
            "patches": checkpoint.patches,
            "hours": round(checkpoint.seconds / 3600, 2),
            "hardware": hardware,
        },
        "metrics": metrics,
        "limits": words["limits"],
    }


def card_words(recipe: Recipe) -> dict:
    missing = {"title", "description", "family", "limits"} - recipe.card.keys()
    if missing:
        raise ValueError(f"Expected {sorted(missing)} in the [card] table of recipe {recipe.id!r} but it has none.")
    return recipe.card


def conditioning(recipe: Recipe, network: nn.Module) -> dict:
    if not network.conditioned:
        return {"kind": "blind"}
    highest, gain = number(recipe.noise["sigma_max"]), recipe.card["correlated_gain"]
    return {"kind": "map", "min": 0, "max": highest, "correlatedGain": gain}


def halos(network: nn.Module, worst_by_halo: dict[int, float]) -> dict:
    """Networks of one size are never cut; those that look at everything get what they at least need."""
    if getattr(network, "input_size", None):
        return {"exact": 0, "measured": 0}
    if network.receptive_radius is None:
        return {"exact": None, "measured": network.size_multiple}
    return {"exact": halo.exact_halo(network), "measured": halo.smallest_invisible(worst_by_halo)}


def latent(network: nn.Module) -> dict:
    """Where a variational autoencoder's code is fed in."""
    return {"latent": {"node": "latent", "size": network.code}} if hasattr(network, "latent") else {}


def file_entry(file: Path) -> dict:
    content = file.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return {"name": file.name, "bytes": len(content), "sha256": digest, "role": role(file.name)}


def role(name: str) -> str:
    if name.startswith("golden"):
        return "golden"
    return ROLES.get(name, "weights-f16")


def in_reading_order(file: Path) -> tuple[int, bool, str]:
    order = ["graph", "weights-f16", "weights-q8", "golden"]
    return order.index(role(file.name)), file.suffix != ".json", file.name


def number(value: Fraction | float) -> int | float:
    """JSON's 32 rather than 32.0."""
    return int(value) if value == int(value) else float(value)
