"""Writes noise.json: an image, random numbers and what training's noises make of them, which the product's must, too.

python test/stored/noise.py && npm run format, in the virtual environment that `npm run test:training` makes.
"""

import base64
import json
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "models"))

from training.noise import pixelwise  # noqa: E402  (after the path is known)
from training.noise.jpeg import jpeg  # noqa: E402
from training.noise.kinds import KINDS, phone_sensor  # noqa: E402
from training.noise.sensor import camera_noise  # noqa: E402

HEIGHT, WIDTH = 13, 19  # odd, and no multiples of a JPEG's block
SENSOR = {"shot": 0.02, "read": 3e-4, "red_gain": 1.9, "blue_gain": 1.6}

# The product's function, its parameters as both languages call them, and the image: [H,W,3], or [H,W,1] its red.
CASES = [
    ("gaussian", {"sigma": 25}, "colour"),
    ("noise-factor", {"factor": 0.5}, "colour"),
    ("poisson", {"peak": 12}, "colour"),
    ("poisson", {"peak": 60}, "colour"),  # on both sides of the expansion's bound
    ("poisson", {"peak": 4000}, "grey"),
    ("speckle", {"sigma": 80}, "colour"),
    ("salt-and-pepper", {"share": 0.3}, "colour"),
    ("quantisation", {"levels": 5}, "colour"),
    ("camera", {**SENSOR, "method": "malvar"}, "colour"),
    ("camera", {**SENSOR, "method": "bilinear"}, "colour"),
    ("camera", {"iso": 3200}, "colour"),
    ("camera", {**SENSOR, "method": "malvar"}, "grey"),
    *(("jpeg", {"quality": 75, "half_colour": half}, "colour") for half in (False, True)),
    *(("jpeg", {"quality": 20, "half_colour": half}, "colour") for half in (False, True)),
    ("jpeg", {"quality": 50, "half_colour": False}, "grey"),
]

ELEMENTWISE = {
    "gaussian": pixelwise.gaussian,
    "noise-factor": pixelwise.noise_factor,
    "poisson": pixelwise.poisson,
    "speckle": pixelwise.speckle,
    "salt-and-pepper": pixelwise.salt_and_pepper,
}


def expected(kind: str, parameters: dict, image: np.ndarray, normal: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """[H,W,C] float64, from `image` [H,W,C] and the first of the flat arrays' numbers."""
    if kind == "jpeg":
        return jpeg(image, **parameters)
    values = torch.from_numpy(image.astype(np.float64))
    if kind == "quantisation":
        return pixelwise.quantise(values, **parameters).numpy()
    if kind == "camera":
        sensor = phone_sensor(**parameters) if "iso" in parameters else parameters
        draws = torch.from_numpy(normal[: HEIGHT * WIDTH].astype(np.float64)).view(1, 1, HEIGHT, WIDTH)
        return camera_noise(values.permute(2, 0, 1)[None], draws, **sensor)[0].permute(1, 2, 0).numpy()
    draws = (uniform if kind == "salt-and-pepper" else normal)[: values.numel()].astype(np.float64)
    return ELEMENTWISE[kind](values, torch.from_numpy(draws).view(values.shape), **parameters).numpy()


def picture(rng: np.random.Generator) -> np.ndarray:
    """[H,W,3] float32 of 8-bit values: smooth colours with texture, an edge, and some black and white."""
    y, x, channel = np.indices((HEIGHT, WIDTH, 3))
    values = 0.5 + 0.4 * np.sin(0.4 * x + channel) * np.cos(0.3 * y) + rng.normal(0, 0.05, y.shape)
    values[:, WIDTH // 2 :] *= [0.3, 1.4, 1.6]
    return (np.rint(values.clip(0, 1) * 255) / 255).astype(np.float32)


def coded(values: np.ndarray) -> str:
    """float32, little-endian, in base64."""
    return base64.b64encode(values.astype("<f4").tobytes()).decode()


def stored_noise() -> dict:
    rng = np.random.default_rng(0)
    colour = picture(rng)
    images = {"colour": colour, "grey": colour[..., :1]}
    normal, uniform = rng.standard_normal(colour.size).astype(np.float32), rng.random(colour.size, np.float32)
    return {
        "height": HEIGHT,
        "width": WIDTH,
        "colour": coded(colour),
        "normal": coded(normal),
        "uniform": coded(uniform),
        "kinds": {name: {"range": kind.range, "levels": kind.levels} for name, kind in KINDS.items()},
        "cases": [
            {
                "kind": kind,
                "parameters": parameters,
                "image": image,
                "expected": coded(expected(kind, parameters, images[image], normal, uniform)),
            }
            for kind, parameters, image in CASES
        ],
    }


def main() -> None:
    Path(__file__).with_suffix(".json").write_text(json.dumps(stored_noise(), indent=2) + "\n")


if __name__ == "__main__":
    main()
