"""Benchmarks against the systems in use today: each module has `run(quick) -> {"figures": …, "ratios": …}`.

Ratios are taken in one process with the methods interleaved, so that a busy machine slows all of them alike.
"""
