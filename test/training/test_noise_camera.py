"""The mixture that teaches blind denoising: files' values, every kind in it, noise like phones'."""

import pytest
import torch
from training.export.golden import scene
from training.noise import raw as raw_module
from training.noise import camera, camera_pairs
from training.noise.raw import raw_noise

SIZE = 48


@pytest.fixture(scope="module")
def clean() -> torch.Tensor:
    """[32,3,48,48]"""
    return torch.stack([torch.from_numpy(scene(SIZE, SIZE, seed)).permute(2, 0, 1).float() for seed in range(32)])


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def only(kind: str, monkeypatch) -> None:
    monkeypatch.setattr(camera, "SHARES", {name: float(name == kind) for name in camera.SHARES})


def correlations(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """[N], over all but the first axis."""
    pairs = torch.stack([a.flatten(1), b.flatten(1)], dim=1)  # [N,2,values]
    return torch.stack([torch.corrcoef(pair)[0, 1] for pair in pairs])


def test_noisy_images_are_those_of_8_bit_files(clean):
    noisy, target = camera_pairs(clean, generator())
    assert noisy.shape == target.shape == clean.shape and noisy.dtype == target.dtype == torch.float32
    assert noisy.min() >= 0 and noisy.max() <= 1 and target.min() >= 0 and target.max() <= 1.00001
    assert (noisy * 255 - (noisy * 255).round()).abs().max() < 1e-3


def test_the_same_seed_gives_the_same_pairs(clean):
    for first, second in zip(camera_pairs(clean, generator(1)), camera_pairs(clean, generator(1))):
        assert torch.equal(first, second)
    assert not torch.equal(camera_pairs(clean, generator(1))[0], camera_pairs(clean, generator(2))[0])


def test_the_clean_images_are_left_alone(clean):
    before = clean.clone()
    camera_pairs(clean, generator())
    assert torch.equal(clean, before)


def test_every_kind_is_drawn_as_often_as_its_share(clean, monkeypatch):
    assert sum(camera.SHARES.values()) == pytest.approx(1)
    counts = dict.fromkeys(camera.SHARES, 0)

    def counted(kind):
        def noise(images, _):
            counts[kind] += len(images)
            return images, images

        return noise

    monkeypatch.setattr(camera, "NOISES", {kind: counted(kind) for kind in camera.SHARES})
    for seed in range(20):
        camera_pairs(clean, generator(seed))
    for kind, share in camera.SHARES.items():
        assert counts[kind] / 640 == pytest.approx(share, abs=0.06)


@pytest.mark.parametrize("kind", [kind for kind in camera.SHARES if kind != "clean"])
def test_noise_is_there_and_its_target_is_without(kind, clean, monkeypatch):
    only(kind, monkeypatch)
    noisy, target = camera_pairs(clean, generator())
    errors = (noisy - target).square().mean(dim=(1, 2, 3))
    assert (errors > 0).all()
    assert 10 < -10 * errors.median().log10() < 40  # dB
    roughness = [(x[..., 1:] - x[..., :-1]).abs().mean(dim=(1, 2, 3)) for x in (noisy, target)]
    assert (roughness[0] > roughness[1]).float().mean() > 0.7


def test_clean_photographs_are_to_stay_as_they_are(clean, monkeypatch):
    only("clean", monkeypatch)
    noisy, target = camera_pairs(clean, generator())
    assert torch.equal(noisy, target)
    assert (noisy.mean(dim=(1, 2, 3)) < 0.8 * clean.mean(dim=(1, 2, 3))).any()  # some of them darker


def test_some_pairs_are_grey(clean):
    pairs = [camera_pairs(clean, generator(seed)) for seed in range(4)]
    grey = [(target[:, 0] - target[:, 1]).abs().amax(dim=(1, 2)) < 1e-6 for _, target in pairs]
    assert 0 < torch.cat(grey).float().mean() < 0.2


def test_sensor_noise_covers_phones():
    """The ranges are those of twelve pairs of SIDD, which are well within what is drawn."""
    noisy, target = camera.sensor_noise(torch.full((128, 3, 64, 64), 0.4), generator())
    noise = noisy - target
    deviations = noise.std(dim=(2, 3)) * 255
    measured = {
        "neighbours": (0.36, 0.5, correlations(noise[..., 1:], noise[..., :-1])),
        "two pixels apart": (0, 0.13, correlations(noise[..., 2:], noise[..., :-2])),
        "red and blue": (0.37, 0.58, correlations(noise[:, 0], noise[:, 2])),
        "red over green": (1.2, 1.72, deviations[:, 0] / deviations[:, 1]),
        "blue over green": (1.1, 1.74, deviations[:, 2] / deviations[:, 1]),
        "green": (7.5, 30, deviations[:, 1]),
    }
    for what, (lowest, highest, drawn) in measured.items():
        assert (drawn < lowest).float().mean() > 0.04, what
        assert (drawn > highest).float().mean() > 0.04, what
        assert ((drawn > lowest) & (drawn < highest)).float().mean() > 0.15, what


def test_sensor_noise_without_noise_is_its_target(clean, monkeypatch):
    monkeypatch.setattr("training.noise.raw.draw_levels", lambda count, _: (torch.zeros(count), torch.zeros(count)))
    noisy, target = raw_noise(clean, generator())
    # what leaves the sensor's range is cut off in the noisy one only
    assert (noisy - target).abs().median() < 1e-6


def test_what_black_cuts_off_lifts_the_mean_and_the_target_with_it():
    raw = torch.full((1, 1, 400, 400), 0.01)
    shot, read = torch.tensor(0.01), torch.tensor(0.0004)
    normal = torch.randn(raw.shape, generator=torch.Generator().manual_seed(0))
    noisy = (raw + normal * (shot * raw + read).sqrt()).clamp(min=0)
    lift = raw_module.mean_lift(raw, shot, read)
    assert float(lift.mean()) > 0.002
    assert float(noisy.mean() - raw.mean()) == pytest.approx(float(lift.mean()), rel=0.03)
    bright = torch.full((1, 1, 4, 4), 0.5)
    assert float(raw_module.mean_lift(bright, shot, read).abs().max()) < 1e-6
