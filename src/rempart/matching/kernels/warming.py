"""Gets every kernel ready to run."""

import numpy as np

from rempart.matching.kernels.dispatch import build_directory, frozen, have_compiled, scan, search
from rempart.matching.kernels.joining import forest, pairs, united


def warm() -> bool:
    """Whether compiled kernels are in use; they are ready to run when this returns."""
    row = frozen(np.zeros((1, 4), np.uint64))
    directory = build_directory(row)
    search(row, directory, row, 0)
    scan(row, row, 0)
    pairs(row, 0, 0, 1)
    united([forest(row, 0, 0, 1)] * 2)
    return have_compiled()
