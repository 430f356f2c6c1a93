"""What keeps a start fast, and what follows it."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_scipy() -> Iterator[None]:
    """Inside, scipy cannot be imported, unless it was before.

    numba asks scipy for linear algebra while it loads. Our kernels use none, and where scipy happens to be
    installed it costs a fifth of a second of every start.
    """
    if "scipy" in sys.modules:
        yield
        return
    sys.modules["scipy"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["scipy"]


def settle() -> None:
    """Nothing; what is loaded by now is never looked through for garbage again.

    Looking through it takes a fifth of a second and halts every thread, whoever waits for an answer meanwhile.
    """
    gc.collect()
    gc.freeze()
