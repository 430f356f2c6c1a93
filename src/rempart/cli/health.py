"""What `rempart doctor` looks at."""

import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rempart.errors import RempartError

if TYPE_CHECKING:
    from rempart.wiring import House

SWAPS = Path("/proc/swaps")


@dataclass(frozen=True, slots=True)
class Check:
    """One look: its name, whether all is well, and what it means."""

    name: str
    fine: bool
    says: str

    def to_json(self) -> dict[str, Any]:
        """The check as JSON values."""
        return asdict(self)


def checks(house: "House") -> Iterator[Check]:
    """Every check, the sandbox first: each protection is tried out in a real child."""
    parts: tuple[tuple[str, Callable[[], Iterable[Check]]], ...] = (
        ("sandbox", lambda: _sandbox(house)),
        ("kernels", _kernels),
        ("list snapshots", lambda: [_memory(house.settings.memory_folder)]),
        ("swap", lambda: [swap()]),
        ("keys", lambda: [_keys(house)]),
        ("heic pictures", _formats),
        ("lists", lambda: lists(house)),
    )
    for name, look in parts:
        try:
            yield from look()
        except (RempartError, OSError) as error:  # what cannot be looked at is told, and the rest is looked at
            yield Check(name, False, str(error))


def _sandbox(house: "House") -> Iterator[Check]:
    for name, state in house.sandbox.status().items():
        fine = state.startswith(("refused", "in force"))
        says = state if fine else f"{state}; this kernel or container does not offer it"
        yield Check(f"sandbox: {name}", fine, says)


def _kernels() -> Iterator[Check]:
    from rempart import fingerprints
    from rempart.matching import kernels as matching

    for name, warm in (("fingerprints", fingerprints.warm), ("matching", matching.warm)):
        fast = warm()
        says = "compiled" if fast else "numba cannot be imported; the numpy kernels are used, about 20 times slower"
        yield Check(f"kernels: {name}", fast, says)


def _memory(folder: Path) -> Check:
    from rempart.lists import is_memory_backed

    fine = is_memory_backed(folder)
    says = f"`{folder}` is in memory" if fine else f"`{folder}` is on disk; set REMPART_MEMORY_FOLDER to a tmpfs folder"
    return Check("list snapshots", fine, says)


def swap(swaps: Path = SWAPS) -> Check:
    """Whether what lies in memory stays there: tmpfs is written to swap like any other memory."""
    try:
        places = [line.split()[0] for line in swaps.read_text(encoding="utf-8").splitlines()[1:] if line.split()]
    except OSError:
        return Check("swap", True, "this system does not say; list snapshots must not reach a disk")
    if not places:
        return Check("swap", True, "off: list snapshots stay in memory")
    says = f"on ({', '.join(places)}): list snapshots can reach it; run `swapoff -a`, or make sure that it is encrypted"
    return Check("swap", False, says)


def _keys(house: "House") -> Check:
    settings = house.settings
    if settings.key is not None or settings.key_command is not None:
        return Check("keys", True, "given from outside; not on this disk")
    path = settings.key_file or settings.data_folder / "keys" / "ring.json"
    if not path.exists():
        return Check("keys", True, f"none yet; they will be made in `{path}`")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Check("keys", False, f"`{path}` is open to other users; run `chmod 600 {path}`")
    return Check("keys", True, f"in `{path}`, for its owner only; who takes the whole disk takes them too")


def _formats() -> Iterator[Check]:
    from importlib.util import find_spec

    fine = find_spec("pillow_heif") is not None
    says = "supported" if fine else "not examined until you install `rempart[heif]`"
    yield Check("heic pictures", fine, says)


def lists(house: "House") -> Iterator[Check]:
    for name in house.lists.names():
        try:
            summary = house.lists.show(name)
            house.lists.snapshot([name])
        except RempartError as error:
            yield Check(f"list {name}", False, str(error))
            continue
        says = f"{summary.facts.entries} entries, {summary.age_days:.1f} days old"
        if summary.stale:
            says += f" (limit {summary.facts.max_age_days}); import it anew"
        if not summary.facts.entries:
            says += "; an empty list answers that nothing is known: import it anew"
        yield Check(f"list {name}", bool(summary.facts.entries) and not summary.stale, says)
