"""A published model as an ONNX file, for ONNX Runtime and other peers: the same weights in PyTorch's own layout."""

import json
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from ..architectures import build
from ..infer import input_channels
from .restore import restore

INPUT, OUTPUT = "image", "denoised"
OPSET = 17  # of 2022: whatever reads ONNX today knows it
SIDES = {2: "height", 3: "width"}


class Half(nn.Module):
    """Computes in float16 between an input and an output in float32."""

    def __init__(self, network: nn.Module):
        super().__init__()
        self.network = network.half()

    def forward(self, x: Tensor) -> Tensor:
        return self.network(x.half()).float()


def write_onnx(published: Path, out: Path, float16: bool = False) -> None:
    """Writes `out` from the published folder: its float16 weights, or its int8 ones where it has no others (`restore`).

    Computes in float32 unless told. Input [1,C,H,W], the noise map last unless the model is blind; output [1,C,H,W]: PyTorch's layout,
    where model.json has [1,H,W,C]. H and W are multiples of the card's `sizeMultiple`.
    """
    network = build(json.loads((published / "card.json").read_text())["architecture"]).eval().requires_grad_(False)
    restore(network, published)
    sides = getattr(network, "input_size", None)
    example = torch.zeros(1, input_channels(network), *(sides or [network.size_multiple * 2] * 2))
    with warnings.catch_warnings():
        # the exporter that is to follow it needs two more packages, and thirty times as long
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            Half(network) if float16 else network,
            (example,),
            str(out),
            dynamo=False,
            opset_version=OPSET,
            input_names=[INPUT],
            output_names=[OUTPUT],
            dynamic_axes=None if sides else {INPUT: SIDES, OUTPUT: SIDES},
        )
