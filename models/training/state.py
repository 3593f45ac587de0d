"""All that a run is at one moment, and its file."""

import copy
import math
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from torch import nn

from .architectures import build
from .optim import optimisers
from .recipe import Recipe

COUNTERS = ("stage", "step", "patches", "seconds")


@dataclass
class State:
    """`stage` is 'stable' or 'release'."""

    recipe: Recipe
    network: nn.Module
    ema: nn.Module
    optimisers: list[torch.optim.Optimizer]
    stage: str = "stable"
    step: int = 0
    patches: int = 0
    seconds: float = 0.0
    release_steps: int | None = None  # where they were measured to fit a time, in place of the recipe's
    losses: list[float] = field(default_factory=list)

    @classmethod
    def start(cls, recipe: Recipe, device: str) -> "State":
        torch.manual_seed(recipe.seed)
        network = build(recipe.model).to(device, memory_format=torch.channels_last)
        settings = recipe.optimiser
        return cls(
            recipe,
            network,
            copy.deepcopy(network).requires_grad_(False),
            optimisers(network, settings["name"], settings["lr"], settings["weight_decay"]),
        )

    def start_release(self) -> None:
        self.stage, self.step, self.release_steps = "release", 0, None

    def set_release_steps(self, steps: float) -> None:
        """`math.inf` until they are known: the learning rate does not decay."""
        self.release_steps = None if math.isinf(steps) else int(steps)
        self.recipe = replace(self.recipe, release={**self.recipe.release, "steps": steps})

    def save(self, file: Path) -> None:
        """Whole or not at all: written beside, then renamed."""
        content = {
            "recipe": self.recipe.id,
            "model": self.recipe.model,
            "network": self.network.state_dict(),
            "ema": self.ema.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            "release_steps": self.release_steps,
            **{name: getattr(self, name) for name in COUNTERS},
        }
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(".tmp")
        torch.save(content, beside)
        beside.rename(file)

    def load(self, file: Path) -> None:
        # by way of the CPU, where AdamW keeps its step counts: on a GPU, each look at one would wait for the device
        content = torch.load(file, map_location="cpu", weights_only=True)
        if content["model"] != self.recipe.model:
            raise ValueError(f"Expected {file} to hold {self.recipe.model} but it holds {content['model']}.")
        self.network.load_state_dict(content["network"])
        self.ema.load_state_dict(content["ema"])
        for optimiser, saved in zip(self.optimisers, content["optimisers"]):
            optimiser.load_state_dict(saved)
        for name in COUNTERS:
            setattr(self, name, content[name])
        if content.get("release_steps") is not None:
            self.set_release_steps(content["release_steps"])
