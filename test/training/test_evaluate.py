"""The protocol, on a network whose answer is known: the untrained one returns its input."""

import csv

import numpy as np
import pytest
from training import evaluate, show
from training.architectures import build
from training.infer import denoise
from training.progress import COLUMNS


@pytest.fixture
def identity(recipe):
    return build(recipe.model).eval()


def test_identity_scores_the_noise_itself(identity, data):
    metrics = evaluate.evaluate(identity, data, ["CBSD68"], [5], ("float", "8-bit"))
    assert [(m["set"], m["noise"], m["sigma"]) for m in metrics] == [("CBSD68", "float", 5), ("CBSD68", "8-bit", 5)]
    for entry in metrics:  # outputs are rounded in both columns: 1/12 more; little is clipped
        assert entry["psnr"] == pytest.approx(10 * np.log10(255**2 / (25 + 1 / 12)), abs=0.1)
        assert "mean of 2 images" in entry["protocol"]


def test_noise_is_seeded_by_the_images_place(data):
    clean = np.full((8, 8, 3), 128, np.uint8)
    first, again, other = (evaluate.noisy_image(clean, 25, seed, "float") for seed in (0, 0, 1))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_8_bit_column_is_clipped_and_rounded():
    clean = np.full((32, 32, 3), 250, np.uint8)
    values = evaluate.noisy_image(clean, 50, 0, "8-bit") * 255
    assert values.max() == 255 and np.allclose(values, np.rint(values))
    assert evaluate.noisy_image(clean, 50, 0, "float").max() > 1.1


def test_table_has_a_column_per_sigma():
    metrics = [
        {"set": "Kodak24", "noise": "8-bit", "sigma": sigma, "psnr": psnr} for sigma, psnr in ((50, 27.5), (15, 33.125))
    ]
    assert evaluate.table(metrics).splitlines() == [
        "| set | noise | sigma 15 | sigma 50 |",
        "|---|---|---|---|",
        "| Kodak24 | 8-bit | 33.12 | 27.50 |",
    ]


def test_any_size_is_denoised_by_padding(network):
    noisy = np.random.default_rng(0).random((21, 30, 3))
    output = denoise(network, noisy, 25)
    assert output.shape == noisy.shape
    padded = denoise(network, np.pad(noisy, ((0, 3), (0, 2), (0, 0)), mode="reflect"), 25)
    assert np.allclose(output, padded[:21, :30], atol=1e-6)


def test_show_summarises_the_last_entry_of_each_stage(tmp_path):
    rows = [("stable", 10, 160, 1800, 0.1, 30, 28, 25), ("stable", 20, 3200, 3600, 0.1, 31, 29, 26)]
    with (tmp_path / "log.csv").open("w", newline="") as out:
        csv.writer(out).writerows([(*COLUMNS, "psnr15", "psnr25", "psnr50"), *rows])
    text = show.show(tmp_path)
    assert "stable: step 20, 3k patches, 1.00 h, 31.00 / 29.00 / 26.00 dB at 15/25/50" in text
    assert (tmp_path / "curves.png").stat().st_size > 1000


def test_show_without_a_log_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match="log.csv"):
        show.show(tmp_path)
