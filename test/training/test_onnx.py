"""The ONNX files compute what the published folders do: golden windows are PyTorch's answers."""

import json
from pathlib import Path

import numpy as np
import pytest
from training.export.onnx import write_onnx

# Debian's packages, for where pip reaches nothing, have neither
pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")
PUBLISHED = Path(__file__).parents[2] / "models/published"


def window(file: Path, case: dict) -> np.ndarray:
    """[1,H,W,C] as published -> [1,C,H,W]."""
    return np.fromfile(file, "<f4").reshape(1, case["height"], case["width"], -1).transpose(0, 3, 1, 2)


@pytest.mark.parametrize(
    "model, float16, answer, tolerance",
    [
        ("fast/1.2.0", False, "output", 1e-5),
        # half an 8-bit step
        ("fast/1.2.0", True, "output", 2e-3),
        # from int8, where a transposed convolution's bias stands in the graph several times, and one is taken
        ("photo/1.0.0", False, "outputQ8", 2e-3),
    ],
)
def test_golden_windows_of_every_size(model, float16, answer, tolerance, tmp_path):
    folder = PUBLISHED / model
    write_onnx(folder, tmp_path / "model.onnx", float16)
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx")
    for case in json.loads((folder / "golden.json").read_text())["cases"]:
        (denoised,) = session.run(None, {"image": np.ascontiguousarray(window(folder / case["input"], case))})
        assert np.abs(denoised - window(folder / case[answer], case)).max() < tolerance
