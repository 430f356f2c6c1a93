"""Whole jobs: files from disk to findings, with one worker and with two, in turns."""

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

from rempart.batch.inputs import Inputs
from rempart.settings import Settings
from rempart.testing.benchmarks.hashing import enlarged_jpeg
from rempart.testing.pictures import photos
from rempart.wiring import House, open_house, open_lists

Figures = dict[str, float]
SIZES = (((1920, 1080), 400), ((4000, 3000), 80))
PHOTOS = ("astronaut", "coffee", "chelsea", "rocket")
LIST_ENTRIES = 100_000


def run(quick: bool = False) -> dict[str, Figures]:
    """Files per second with one and two workers, the second worker's gain, and the peak memory of a worker.

    quick: a tenth of the files and one round, to see that it runs.
    """
    figures: Figures = {}
    ratios: Figures = {}
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        home = Path(folder)
        settings = Settings(data_folder=home / "data", memory_folder=home / "memory")
        _enlist(settings)
        for (width, height), files in SIZES:
            name = f"screen.{width}x{height}"
            inputs = _lay(home / name, width, height, files // 10 if quick else files)
            one, two, peak = _rounds(settings, inputs, home, 1 if quick else 5)
            figures |= {f"{name}.workers1.files_per_second": one, f"{name}.workers2.files_per_second": two}
            figures[f"{name}.peak_mb_per_worker"] = peak
            ratios[f"{name}.workers2_speedup"] = two / one
    return {"figures": figures, "ratios": ratios}


def _enlist(settings: Settings) -> None:
    """A list of random entries, so that matching costs what it costs."""
    lists = open_lists(settings)
    random = np.random.default_rng(20261122)
    ones = random.permuted(np.tile(np.arange(256) < 128, (LIST_ENTRIES, 1)), axis=1)  # as many as a real PDQ has
    file = settings.data_folder / "random.txt"
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join(row.tobytes().hex() for row in np.packbits(ones, axis=1)))
    lists.import_file(file, name="random", format="lines", mapping={"kind": "pdq"}, source="a random generator")


def _lay(folder: Path, width: int, height: int, files: int) -> Inputs:
    """JPEG files as phones write them, each a little different in its bytes."""
    folder.mkdir()
    found = photos()
    jpegs = [enlarged_jpeg(found[name], width, height) for name in PHOTOS]
    for number in range(files):
        (folder / f"{number:05d}.jpg").write_bytes(jpegs[number % len(jpegs)] + number.to_bytes(4, "big"))
    return Inputs(paths=(str(folder),))


def _rounds(settings: Settings, inputs: Inputs, home: Path, rounds: int) -> tuple[float, float, float]:
    """Median files per second with one and with two workers, taking turns, and the peak megabytes of a worker."""
    rates: dict[int, list[float]] = {1: [], 2: []}
    peak = 0.0
    for number in range(rounds + 1):
        for workers, seen in rates.items():
            with open_house(workers=workers, settings=settings) as house:
                rate, used = _once(house, inputs, home / f"out-{number}-{workers}-{inputs.paths[0][-9:]}")
            peak = max(peak, used)
            if number or rounds == 1:  # the first round fills caches
                seen.append(rate)
    return statistics.median(rates[1]), statistics.median(rates[2]), peak


def _once(house: House, inputs: Inputs, out: Path) -> tuple[float, float]:
    """Files per second of one job, counted from the first finding, and the peak megabytes of its children."""
    peak, first = 0, 0.0

    def watch(_: object) -> None:
        nonlocal peak, first
        first = first or time.perf_counter()
        peak = max(peak, *(_resident(child) for child in psutil.Process().children(recursive=True)), 0)

    result = house.screen(inputs, out, lists=["random"], progress=watch)
    return (result.summary["items"] - 1) / (time.perf_counter() - first), peak / 2**20


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
