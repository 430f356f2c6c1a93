"""Number kernels of the matching room: compiled by numba when it can be imported, numpy otherwise.

numba costs half a second to import, so nothing here imports it before the first call. `warm()` compiles or loads
everything; call it at set-up and before starting threads.
"""

from rempart.matching.kernels.dispatch import (
    DamagedDirectoryError,
    Directory,
    aligned,
    build_directory,
    directory_from,
    frozen,
    have_compiled,
    search,
)
from rempart.matching.kernels.joining import forest, pairs, united
from rempart.matching.kernels.warming import warm

__all__ = [
    "DamagedDirectoryError",
    "Directory",
    "aligned",
    "build_directory",
    "directory_from",
    "forest",
    "frozen",
    "have_compiled",
    "pairs",
    "search",
    "united",
    "warm",
]
