"""Files from disk cache to a verdict, on one core; ExifTool, the best raw reader, beside it when it is installed.

ExifTool gives no verdict: a carrier counts as found by it when its output shows what the carrier says.
"""

import io
import json
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from PIL import Image

from rempart.facts import Limits
from rempart.facts.evidence import AI_CLAIMS
from rempart.media import HEAD_BYTES, first_pixels, sniff
from rempart.origin import examine
from rempart.origin.trust import Trust, TrustStore
from rempart.testing import carriers_words as words
from rempart.testing.carriers import CARRIERS, Carrier
from rempart.testing.pictures import photos
from rempart.testing.signing import authority, sign

Figures = dict[str, float]
PHOTOS = ("astronaut", "coffee", "chelsea", "rocket")
FILES = 400
ROUNDS = 5
_FOREIGN_WORDS = ("AlgorithmicMedia", "Algorithmic Media", "AIGC", "Job ID", "Signature: ", words.PROMPT)


def run(quick: bool = False) -> dict[str, Figures]:
    """Files per second for files without and with a signed manifest, and how many carriers are found.

    quick: a tenth of the files and one round, to see that it runs.
    """
    files, rounds = (FILES // 10, 1) if quick else (FILES, ROUNDS)
    with tempfile.TemporaryDirectory() as folder:
        root = authority()
        trust = Trust(stores=(TrustStore("official", root.pem),))
        credential = root.issue("Rempart benchmark")
        plain = _photographs()
        signed = [sign(data, "image/jpeg", credential) for data in plain]
        unmarked, manifests = (
            _lay(Path(folder) / "unmarked", plain, files),
            _lay(Path(folder) / "signed", signed, files),
        )
        methods: dict[str, Callable[[], object]] = {
            "unmarked": lambda: _examined(unmarked, trust),
            "signed": lambda: _examined(manifests, trust),
        }
        if _exiftool():
            methods["exiftool.unmarked"] = lambda: _read_by_exiftool(Path(folder) / "unmarked")
        rates = {name: files / seconds for name, seconds in _seconds(methods, rounds).items()}
        figures = {f"origin.{name}.files_per_second": round(rate, 1) for name, rate in rates.items()}
        figures |= _found(Path(folder) / "carriers")
    ratios = {}
    if "exiftool.unmarked" in rates:
        ratios["origin.unmarked.vs_exiftool"] = round(rates["unmarked"] / rates["exiftool.unmarked"], 2)
    return {"figures": figures, "ratios": ratios}


def _photographs() -> list[bytes]:
    """JPEG files of some 60 kB."""
    found = photos(512)
    return [_jpeg(Image.fromarray(found[name])) for name in PHOTOS]


def _jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def _lay(folder: Path, contents: list[bytes], files: int) -> list[Path]:
    """That many files, each a copy of one of the contents."""
    folder.mkdir()
    paths = [folder / f"{number:05d}.jpg" for number in range(files)]
    for number, path in enumerate(paths):
        path.write_bytes(contents[number % len(contents)])
    return paths


def _examined(paths: Iterable[Path], trust: Trust) -> None:
    """Every carrier of every file, judged; no pixel is decoded."""
    for path in paths:
        data = path.read_bytes()
        examine(data, sniff(data[:HEAD_BYTES]), trust=trust)


def _seconds(methods: dict[str, Callable[[], object]], rounds: int) -> Figures:
    """Median CPU seconds of each method, taking turns; a first round, not counted, fills caches."""
    seen: dict[str, list[float]] = {name: [] for name in methods}
    for number in range(rounds + 1):
        for name, method in methods.items():
            start = _cpu_seconds()
            method()
            if number:
                seen[name].append(_cpu_seconds() - start)
    return {name: statistics.median(times) for name, times in seen.items()}


def _cpu_seconds() -> float:
    """CPU time of this process, and of its children that have ended: a busy machine slows the clock, not this."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _found(folder: Path) -> Figures:
    """How many of the carriers of AI each finds, of how many; pixels are decoded where a carrier stands in them."""
    wanted = {name: carrier for name, carrier in CARRIERS.items() if carrier.is_ai}
    figures = {
        "origin.carriers.total": float(len(wanted)),
        "origin.carriers.found": float(sum(_is_found(carrier) for carrier in wanted.values())),
        "origin.exiftool.installed": float(_exiftool() is not None),
    }
    if _exiftool():
        folder.mkdir()
        for number, carrier in enumerate(wanted.values()):
            (folder / f"{number:05d}.{carrier.media_type.partition('/')[2]}").write_bytes(carrier.build())
        shown = _read_by_exiftool(folder)
        found = (_shows(shown.get(f"{number:05d}", ""), carrier) for number, carrier in enumerate(wanted.values()))
        figures["origin.exiftool.carriers.found"] = float(sum(found))
    return figures


def _is_found(carrier: Carrier) -> bool:
    data = carrier.build()
    pixels = first_pixels(data, Limits()) if carrier.in_pixels else None
    return any(
        one.claim in AI_CLAIMS for one in examine(data, sniff(data[:HEAD_BYTES]), trust=Trust(), pixels=pixels).evidence
    )


def _shows(output: str, carrier: Carrier) -> bool:
    tool = carrier.tool.lower()
    return any(word in output for word in _FOREIGN_WORDS) or bool(tool and tool in output.lower())


def _exiftool() -> str | None:
    return shutil.which("exiftool")


def _read_by_exiftool(folder: Path) -> dict[str, str]:
    """All that ExifTool says of every file of the folder, in one run, by the file's stem."""
    command = [_exiftool() or "", "-json", "-a", "-u", "-n", "-G1", "-q", "-q", str(folder)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=600)
    rows = json.loads(done.stdout or b"[]")
    return {Path(row["SourceFile"]).stem: json.dumps(row, ensure_ascii=False) for row in rows}
