"""Which kernels run: the compiled ones where numba is installed, else the same in numpy."""

import importlib
from functools import cache
from importlib.util import find_spec
from typing import Protocol

import numpy as np
import numpy.typing as npt

from rempart.startup import without_scipy

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


class Kernels(Protocol):
    """The kernels of this room. They trust their arguments: callers validate every bound first."""

    @property
    def NAME(self) -> str:  # noqa: N802
        """`numba` or `numpy`."""
        ...

    def project_rows(self, pixels: Bytes, starts: Ints, counts: Ints, weights: Floats, out: Floats, /) -> None:
        """Fill out (64, width) with the banded matrix times the pixels."""

    def project_columns(self, rows: Floats, starts: Ints, counts: Ints, weights: Floats, out: Floats, /) -> None:
        """Fill out (64, 64) with the rows times the transposed banded matrix."""

    def sample(self, pixels: Bytes, rows: Ints, columns: Ints, out: Bytes, /) -> None:
        """Fill out with the pixels at those rows and columns."""

    def hash_both(self, small: Floats, cosines: Floats, out: Bytes, /) -> int:
        """Fill out (2, 32) with the hash of a 64x64 picture and of its transpose; gives their quality."""
        ...

    def filtered(self, luma: Floats, row_window: int, column_window: int, out: Floats, /) -> None:
        """Fill out (64, 64) by the reference's own sequence of float32 operations."""


@cache
def kernels() -> Kernels:
    """The compiled kernels, loaded at the first call, or the numpy ones where numba is not installed."""
    if find_spec("numba") is None:
        from rempart.fingerprints.kernels import plain

        return plain
    # Here and not at the top: numba takes half a second to load, and most commands never hash a picture.
    with without_scipy():
        from rempart.fingerprints.kernels import compiled

    return compiled


def warm() -> bool:
    """Whether compiled kernels are in use; they are loaded, and where needed compiled, when this returns.

    numba looks at numpy.ma when a kernel is first called: a confined child could not import it then.
    """
    importlib.import_module("numpy.ma")
    return kernels().NAME == "numba"
