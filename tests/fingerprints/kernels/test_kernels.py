"""Each kernel beside its naive twin; compiled and numpy kernels take the same arguments."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from numba import types
from tests.fingerprints.generated import bits_apart, generated, grey

from rempart.fingerprints import pdq, pdq_exact, variants, warm
from rempart.fingerprints.kernels import choice, compiled, plain
from rempart.fingerprints.tables import COSINES, bands

BOTH = pytest.mark.parametrize("kernels", [compiled, plain], ids=lambda module: module.NAME)
SHAPES = ((5, 7), (64, 64), (64, 300), (129, 200), (333, 517))


def naive_projection(pixels: np.ndarray, length: int) -> np.ndarray:
    band = bands(length)[0]
    out = np.zeros((64, pixels.shape[1]))
    for row in range(64):
        for k in range(band.counts[row]):
            out[row] += float(band.weights[row, k]) * pixels[band.starts[row] + k]
    return out


def naive_box(line: np.ndarray, window: int) -> np.ndarray:
    """One line through the reference's box filter: a float32 sum that is added to and taken from in order."""
    ahead = (window + 2) // 2 - 1
    total, held, out = np.float32(0), 0, []
    for right in range(len(line) + ahead):
        if right < len(line):
            total, held = np.float32(total + line[right]), held + 1
        if right >= window:
            total, held = np.float32(total - line[right - window]), held - 1
        if right >= ahead:
            out.append(np.float32(total / np.float32(held)))
    return np.array(out, np.float32)


def naive_hash(small: np.ndarray) -> bytes:
    """64x64 to bits with float32 sums in the reference's order, and the median by sorting."""
    half = [[0.0] * 64 for _ in range(16)]
    for i in range(16):
        for j in range(64):
            for k in range(64):
                half[i][j] = np.float32(half[i][j] + COSINES[i, k] * small[k, j])
    full = [[np.float32(0)] * 16 for _ in range(16)]
    for i in range(16):
        for j in range(16):
            for k in range(64):
                full[i][j] = np.float32(full[i][j] + half[i][k] * COSINES[j, k])
    flat = [value for row in full for value in row]
    return int("".join(str(int(value > sorted(flat)[127])) for value in reversed(flat)), 2).to_bytes(32)


def naive_quality(small: np.ndarray) -> int:
    total = 0
    for i in range(64):
        for j in range(64):
            for x, y in ((i + 1, j), (i, j + 1)):
                if x < 64 and y < 64:
                    total += abs(int(np.float32(small[i, j] - small[x, y]) * np.float32(100) / np.float32(255)))
    return min(100, total // 90)


@BOTH
@pytest.mark.parametrize("shape", SHAPES)
def test_projection_of_rows_and_columns_equals_the_naive_sum(kernels: ModuleType, shape: tuple[int, int]) -> None:
    pixels = grey(generated(1, *shape))
    rows, columns = bands(shape[0])[0], bands(shape[1])[0]
    halfway, small = np.empty((64, shape[1]), np.float32), np.empty((64, 64), np.float32)
    kernels.project_rows(pixels, rows.starts, rows.counts, rows.weights, halfway)
    kernels.project_columns(halfway, columns.starts, columns.counts, columns.weights, small)
    wanted = naive_projection(pixels, shape[0])
    assert np.abs(halfway - wanted).max() < 1e-3
    assert np.abs(small - naive_projection(wanted.T, shape[1]).T).max() < 1e-3


@BOTH
def test_sampling_takes_the_named_rows_and_columns(kernels: ModuleType) -> None:
    pixels = grey(generated(2, 70, 90))
    rows, columns = np.arange(40, dtype=np.int64)[::-1] * 70 // 40, np.arange(50, dtype=np.int64) * 90 // 50
    out = np.empty((40, 50), np.uint8)
    kernels.sample(pixels, np.ascontiguousarray(rows), columns, out)
    assert out.tolist() == [[int(pixels[row, column]) for column in columns] for row in rows]


@BOTH
@pytest.mark.parametrize("seed", [0, 1])
def test_hash_and_quality_equal_the_naive_ones_bit_for_bit(kernels: ModuleType, seed: int) -> None:
    small = generated(seed, 64, 64)[:, :, 0].astype(np.float32) / np.float32(1.7)
    values = np.empty((2, 32), np.uint8)
    quality = kernels.hash_both(small, COSINES, values)
    assert quality == naive_quality(small)
    assert values[0].tobytes() == naive_hash(small)
    transposed = np.empty((2, 32), np.uint8)
    kernels.hash_both(np.ascontiguousarray(small.T), COSINES, transposed)
    assert bits_apart(values[1].tobytes(), transposed[0].tobytes()) <= 2


@BOTH
@pytest.mark.parametrize(("shape", "windows"), [((65, 40), (1, 1)), ((130, 257), (3, 2)), ((400, 70), (1, 4))])
def test_the_exact_filter_equals_the_naive_one_bit_for_bit(
    kernels: ModuleType, shape: tuple[int, int], windows: tuple[int, int]
) -> None:
    luma = (generated(4, *shape) @ np.array([0.299, 0.587, 0.114])).astype(np.float32)
    wanted = luma
    for _ in range(2):
        wanted = np.stack([naive_box(line, windows[0]) for line in wanted])
        wanted = np.stack([naive_box(line, windows[1]) for line in wanted.T]).T
    out = np.empty((64, 64), np.float32)
    kernels.filtered(luma, *windows, out)
    rows, columns = ([int((k + 0.5) * length / 64) for k in range(64)] for length in shape)
    assert np.array_equal(out, wanted[rows][:, columns])


@pytest.fixture
def only_numpy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bool], None]]:
    def switch(on: bool) -> None:
        monkeypatch.setattr(choice, "find_spec", lambda name: None if on else name)
        choice.kernels.cache_clear()

    yield switch
    monkeypatch.undo()
    choice.kernels.cache_clear()


def test_numba_runs_where_it_is_installed() -> None:
    assert warm()


def test_numpy_kernels_give_the_same_bits_where_numba_is_not_installed(only_numpy: Callable[[bool], None]) -> None:
    pictures = [generated(seed, 100 + 13 * seed, 420 - 11 * seed) for seed in range(12)]
    fast, exact = [pdq(grey(pixels)) for pixels in pictures], [pdq_exact(pixels) for pixels in pictures]
    only_numpy(True)
    assert not warm()
    assert [pdq_exact(pixels) for pixels in pictures] == exact
    assert all(
        bits_apart(pdq(grey(pixels)).value, compiled_one.value) <= 2
        for pixels, compiled_one in zip(pictures, fast, strict=True)
    )
    assert len(variants(grey(generated(1, 600, 300))).variants) == 16


def test_kernels_compile_without_a_cache_where_no_folder_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numba.core.caching.CompileResultCacheImpl._locator_classes", [])
    double = compiled._compiled(types.int64(types.int64))(lambda number: number * 2)
    assert double(21) == 42


def test_four_threads_give_the_results_of_one() -> None:
    pictures = [grey(generated(seed, 300 + seed, 700 - 5 * seed)) for seed in range(24)]
    alone = [variants(pixels) for pixels in pictures]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            assert list(pool.map(variants, pictures)) == alone


def test_importing_the_room_loads_neither_numba_nor_a_decoder() -> None:
    script = (
        "import sys, rempart.fingerprints; "
        "print(sorted({'numba', 'PIL', 'simplejpeg', 'scipy'} & {name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


FUZZ = """
import numpy as np
from rempart.fingerprints import pdq, pdq_exact, variants
from rempart.fingerprints.kernels.choice import kernels
rng = np.random.default_rng(7)
for number in range(30):
    height, width = (rng.integers(5, 2001, 2) if number % 3 == 0 else rng.integers(5, 140, 2)).tolist()
    luma = rng.integers(0, 256, (height, width), dtype=np.uint8)
    assert len(pdq(luma).value) == 32
    luma[: height // 3] = 9
    variants(luma)
    if number % 3:
        pdq_exact(np.dstack([luma] * 3))
assert kernels().NAME == "numba"
"""


def test_no_kernel_leaves_its_arrays_for_any_shape(tmp_path: Path) -> None:
    # A cache of its own: the usual one holds code without the checks.
    environment = {**os.environ, "NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", FUZZ], capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, "")
