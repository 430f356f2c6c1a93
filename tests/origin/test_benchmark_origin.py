"""The benchmark of the origin room runs, with and without its peer."""

import shutil

import pytest

from rempart.testing.benchmarks.origin import run

OURS = {"origin.unmarked.files_per_second", "origin.signed.files_per_second", "origin.carriers.found"}


def test_a_quick_run_gives_every_figure_and_finds_every_carrier() -> None:
    found = run(quick=True)
    assert set(found["figures"]) >= OURS
    assert found["figures"]["origin.carriers.found"] == found["figures"]["origin.carriers.total"]
    assert ("origin.unmarked.vs_exiftool" in found["ratios"]) == (shutil.which("exiftool") is not None)


def test_without_exiftool_its_figures_are_missing_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    found = run(quick=True)
    assert (found["figures"]["origin.exiftool.installed"], found["ratios"]) == (0.0, {})
    assert "origin.exiftool.carriers.found" not in found["figures"]
