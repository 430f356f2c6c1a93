"""Number kernels of the matching room: compiled by numba when it can be imported, numpy otherwise.

numba costs half a second to import, so nothing here imports it before the first call. `warm()` compiles or loads
everything; call it at set-up and before starting threads.
"""

from rempart.matching.kernels.dispatch import DamagedDirectoryError, frozen, have_compiled, scan, warm

__all__ = ["DamagedDirectoryError", "frozen", "have_compiled", "scan", "warm"]
