"""Writes graph-ops.json: small networks with every operation that the exporter writes, and PyTorch's answers.

PYTHONPATH=models python test/stored/graph-ops.py, in the virtual environment that `npm run test:training` makes.
"""

import base64
import json
import tempfile
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from training.architectures.mwcnn import MWCNN
from training.architectures.pridnet import KernelSelection, SqueezeExcite
from training.architectures.unet import UNet
from training.export import cost, model_json
from training.export.trace import trace


class Strided(nn.Module):
    """12 -> 6 -> 2 px and back by transposed convolutions, one of which is cropped."""

    input_size = (12, 12)

    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(2, 3, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(3, 4, 3, stride=2))
        self.up = nn.Sequential(
            nn.ConvTranspose2d(4, 3, 3, stride=2),
            nn.LeakyReLU(0.2),
            nn.ConvTranspose2d(3, 2, 3, stride=2, padding=1, output_padding=1),
            nn.Sigmoid(),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.up(self.down(x))


class Coded(nn.Module):
    """Through a vector, whose first half becomes the code, and back to a picture of several channels."""

    input_size = (4, 6)

    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = nn.Linear(2 * 4 * 6, 8), nn.Linear(4, 2 * 4 * 6)
        self.latent = nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        code, _ = F.leaky_relu(self.encoder(x.flatten(1)), 0.3).chunk(2, dim=1)
        return self.decode(self.latent(code.softmax(dim=1)))

    def decode(self, code: Tensor) -> Tensor:
        return torch.sigmoid(self.decoder(code)).unflatten(1, (2, 4, 6))


class Resized(nn.Module):
    """Down by both pools and up by both ways, at any size or at one."""

    def __init__(self, size: tuple[int, int] | None = None):
        super().__init__()
        self.mix = nn.Conv2d(4, 2, 3, padding=1)
        if size:
            self.input_size = size

    def forward(self, x: Tensor) -> Tensor:
        nearest = F.interpolate(F.max_pool2d(x, 2), scale_factor=2)
        bilinear = F.interpolate(F.avg_pool2d(x, 4), scale_factor=4, mode="bilinear")
        return F.leaky_relu(self.mix(torch.cat([nearest, bilinear], dim=1)) * x - F.relu(nearest - bilinear), 0.1)


CASES = {
    "U-Net": (UNet([2, 4], 1, channels=1), 2, (8, 12)),
    "strided and transposed convolutions": (Strided(), 2, (12, 12)),
    "vectors": (Coded(), 2, (4, 6)),
    "resizing at any size": (Resized(), 2, (8, 12)),
    "resizing at one size": (Resized((8, 12)), 2, (8, 12)),
    "squeeze-excite": (SqueezeExcite(3, 2), 3, (5, 7)),
    "kernel selection": (KernelSelection(2), 2, (9, 8)),
    "wavelets": (MWCNN(1, (2, 3, 2)), 1, (8, 16)),
}


@torch.no_grad()
def case(name: str, network: nn.Module, channels: int, size: tuple[int, int]) -> dict:
    generator = torch.Generator().manual_seed(0)
    for parameter in network.parameters():
        spread = parameter[0].numel() ** -0.5 if parameter.ndim > 1 else 0.1
        parameter.copy_(torch.randn(parameter.shape, generator=generator) * spread)
    graph = trace(network.eval(), channels)
    values = (np.arange(channels * size[0] * size[1]) * 37 % 101 / 100).astype(np.float32)
    image = torch.from_numpy(values).reshape(1, *size, channels).permute(0, 3, 1, 2)
    result = {
        "name": name,
        "height": size[0],
        "width": size[1],
        "channels": channels,
        **in_float32(graph),
        "output": encoded(network(image).permute(0, 2, 3, 1)),
        "peakBytes": int(cost.peak(graph) * size[0] * size[1]),
    }
    if isinstance(network, Coded):
        code = torch.tensor([[0.1, 0.2, 0.3, 0.4]])
        result |= {"code": encoded(code), "decoded": encoded(network.decode(code).permute(0, 2, 3, 1))}
    return result


def in_float32(graph) -> dict:
    """model.json as it is published, but for the weights: float16's rounding would hide what differs."""
    with tempfile.TemporaryDirectory() as folder:
        model_json.write(graph, Path(folder))
        model = json.loads((Path(folder) / "model.json").read_text())
    (group,) = model["weightsManifest"]
    for entry in group["weights"]:
        entry.pop("quantization", None)
    weights = b"".join(graph.weights[entry["name"]].tobytes() for entry in group["weights"])
    return {"graph": json.dumps(model, separators=(",", ":")), "weights": base64.b64encode(weights).decode()}


def encoded(tensor: Tensor) -> str:
    return base64.b64encode(tensor.contiguous().numpy().astype("<f4").tobytes()).decode()


def main() -> None:
    cases = [case(name, *described) for name, described in CASES.items()]
    Path(__file__).with_suffix(".json").write_text(json.dumps(cases, indent=2) + "\n")


if __name__ == "__main__":
    main()
