"""Search among many fingerprints: ours beside faiss and the reference library, one thread, in one process.

Every result that is timed is compared with the peer's; a difference raises, so a figure is never that of a wrong
answer. Half of the entries are random, half lie in clusters of near-duplicates; half of the queries are near an entry.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rempart.errors import Broken, Unavailable
from rempart.matching import HammingIndex, clusters, kernels, self_join

Values = NDArray[np.uint8]
Figures = dict[str, float]
Found = frozenset[tuple[int, int]]

LIMIT = 31
WALL = time.perf_counter
BLOCK = 100
LARGEST_FOR_THREATEXCHANGE = 1_000_000
SIZES = (100_000, 1_000_000, 10_000_000)
CLUSTERED_ENTRIES = 400_000


def run(sizes: Sequence[int] = SIZES, quick: bool = False) -> dict[str, dict[str, float]]:
    """Microseconds per query, seconds per build, bytes per entry, and how many times faster ours is, for every size.

    quick: fewer rounds, nothing above a million entries. Raises Unavailable when a peer is not installed.
    """
    faiss, reference = _peers()
    kernels.warm()
    figures: Figures = {}
    ratios: Figures = {}
    for size in (size for size in sizes if not quick or size <= LARGEST_FOR_THREATEXCHANGE):
        _run_size(size, faiss, reference, 60 if quick else 300, figures, ratios)
    _run_clusters(CLUSTERED_ENTRIES // (10 if quick else 1), faiss, figures)
    return {
        "figures": {name: round(value, 4) for name, value in figures.items()},
        "ratios": {name: round(value, 2) for name, value in ratios.items()},
    }


def entries(count: int, seed: int = 0) -> Values:
    """Half random, half within eight bits of one of few centres."""
    random = np.random.default_rng(seed)
    values = random.integers(0, 256, (count, 32), dtype=np.uint8)
    half = count // 2
    values[:half] = _moved(values[half + random.integers(0, max(half // 20, 1), half)], 8, random)
    return values


def queries_for(values: Values, count: int, seed: int = 1) -> Values:
    """Half within 24 bits of an entry, half random."""
    random = np.random.default_rng(seed)
    near = _moved(values[random.integers(0, len(values), count)], 24, random)
    return np.where(np.arange(count)[:, None] % 2 == 0, near, random.integers(0, 256, (count, 32), dtype=np.uint8))


def _moved(values: Values, bits: int, random: np.random.Generator) -> Values:
    """The values with at most so many bits flipped."""
    rows = np.arange(len(values))
    moved = values.copy()
    for _ in range(bits):
        moved[rows, random.integers(0, 32, len(values))] ^= np.uint8(1) << random.integers(0, 8, len(values)).astype(
            np.uint8
        )
    return moved


def _peers() -> tuple[ModuleType, Any]:
    """(faiss on one thread, the reference library's index). Raises Unavailable."""
    try:
        import faiss
        from threatexchange.signal_type.pdq.pdq_index import PDQIndex
    except ImportError as missing:
        raise Unavailable("the systems to compare with are not installed; run `make bench`") from missing
    faiss.omp_set_num_threads(1)
    return faiss, PDQIndex


def _run_size(size: int, faiss: Any, reference: Any, count: int, figures: Figures, ratios: Figures) -> None:
    name = f"match.{_short(size)}"
    values = entries(size)
    queries = queries_for(values, count)
    build, index = _timed(lambda: HammingIndex.build(values, np.arange(size)))
    figures |= {f"{name}.build.seconds": build, f"{name}.bytes_per_entry": index.nbytes / size}
    flat = faiss.IndexBinaryFlat(256)
    flat.add(values)
    methods = {"ours": _ask_ours(index), "faiss_flat": _ask_faiss(flat)}
    if size <= LARGEST_FOR_THREATEXCHANGE:
        rows = [(row.tobytes().hex(), number) for number, row in enumerate(values)]
        peer_build, peer = _timed(lambda: reference(rows))
        again, _ = _timed(lambda: HammingIndex.build(values, np.arange(size)))
        ratios[f"{name}.build.vs_threatexchange"] = peer_build / statistics.median([build, again])
        methods["threatexchange"] = _ask_reference(peer)
    _compare_queries(name, methods, queries, figures, ratios)
    _run_batches(name, index, queries_for(values, 20_000, seed=2), figures, ratios)
    _run_saved(name, index, queries[:1], figures)


def _compare_queries(
    name: str, methods: dict[str, Callable[[Values], Found]], queries: Values, figures: Figures, ratios: Figures
) -> None:
    """Nothing; times single queries, the methods taking turns after every hundred; compares the answers."""
    taken: dict[str, list[float]] = {method: [] for method in methods}
    for first in range(0, len(queries), BLOCK):
        block = [queries[row : row + 1] for row in range(first, min(first + BLOCK, len(queries)))]
        found = set()
        for method, ask in methods.items():
            answers = [_timed(partial(ask, query)) for query in block]
            taken[method] += [seconds for seconds, _ in answers]
            found.add(tuple(answer() for _, answer in answers))
        if len(found) != 1:
            raise Broken(f"the searches among {name} differ; nothing measured here can be trusted")
    ours = statistics.median(taken["ours"])
    figures[f"{name}.query.us"] = ours * 1e6
    for method in methods.keys() - {"ours"}:
        figures[f"{name}.query.{method}.us"] = statistics.median(taken[method]) * 1e6
        ratios[f"{name}.query.vs_{method}"] = statistics.median(taken[method]) / ours


def _ask_ours(index: HammingIndex) -> Callable[[Values], Any]:
    def ask(query: Values) -> Any:
        hits = index.search(query, LIMIT)
        return lambda: frozenset(zip(hits.id.tolist(), hits.distance.tolist(), strict=True))

    return ask


def _ask_faiss(flat: Any) -> Callable[[Values], Any]:
    def ask(query: Values) -> Any:
        _, bits, ids = flat.range_search(query, LIMIT + 1)
        return lambda: frozenset(zip(ids.tolist(), bits.astype(int).tolist(), strict=True))

    return ask


def _ask_reference(peer: Any) -> Callable[[Values], Any]:
    def ask(query: Values) -> Any:
        matches = peer.query(query.tobytes().hex())
        return lambda: frozenset((match.metadata, match.similarity_info.distance) for match in matches)

    return ask


def _run_batches(name: str, index: HammingIndex, queries: Values, figures: Figures, ratios: Figures) -> None:
    """Nothing; times many queries at once on one thread and on two, in turn."""
    halves = np.array_split(queries, 2)
    one, two = [], []
    with ThreadPoolExecutor(2) as pool:
        for _ in range(3):
            one.append(_timed(lambda: index.search(queries, LIMIT), WALL)[0])
            two.append(_timed(lambda: list(pool.map(lambda half: index.search(half, LIMIT), halves)), WALL)[0])
    figures[f"{name}.batch.us_per_query"] = statistics.median(one) / len(queries) * 1e6
    ratios[f"{name}.batch.threads2_speedup"] = statistics.median(one) / statistics.median(two)


def _run_saved(name: str, index: HammingIndex, query: Values, figures: Figures) -> None:
    """Nothing; times opening by mapping, and how long an added entry takes to match for someone who opens anew."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        index.save(folder)
        figures[f"{name}.open.ms"] = (
            statistics.median(_timed(lambda: HammingIndex.open(folder), WALL)[0] for _ in range(9)) * 1e3
        )
        taken = []
        for round_number in range(9):
            added = 2**31 + round_number

            def add_and_match(added: int = added) -> NDArray[np.int64]:
                HammingIndex.open(folder).append(query, [added]).save(folder)
                return HammingIndex.open(folder).search(query, 0).id

            seconds, ids = _timed(add_and_match, WALL)
            if added not in ids:
                raise Broken("an appended entry does not match; the index is not to be used")
            taken.append(seconds)
        figures[f"{name}.append_to_match.ms"] = statistics.median(taken) * 1e3
        figures["match.append_to_match.ms"] = max(
            figures.get("match.append_to_match.ms", 0.0), figures[f"{name}.append_to_match.ms"]
        )


def _run_clusters(count: int, faiss: Any, figures: Figures) -> None:
    """Nothing; times near-duplicate clusters on two threads, after comparing the pairs of a part with the peer's."""
    random = np.random.default_rng(5).integers(0, 256, (count, 32), dtype=np.uint8)
    for name, values in (("cluster", random), ("cluster.dense", entries(count, 6))):
        _check_pairs(values[:: max(1, count // 10_000)], faiss)
        rounds = [_timed(partial(clusters, values, LIMIT, 2), WALL) for _ in range(3)]
        _check_labels(values, rounds[0][1], faiss)
        figures[f"{name}.{_short(count)}.seconds"] = statistics.median(seconds for seconds, _ in rounds)
    seconds, _ = _timed(lambda: self_join(random, LIMIT, 2), WALL)
    figures[f"self_join.{_short(count)}.seconds"] = seconds


def _check_pairs(values: Values, faiss: Any) -> None:
    flat = faiss.IndexBinaryFlat(256)
    flat.add(np.ascontiguousarray(values))
    starts, _, right = flat.range_search(np.ascontiguousarray(values), LIMIT + 1)
    left = np.repeat(np.arange(len(values)), np.diff(starts.astype(np.int64)))
    pairs = self_join(np.ascontiguousarray(values), LIMIT, 2)
    theirs = {(a, b) for a, b in zip(left.tolist(), right.tolist(), strict=True) if a < b}
    if theirs != set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)):
        raise Broken("the pairs differ from the peer's; nothing measured here can be trusted")


def _check_labels(values: Values, labels: NDArray[np.int32], faiss: Any, sample: int = 500) -> None:
    flat = faiss.IndexBinaryFlat(256)
    flat.add(values)
    starts, _, right = flat.range_search(values[:sample], LIMIT + 1)
    left = np.repeat(np.arange(sample), np.diff(starts.astype(np.int64)))
    if (labels[left] != labels[right]).any():
        raise Broken("near-duplicates lie in different clusters; nothing measured here can be trusted")


def _timed(work: Callable[[], Any], clock: Callable[[], float] = time.thread_time) -> tuple[float, Any]:
    """(seconds of this thread's CPU, or of another clock; what came back). Other programs do not count."""
    begin = clock()
    result = work()
    return clock() - begin, result


def _short(count: int) -> str:
    """1000000 as `1e6`, 400000 as `4e5`, anything else in full."""
    digits = str(count)
    return f"{digits[0]}e{len(digits) - 1}" if set(digits[1:]) == {"0"} else digits
