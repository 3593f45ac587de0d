"""Definitions that the product shares: stored for it, and right by numpy, scipy and Pillow."""

import base64
import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from scipy.stats import norm, poisson
from training.export.golden import scene
from training.noise import pixelwise, sensor
from training.noise.jpeg import jpeg
from training.noise.kinds import KINDS

sys.path.insert(0, str(Path(__file__).parents[1] / "stored"))

from noise import stored_noise  # noqa: E402  (after the path is known)

STORED = json.loads((Path(__file__).parents[1] / "stored" / "noise.json").read_text())


def floats(coded: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(coded), "<f4")


def picture(channels: int = 3) -> np.ndarray:
    """[61,75,C] of 8-bit values, 0..1."""
    return np.rint(scene(61, 75, seed=1)[..., :channels] * 255) / 255


def test_what_is_stored_is_what_is_defined():
    now = json.loads(json.dumps(stored_noise()))
    assert now["kinds"] == STORED["kinds"]
    for name in ("colour", "normal", "uniform"):
        assert np.array_equal(floats(now[name]), floats(STORED[name]))
    assert len(now["cases"]) == len(STORED["cases"])
    for one, other in zip(now["cases"], STORED["cases"]):
        assert (one["kind"], one["parameters"], one["image"]) == (other["kind"], other["parameters"], other["image"])
        assert floats(one["expected"]) == pytest.approx(floats(other["expected"]), abs=1e-5)


@pytest.mark.parametrize("quality", [10, 30, 50, 75, 90, 95, 100])
@pytest.mark.parametrize("form", ["4:4:4", "4:2:0", "grey"])
def test_jpeg_is_what_libjpeg_makes_of_it(quality, form):
    image = picture(1 if form == "grey" else 3)
    pixels = Image.fromarray((image * 255).astype(np.uint8).squeeze())
    file = io.BytesIO()
    pixels.save(file, "jpeg", quality=quality, **({} if form == "grey" else {"subsampling": form}))
    theirs = np.asarray(Image.open(file)).reshape(image.shape) / 255
    ours = jpeg(image, quality, half_colour=form == "4:2:0")
    difference = np.abs(ours - theirs) * 255
    # libjpeg's DCT is in fixed point, which sends a few coefficients to the next step
    assert difference.mean() < 0.6
    assert (difference > 1).mean() < 0.12


@pytest.mark.parametrize("level, wanted", [(13, 12), (127, 126), (128, 128), (129, 130), (131, 132)])
def test_jpeg_rounds_halves_as_libjpeg(level, wanted):
    grey = np.full((16, 24), level, np.uint8)
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "jpeg", quality=50)  # steps of 2 in a block's mean
    assert (np.asarray(Image.open(file)) == wanted).all()
    assert (jpeg(grey[..., None] / 255, 50, half_colour=False) * 255).round() == pytest.approx(wanted)


@pytest.mark.parametrize("peak", [0.5, 5, 30, 40, 300, 5000])
def test_poisson_counts_are_quantiles(peak):
    rng = np.random.default_rng(0)
    values, normal = rng.random(20_000), rng.standard_normal(20_000)
    counts = pixelwise.poisson(torch.from_numpy(values), torch.from_numpy(normal), peak).numpy() * peak
    exact = poisson.ppf(norm.cdf(normal), values * peak)
    few = values * peak < pixelwise.FEWEST_EXACT
    assert counts[few] == pytest.approx(exact[few], abs=1e-6)
    assert np.abs(counts - exact).max() < 1.5
    assert (np.abs(counts - exact) > 0.5).mean() < 0.03


def test_mosaics_start_where_their_corner_is():
    colours = torch.tensor([1.0, 2, 3]).view(1, 3, 1, 1).expand(1, 3, 2, 3)
    assert sensor.mosaic(colours)[0, 0].tolist() == [[1, 2, 1], [2, 3, 2]]
    assert sensor.mosaic(colours, (0, 1))[0, 0].tolist() == [[2, 1, 2], [3, 2, 3]]
    assert sensor.mosaic(colours, (1, 0))[0, 0].tolist() == [[2, 3, 2], [1, 2, 1]]


@pytest.mark.parametrize("method", sensor.DEMOSAICS)
@pytest.mark.parametrize("corner", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_demosaicing_finds_smooth_colours(method, corner):
    y, x = torch.meshgrid(torch.arange(16.0), torch.arange(20.0), indexing="ij")
    slope = (0.2 + 0.01 * x + 0.02 * y).expand(1, 3, 16, 20)
    found = sensor.demosaic(sensor.mosaic(slope, corner), method, corner)
    assert (found - slope)[..., 2:-2, 2:-2].abs().max() < 1e-6
    red = torch.tensor([1.0, 0, 0]).view(1, 3, 1, 1).expand(1, 3, 16, 20)
    assert torch.equal(sensor.demosaic(sensor.mosaic(red, corner), method, corner), red)


def test_camera_noise_has_the_variance_of_its_sensor():
    grey = torch.full((1, 1, 200, 200), 0.5, dtype=torch.float64)
    normal = torch.randn(grey.shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    noisy = sensor.camera_noise(grey, normal, 1e-3, 1e-4, 2, 2, "malvar")
    light = sensor.decode_srgb(torch.tensor(0.5))
    found = sensor.decode_srgb(noisy)
    assert found.std().item() == pytest.approx((1e-3 * light.item() + 1e-4) ** 0.5, rel=0.03)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("channels", [1, 3])
def test_kinds_follow_from_their_seeds_and_get_worse(name, channels):
    image, kind = picture(channels), KINDS[name]
    errors = []
    for level in kind.levels:
        noisy = kind.apply(image, level, 1)
        assert noisy.shape == image.shape and np.isfinite(noisy).all()
        assert np.array_equal(noisy, kind.apply(image, level, 1))
        assert np.array_equal(noisy, kind.apply(image, level, 2)) == (name in ("quantisation", "jpeg"))
        errors.append(np.square(noisy - image).mean())
    assert errors == sorted(errors) and errors[0] > 0
    with pytest.raises(ValueError, match="Expected a level"):
        kind.apply(image, kind.range[1] + 1, 1)
