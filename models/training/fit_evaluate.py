"""An autoencoder's figures on its test split: cross-entropy, PSNR and SSIM for clean input and each noise factor."""

from pathlib import Path

from torch import Tensor, nn
from tqdm import tqdm

from . import image_sets
from .batch_metrics import NEVER_CERTAIN, cross_entropy, psnr, rounded, ssim
from .factor_noise import add_judged_noise
from .fit_pictures import draw_grid, draw_samples, draw_walk, reconstruct
from .fit_recipe import FitRecipe

PICTURES, SAMPLES, WALK = "pictures.png", "samples.png", "walk.png"
DRAWN = 16  # pictures at most
CHUNK = 500  # pictures at a time
PROTOCOL = (
    "x + factor N(0, 1), clipped to 0..1, not rounded, seeded by the image's place in its set; PSNR and SSIM (11x11 "
    "Gaussian window) of the output clipped and rounded to 8 bits, cross-entropy in nats per pixel of the output kept "
    f"within {NEVER_CERTAIN:g} and 1 - {NEVER_CERTAIN:g}, all against the clean image; mean of {{images}} images of "
    "{height}x{width}; {split}"
)


def evaluate(network: nn.Module, recipe_table: dict, data: Path, run: Path) -> list[dict]:
    """One entry per noise factor, as the model card lists them; draws pictures of test images into `run`."""
    recipe = FitRecipe.from_table(recipe_table)
    test, split = test_set(recipe, data, network)
    height, width = network.input_size
    protocol = PROTOCOL.format(images=len(test), height=height, width=width, split=split)
    factors = sorted({0, *recipe.noise["factors"]})
    metrics = []
    for factor in tqdm(factors, desc=recipe.data["name"], unit="factor"):
        means = {name: round(value, 4) for name, value in scores(network, test, factor).items()}
        metrics.append({"set": recipe.data["name"], "noise": "factor", "factor": factor, **means, "protocol": protocol})
    draw(network, test.part(0, DRAWN), factors, run)
    return metrics


def test_set(recipe: FitRecipe, data: Path, network: nn.Module) -> tuple[image_sets.Stack, str]:
    sets = image_sets.read(recipe.data, data, network.input_size, network.channels)
    return sets.test, sets.split


def scores(network: nn.Module, test: image_sets.Stack, factor: float) -> dict[str, float]:
    """Means over all images of `test`."""
    sums = {"psnr": 0.0, "ssim": 0.0, "crossEntropy": 0.0}
    for start in range(0, len(test), CHUNK):
        clean = test.part(start, CHUNK)
        output = reconstruct(network, add_judged_noise(clean, factor, first_seed=start))
        as_file = rounded(output)
        sums["psnr"] += psnr(clean, as_file).sum().item()
        sums["ssim"] += ssim(clean, as_file).sum().item()
        sums["crossEntropy"] += cross_entropy(clean, output).sum().item()
    return {name: value / len(test) for name, value in sums.items()}


def draw(network: nn.Module, clean: Tensor, factors: list[float], run: Path) -> None:
    noisy = {factor: add_judged_noise(clean, factor) for factor in factors}
    draw_grid(clean, noisy, {factor: reconstruct(network, images) for factor, images in noisy.items()}, run / PICTURES)
    if hasattr(network, "code"):  # variational: its decoder can do without an encoder
        draw_samples(network, run / SAMPLES)
        draw_walk(network, clean[:4], run / WALK)


def table(metrics: list[dict]) -> str:
    """Markdown: a row per noise factor."""
    lines = ["| set | factor | PSNR | SSIM | cross-entropy |", "|---|---|---|---|---|"]
    for entry in metrics:
        quality = f"{entry['psnr']:.2f} | {entry['ssim']:.3f} | {entry['crossEntropy']:.4f}"
        lines.append(f"| {entry['set']} | {entry['factor']:g} | {quality} |")
    return "\n".join(lines)
