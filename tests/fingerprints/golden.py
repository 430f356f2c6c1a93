"""The golden hashes: which pictures were hashed by the reference, and how to make those pictures again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from tests.fingerprints.generated import Pixels, generated

from rempart.testing.pictures import photo_folder

GOLDEN_FILE = Path(__file__).parent / "golden_pdqhash.json"
# PNG only: decoders of JPEG differ from version to version.
PHOTOS = (
    *("astronaut", "brick", "camera", "cell", "chelsea", "coffee", "coins", "grass", "gravel", "ihc"),
    *("microaneurysms", "moon", "motorcycle_left", "motorcycle_right", "page", "text"),
)


def recipes() -> Iterator[dict[str, Any]]:
    """What the golden file holds: odd sizes first, then many generated pictures and regions of photographs."""
    odd = [(5, 5), (5, 300), (300, 5), (63, 64), (64, 64), (64, 65), (64, 200), (127, 128), (129, 130), (512, 512)]
    odd += [(513, 100), (640, 641), (1100, 901), (77, 1300)]
    for seed, (height, width) in enumerate(odd):
        yield {"seed": seed, "height": height, "width": width}
    sizes = np.random.default_rng(20261122).integers(48, 520, (280, 2))
    for seed, (height, width) in enumerate(sizes.tolist(), start=100):
        yield {"seed": seed, "height": height, "width": width}
    for name in PHOTOS:
        for step, top, left in ((1, 0, 0), (2, 0, 1), (1, 17, 33)):
            yield {"photo": name, "step": step, "top": top, "left": left}


def picture(recipe: dict[str, Any]) -> Pixels:
    """The pixels of one recipe."""
    if "seed" in recipe:
        return generated(recipe["seed"], recipe["height"], recipe["width"])
    with Image.open(photo_folder() / f"{recipe['photo']}.png") as file:
        pixels = np.asarray(file.convert("RGB"))
    return np.ascontiguousarray(pixels[recipe["top"] :: recipe["step"], recipe["left"] :: recipe["step"]])


def golden() -> Iterator[tuple[Pixels, bytes, int]]:
    """Every golden picture with the reference's value and quality."""
    for recipe in json.loads(GOLDEN_FILE.read_text("utf-8"))["hashes"]:
        yield picture(recipe), bytes.fromhex(recipe["value"]), recipe["quality"]
