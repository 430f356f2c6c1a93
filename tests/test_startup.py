"""Starting is fast because little is loaded."""

import subprocess
import sys

import pytest

LOADED = "import sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"


def loaded_after(code: str) -> set[str]:
    """The top-level modules of a fresh process after this code."""
    command = [sys.executable, "-c", f"{code}\n{LOADED}"]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert not loaded_after("import rempart") & {"numpy", "pydantic", "typer", "PIL"}


def test_help_loads_no_numbers_and_no_settings() -> None:
    assert not loaded_after("import rempart.cli.main") & {
        "numpy",
        "numba",
        "pydantic",
        "PIL",
        "pyarrow",
        "cryptography",
    }


@pytest.mark.parametrize("room", ["rempart.fingerprints", "rempart.matching.kernels"])
def test_kernels_load_numba_without_scipy(room: str) -> None:
    loaded = loaded_after(f"from {room} import warm\nwarm()")
    assert "numba" in loaded
    assert "scipy" not in loaded


def test_scipy_can_be_imported_after_the_kernels() -> None:
    code = "from rempart.fingerprints import warm\nwarm()\nimport scipy"
    assert "scipy" in loaded_after(code)


def test_what_is_loaded_is_not_looked_through_again() -> None:
    code = (
        "import gc, rempart.cli.serve\n"
        "from rempart.startup import settle\n"
        "settle()\n"
        "assert gc.get_freeze_count() > 10_000 > gc.get_count()[0]\n"
    )
    loaded_after(code)
