"""JPEG bytes to PDQ: ours beside the reference library, one thread, then ours on two.

Ours is what the media room does with a JPEG: its luma at full size, then the fused operator. The reference is
`threatexchange.signal_type.pdq.pdq_hasher.pdq_from_bytes`, and the same with Pillow called by hand.
"""

import io
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import simplejpeg
from PIL import Image

from rempart.errors import Unavailable
from rempart.fingerprints import pdq, variants, warm
from rempart.testing.pictures import photos

Pixels = npt.NDArray[np.uint8]
Hasher = Callable[[bytes], object]
Figures = dict[str, float]

# (width, height), and how often every method runs over the photographs.
SIZES = (((512, 512), 15), ((1024, 768), 11), ((1920, 1080), 9), ((4000, 3000), 5))
PHOTOS = ("astronaut", "coffee", "chelsea", "rocket")
TWO_THREADS_AT = (1920, 1080)


def run(quick: bool = False) -> dict[str, dict[str, float]]:
    """Milliseconds of CPU per JPEG for every size and method, and how many times faster ours is.

    quick: fewer rounds, for trying out; the ratios waver more. Raises Unavailable when a peer is not installed.
    """
    methods = {"ms": ours, "all_views.ms": ours_all_views, **peers()}
    warm()
    figures: Figures = {}
    ratios: Figures = {}
    for (width, height), rounds in SIZES:
        name = f"hash.{width}x{height}"
        files = [enlarged_jpeg(photo, width, height) for photo in _photographs()]
        taken = _milliseconds(methods, files, 3 if quick else rounds)
        figures |= {f"{name}.{method}": milliseconds for method, milliseconds in taken.items()}
        ratios |= _ratios(name, taken)
        if (width, height) == TWO_THREADS_AT:
            ratios[f"{name}.threads2_speedup"] = _speedup_of_two_threads(files, rounds=60 if quick else 300)
    return {"figures": _rounded(figures), "ratios": _rounded(ratios)}


def ours(jpeg: bytes) -> object:
    """Our fingerprint of a JPEG, without the views."""
    return pdq(_luma(jpeg))


def ours_all_views(jpeg: bytes) -> object:
    """Our fingerprints of every view of a JPEG: eight turns, both canonical paths, borders."""
    return variants(_luma(jpeg))


def peers() -> dict[str, Hasher]:
    """The peers by the name of their figure. Raises Unavailable when one is not installed."""
    try:
        import pdqhash
        from threatexchange.signal_type.pdq.pdq_hasher import pdq_from_bytes
    except ImportError as missing:
        raise Unavailable(f"the peer `{missing.name}` is not installed; run `make bench`") from missing

    def pdqhash_and_pillow(jpeg: bytes) -> object:
        return pdqhash.compute(np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB")))

    return {"threatexchange.ms": pdq_from_bytes, "pdqhash_pillow.ms": pdqhash_and_pillow}


def enlarged_jpeg(photo: Pixels, width: int, height: int) -> bytes:
    """A JPEG of that size as a phone writes it: the photograph enlarged, sensor-like noise, quality 85, 4:2:0."""
    image = Image.fromarray(photo)
    scale = max(width / image.width, height / image.height)
    size = (max(width, round(image.width * scale)), max(height, round(image.height * scale)))
    large = np.asarray(image.resize(size, Image.Resampling.BICUBIC).crop((0, 0, width, height)), np.int16)
    noise = np.random.default_rng((width, height)).integers(-4, 5, (height, width, 1), dtype=np.int16)
    grainy = np.clip(large + noise, 0, 255).astype(np.uint8)
    jpeg: bytes = simplejpeg.encode_jpeg(grainy, quality=85, colorsubsampling="420")
    return jpeg


def _photographs() -> Iterator[Pixels]:
    found = photos()
    return (found[name] for name in PHOTOS)


def _luma(jpeg: bytes) -> Pixels:
    grey: Pixels = simplejpeg.decode_jpeg(jpeg, "GRAY")[:, :, 0]
    return grey


def _milliseconds(methods: dict[str, Hasher], files: list[bytes], rounds: int) -> Figures:
    """The median over rounds of each method's CPU time per file, the methods taking turns."""
    taken: dict[str, list[float]] = {name: [] for name in methods}
    for round_number in range(rounds + 1):
        for name, method in methods.items():
            before = time.process_time()
            for file in files:
                method(file)
            if round_number:  # the first round fills caches
                taken[name].append((time.process_time() - before) * 1000 / len(files))
    return {name: statistics.median(times) for name, times in taken.items()}


def _ratios(name: str, taken: Figures) -> Figures:
    return {
        f"{name}.vs_{method.removesuffix('.ms')}": milliseconds / taken["ms"]
        for method, milliseconds in taken.items()
        if not method.startswith(("ms", "all_views"))
    }


def _speedup_of_two_threads(files: list[bytes], rounds: int) -> float:
    """How many times sooner two threads finish: the best of many short turns taken by one and two.

    Wall time, so other work on the machine only ever slows it: a short turn has a chance to find both cores free.
    """
    best: dict[int, float] = {}
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(2) as two:
        for _ in range(rounds):
            for threads, pool in ((1, one), (2, two)):
                best[threads] = min(best.get(threads, float("inf")), _seconds(pool, files))
    return best[1] / best[2]


def _seconds(pool: ThreadPoolExecutor, work: list[bytes]) -> float:
    before = time.perf_counter()
    list(pool.map(ours, work))
    return time.perf_counter() - before


def _rounded(values: dict[str, Any]) -> Figures:
    return {name: round(float(value), 3) for name, value in values.items()}
