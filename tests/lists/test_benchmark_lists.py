import pytest

from rempart.testing.benchmarks import lists as benchmark


@pytest.mark.parametrize("quick", [True, False])
def test_the_benchmark_gives_every_figure_under_the_size_of_its_list(monkeypatch, quick) -> None:
    """On a small list: that it runs, and that other processes see what it changes (it raises when they do not)."""
    monkeypatch.setattr(benchmark, "QUICK_SIZE" if quick else "SIZE", (300, "3e2"))
    monkeypatch.setattr(benchmark, "QUICK_ROUNDS" if quick else "ROUNDS", 1)
    measured = benchmark.run(quick)
    names = ["ready.seconds", "ready_cold.seconds", "snapshot_cold.seconds", "append_to_match.ms"]
    assert list(measured["figures"]) == [f"lists.3e2.{name}" for name in [*names, "withdraw_seen.seconds"]]
    assert all(figure > 0 for figure in measured["figures"].values())
    assert measured["ratios"] == {}
