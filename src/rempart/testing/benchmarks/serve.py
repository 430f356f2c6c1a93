"""The desk under load: the queue with a year of cases, and the screening API asked from another process."""

import http.client
import json
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from rempart.errors import Broken
from rempart.settings import Settings
from rempart.testing.benchmarks import queue
from rempart.testing.benchmarks.hashing import enlarged_jpeg
from rempart.testing.benchmarks.lists import MEMORY, pictures
from rempart.testing.pictures import photos
from rempart.testing.serving import served
from rempart.wiring import open_lists

Figures = dict[str, float]
ENTRIES, QUICK_ENTRIES = 1_000_000, 20_000
REQUESTS, QUICK_REQUESTS = 1_000, 60
CONCURRENCY = 4
TWO_MEGAPIXELS = (1920, 1080)
PHOTOS = ("astronaut", "coffee", "chelsea", "rocket")
BOUNDARY = "rempart-bench"


def run(quick: bool = False) -> dict[str, Figures]:
    """Milliseconds: claim-next and queue page with 318,000 cases in SQLite; items screened over HTTP.

    items: JPEGs of two megapixels, sent by another process, four at a time, searched for in a list of a million
    entries that holds none of them. quick: few of everything, to see that it runs.
    """
    figures = {**queue.figures(quick), **_screening(quick)}
    return {"figures": {f"serve.{name}": round(value, 2) for name, value in figures.items()}, "ratios": {}}


def _screening(quick: bool) -> Figures:
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory(dir=MEMORY) as memory:
        settings = Settings(data_folder=Path(home), memory_folder=Path(memory) / "lists")
        _enlist(settings, QUICK_ENTRIES if quick else ENTRIES)
        with served(settings) as desk:
            token = desk.token("bench", "items")
            took = _asked(desk.port, token, QUICK_REQUESTS if quick else REQUESTS)
    return {
        "items.p50_ms": statistics.median(took),
        "items.p95_ms": statistics.quantiles(took, n=20)[-1],
        "items.per_second": CONCURRENCY * 1000 / statistics.mean(took),
    }


def _enlist(settings: Settings, size: int) -> None:
    file = settings.data_folder / "list.csv"
    rows = (f"r{row},{value.tobytes().hex()}\n" for row, value in enumerate(pictures(size)))
    file.write_text("id,pdq\n" + "".join(rows))
    open_lists(settings).import_file(file, name="bench", source="a random generator", format="csv")
    file.unlink()


def _asked(port: int, token: str, requests: int) -> list[float]:
    """Milliseconds of each request once the server is warm. Raises Broken when an answer is not `allow`."""
    found = photos()
    bodies = [_form(enlarged_jpeg(found[name], *TWO_MEGAPIXELS)) for name in PHOTOS]
    numbers = count()

    def worker(share: int) -> list[float]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        return [_one(connection, token, bodies[next(numbers) % len(bodies)]) for _ in range(share)]

    with ThreadPoolExecutor(CONCURRENCY) as pool:
        for _ in pool.map(worker, [10] * CONCURRENCY):  # what the first requests load is loaded then
            pass
        return [one for took in pool.map(worker, [requests // CONCURRENCY] * CONCURRENCY) for one in took]


def _one(connection: http.client.HTTPConnection, token: str, body: bytes) -> float:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    begin = time.perf_counter()
    connection.request("POST", "/v1/items", body, headers)
    answer = connection.getresponse()
    text = answer.read()
    took = time.perf_counter() - begin
    if answer.status != 200 or json.loads(text)["verdict"] != "allow":
        raise Broken(f"the server answered {answer.status}; nothing measured here can be trusted")
    return took * 1000


def _form(jpeg: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
    return f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + jpeg + f"\r\n--{BOUNDARY}--\r\n".encode()
