"""What a JPEG file of some quality leaves of an image (ITU-T T.81, as libjpeg does it); `models/noise/jpeg.ts`, too.

All of it that loses something: colours to JFIF's YCbCr, those perhaps at half resolution, 8x8 DCT, quantisation, and
back. Huffman coding loses nothing and is left out. Whatever libjpeg rounds is rounded alike, but for its DCT, which is
in fixed point there: a file's pixels differ from these by a level here and there.
"""

import numpy as np

BLOCK = 8
LUMA_TABLE = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ]
)
CHROMA_TABLE = np.full((BLOCK, BLOCK), 99)
CHROMA_TABLE[:4, :4] = [[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]]

# JFIF's in libjpeg's fixed point, so that sums are exact.
YCBCR = np.array([[19595, 38470, 7471], [-11059, -21709, 32768], [32768, -27439, -5329]]) / 2**16
RED_OF_CR, BLUE_OF_CB, GREEN_OF_CB, GREEN_OF_CR = np.array([91881, 116130, -22554, -46802]) / 2**16

COSINES = np.cos(np.pi * np.arange(BLOCK)[:, None] * (2 * np.arange(BLOCK) + 1) / (2 * BLOCK)) / 2  # [frequency, place]
COSINES[0] /= np.sqrt(2)


def quantisation(table: np.ndarray, quality: int) -> np.ndarray:
    """The steps [8,8] of a quality 1..100, as libjpeg scales its tables."""
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    return np.clip((table * scale + 50) // 100, 1, 255)


def rounded(values: np.ndarray) -> np.ndarray:
    """Halves away from 0. Sums of cosines that are halves come out a hair off: those, too."""
    return np.sign(values) * np.floor(np.abs(values) + 0.5 + 1e-6)


def code_plane(plane: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """[H,W] around 0, through the quantised DCT of its 8x8 blocks; the last ones are filled up with the border."""
    height, width = plane.shape
    padded = np.pad(plane, ((0, -height % BLOCK), (0, -width % BLOCK)), mode="edge")
    blocks = padded.reshape(padded.shape[0] // BLOCK, BLOCK, padded.shape[1] // BLOCK, BLOCK).swapaxes(1, 2)
    coefficients = rounded(COSINES @ blocks @ COSINES.T / steps) * steps  # [rows, columns, 8, 8]
    decoded = (COSINES.T @ coefficients @ COSINES).swapaxes(1, 2).reshape(padded.shape)
    return rounded(decoded[:height, :width]).clip(-128, 127)


def halve(plane: np.ndarray) -> np.ndarray:
    """Means of 2x2 values; a border of odd size counts twice. Halves go up in every second column, as in libjpeg."""
    height, width = plane.shape
    even = np.pad(plane, ((0, height % 2), (0, width % 2)), mode="edge")
    sums = even[::2, ::2] + even[::2, 1::2] + even[1::2, ::2] + even[1::2, 1::2]
    return np.floor((sums + 1 + np.arange(sums.shape[1]) % 2) / 4)


def between(plane: np.ndarray, axis: int) -> np.ndarray:
    """Twice as many values along an axis: 3/4 of the nearer one that `halve` made and 1/4 of the farther."""
    place = np.arange(2 * plane.shape[axis])
    farther = np.clip(place // 2 + np.where(place % 2, 1, -1), 0, plane.shape[axis] - 1)
    return 0.75 * plane.take(place // 2, axis) + 0.25 * plane.take(farther, axis)


def double(plane: np.ndarray) -> np.ndarray:
    """libjpeg's "fancy upsampling"."""
    values = between(between(plane, 0), 1)
    return np.floor(values + (8 - np.arange(values.shape[1]) % 2) / 16)


def jpeg(image: np.ndarray, quality: int, half_colour: bool) -> np.ndarray:
    """[H,W,C] 0..1 of one or three channels, as it comes out of a file of `quality` 1..100; 8-bit values.

    `half_colour`: colour at half resolution, "4:2:0", which most files have; otherwise "4:4:4".
    """
    height, width, channels = image.shape
    pixels = np.floor(image.clip(0, 1) * 255 + 0.5)
    luma_steps, chroma_steps = (quantisation(table, quality) for table in (LUMA_TABLE, CHROMA_TABLE))
    if channels == 1:
        return (code_plane(pixels[..., 0] - 128, luma_steps)[..., None] + 128) / 255
    luma, *colours = np.moveaxis(pixels @ YCBCR.T, 2, 0)
    luma = code_plane(np.floor(luma + 0.5) - 128, luma_steps) + 128
    decoded = []
    for colour in colours:
        colour = np.ceil(colour - 0.5)
        if half_colour:
            decoded.append(double(code_plane(halve(colour), chroma_steps))[:height, :width])
        else:
            decoded.append(code_plane(colour, chroma_steps))
    blueness, redness = decoded
    red = luma + np.floor(RED_OF_CR * redness + 0.5)
    green = luma + np.floor(GREEN_OF_CB * blueness + GREEN_OF_CR * redness + 0.5)
    blue = luma + np.floor(BLUE_OF_CB * blueness + 0.5)
    return np.stack([red, green, blue], axis=2).clip(0, 255) / 255
