"""What a run left behind, read for use rather than for training on."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from .architectures import build


@dataclass
class Checkpoint:
    network: nn.Module  # the averaged weights, in evaluation mode
    model: dict
    stage: str
    step: int
    patches: int
    seconds: float

    @classmethod
    def read(cls, run: Path, stage: str | None = None, device: str = "cpu") -> "Checkpoint":
        """`stage` is 'release' or 'stable'; by default the release where there is one."""
        stages = [stage] if stage else ["release", "stable"]
        files = [run / f"{name}.pt" for name in stages if (run / f"{name}.pt").exists()]
        if not files:
            names = " or ".join(f"{name}.pt" for name in stages)
            raise FileNotFoundError(f"Expected {names} in {run} but found neither. Train first: --help tells how.")
        content = torch.load(files[0], map_location=device, weights_only=True)
        network = build(content["model"]).to(device).eval().requires_grad_(False)
        network.load_state_dict(content["ema"])
        return cls(network, **{name: content[name] for name in ("model", "stage", "step", "patches", "seconds")})
