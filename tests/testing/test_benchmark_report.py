import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from rempart.testing.benchmarks import report as benchmark
from rempart.wiring.desk import Desk
from rempart.worker.loop import Worker


@contextmanager
def here(desk: Desk) -> Iterator[SimpleNamespace]:
    """A worker in this process, which begins sooner than one of its own."""
    one = Worker(desk, duties=())
    one.start()
    yield SimpleNamespace(process=SimpleNamespace(pid=os.getpid(), poll=lambda: None))
    one.stop()


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize("quick", [True, False])
def test_the_benchmark_sends_what_waits_and_gives_every_figure(monkeypatch: pytest.MonkeyPatch, quick: bool) -> None:
    """With few of everything: that it runs (it raises when a file is missing at the authority)."""
    monkeypatch.setattr(benchmark, "QUICK_REPORTS" if quick else "REPORTS", 2)
    monkeypatch.setattr(benchmark, "QUICK_PENDING" if quick else "PENDING", 3)
    monkeypatch.setattr(benchmark, "_worker", here)
    measured = benchmark.run(quick)
    names = ["sent.per_second", "sent.p50_seconds", "sent.p95_seconds"]
    names += ["restart.pending", "restart.first_seconds", "restart.processor_seconds", "restart.peak_mib"]
    assert list(measured["figures"]) == [f"report.{name}" for name in names]
    assert all(figure > 0 for figure in measured["figures"].values())
    assert measured["figures"]["report.restart.pending"] == 3
