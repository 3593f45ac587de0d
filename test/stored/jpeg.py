"""Makes jpeg.json: JPEGs of the kinds that cameras and programs write, and the samples that libjpeg-turbo reads from them.

    pip install pillow numpy && python test/stored/jpeg.py > test/stored/jpeg.json
"""

import base64
import io
import json

import numpy as np
from PIL import Image, ImageCms

WIDTH, HEIGHT = 37, 26


def scene() -> Image.Image:
    """Smooth colours, an edge, some noise."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    base = np.stack([x * 5 + y, 200 - y * 4, 90 + 60 * np.sin(x / 5)], axis=-1).astype(float)
    base[y > x] *= 0.5
    noise = np.random.default_rng(7).normal(0, 9, base.shape)
    return Image.fromarray(np.clip(base + noise, 0, 255).astype(np.uint8))


def encode(image: Image.Image, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", **options)
    return file.getvalue()


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def case(name: str, image: Image.Image, **options) -> dict:
    file = encode(image, **options)
    decoded = Image.open(io.BytesIO(file))
    quality = options.get("quality", 75)
    return {
        "name": name,
        "file": text(file),
        "width": decoded.width,
        "height": decoded.height,
        "channels": len(decoded.getbands()),
        "quality": quality,
        "samples": text(decoded.tobytes()),
    }


def main() -> None:
    rgb = scene()
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    exif[0x010F] = "A camera"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # large enough for two segments; readers look at what the tags point to only
    long_profile = (len(profile) + 70_000).to_bytes(4, "big") + profile[4:] + bytes(i % 251 for i in range(70_000))
    cases = [
        case("4:4:4", rgb, quality=90, subsampling=0),
        case("4:2:2", rgb, quality=85, subsampling=1),
        case("4:2:0", rgb, quality=75, subsampling=2),
        case("4:2:0 of low quality", rgb, quality=30, subsampling=2),
        case("best quality", rgb, quality=100, subsampling=0),
        case("progressive", rgb, quality=88, subsampling=2, progressive=True),
        case("restart markers", rgb, quality=80, subsampling=0, restart_marker_blocks=2),
        case("colours as RGB", rgb, quality=92, keep_rgb=True),
        case("grey", rgb.convert("L"), quality=80),
        case("grey, progressive", rgb.convert("L"), quality=95, progressive=True),
        case("one pixel", rgb.crop((0, 0, 1, 1)), quality=75),
        case("EXIF, profile and density", rgb, quality=85, exif=exif, icc_profile=profile, dpi=(300, 300)),
    ]
    refused = {"CMYK": text(encode(rgb.convert("CMYK")))}
    both = io.BytesIO()
    rgb.save(both, "MPO", save_all=True, append_images=[rgb.transpose(Image.Transpose.FLIP_LEFT_RIGHT)])
    answer = {
        "cases": cases,
        "refused": refused,
        "twoPictures": text(both.getvalue()),
        "longProfile": text(encode(rgb, quality=60, icc_profile=long_profile)),
    }
    print(json.dumps(answer, indent=2))


main()
