"""The same picture in other colour models: palette, grey, CMYK, and with real transparency.

Conversions are those of ordinary programs; the picture that is displayed stays the one passed in.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from rempart.testing.pictures import Pixels


def luma16(pixels: Pixels) -> NDArray[np.uint16]:
    """The (height, width) brightness of the picture on the scale 0..65535."""
    weights = np.array([0.299, 0.587, 0.114]) * 257
    wide: NDArray[np.uint16] = np.clip(np.rint(pixels @ weights), 0, 65535).astype(np.uint16)
    return wide


def palette(pixels: Pixels, colours: int = 256) -> Image.Image:
    """The picture in its own best colours, dithered as paint programs do."""
    image = Image.fromarray(pixels)
    best = image.quantize(colours, Image.Quantize.FASTOCTREE)
    return image.quantize(palette=best, dither=Image.Dither.FLOYDSTEINBERG)


def dithered_grey(pixels: Pixels, bits: int) -> NDArray[np.uint8]:
    """The (height, width) grey values 0..2**bits-1 of the dithered picture."""
    levels = np.rint(np.linspace(0, 255, 2**bits)).astype(int)
    greys = Image.new("P", (1, 1))
    greys.putpalette([int(level) for level in levels for _ in "rgb"])
    image = Image.fromarray(pixels).convert("L").convert("RGB")
    return np.asarray(image.quantize(palette=greys, dither=Image.Dither.FLOYDSTEINBERG))


# CMYK as programs for print make it: with black taken out of the three colours.


def cmyk(pixels: Pixels) -> Image.Image:
    lightest = pixels.max(axis=2, keepdims=True).astype(np.float32)
    inks = 255 * (1 - pixels / np.maximum(lightest, 1))
    return Image.fromarray(np.rint(np.dstack([inks, 255 - lightest])).astype(np.uint8), "CMYK")


# Transparency: what is hidden under a transparent pixel is deliberately misleading.


def veil(pixels: Pixels) -> NDArray[np.uint8]:
    """The picture, four fifths opaque everywhere."""
    return np.dstack([pixels, np.full(pixels.shape[:2], 205, np.uint8)])


def cut_out(pixels: Pixels) -> NDArray[np.uint8]:
    """The picture with its near-black pixels transparent: right on black only; white is hidden underneath."""
    holes = luma16(pixels) <= 20 * 257
    colour = np.where(holes[..., None], np.uint8(255), pixels)
    return np.dstack([colour, np.where(holes, 0, 255).astype(np.uint8)])


def cut_out_light(pixels: Pixels) -> NDArray[np.uint8]:
    """The picture with its near-white pixels transparent: right on white only; black is hidden underneath."""
    holes = luma16(pixels) >= 235 * 257
    colour = np.where(holes[..., None], np.uint8(0), pixels)
    return np.dstack([colour, np.where(holes, 0, 255).astype(np.uint8)])


def sticker(pixels: Pixels) -> NDArray[np.uint8]:
    """The picture in the middle of a transparent canvas, 6 % wider on each side."""
    height, width = pixels.shape[:2]
    down, across = round(height * 0.06), round(width * 0.06)
    opaque = np.dstack([pixels, np.full((height, width), 255, np.uint8)])
    return np.pad(opaque, ((down, down), (across, across), (0, 0)))


def grey_veil(pixels: Pixels) -> Image.Image:
    image = Image.fromarray(pixels).convert("LA")
    image.putalpha(215)
    return image
