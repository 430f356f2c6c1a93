"""The folder of imported trust lists: written once per import, checked at every reading, with dates.

No list is part of Rempart. Where none was imported, the dated copies inside the installed package `bonafide` serve:
its data files only, never its code.
"""

import hashlib
import importlib.util
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, get_args

from rempart.errors import Broken, UserMistake
from rempart.origin import trust_parsing as parsing
from rempart.origin.trust import Trust, TrustStore

Kind = Literal["authorities", "allowed", "timestamps", "products", "denials"]
OFFICIAL, INTERIM = "official", "interim"
# A list that states no date for its successor is old after this many days: the official one changes every few weeks.
DEFAULT_LIST_DAYS: Final = 90
_MANIFEST, _VERSION = "trust.json", 1
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_FETCHED: Final = re.compile(r"Fetched \*\*(\d{4}-\d{2}-\d{2})\*\*")
_OFFICIAL_FILE, _INTERIM_FILE, _ALLOWED_FILE = "c2pa-trust-list.pem", "anchors.pem", "allowed.sha256.txt"


@dataclass(frozen=True, slots=True)
class Imported:
    """One imported list. count: of certificates, products or denials in it. Dates are ISO, empty when not stated."""

    kind: Kind
    name: str
    file: str
    sha256: str
    count: int
    imported_at: str
    issued: str = ""
    next_update: str = ""


def import_trust(
    folder: Path, file: Path, kind: Kind, name: str, *, now: datetime, issued: str = "", next_update: str = ""
) -> Imported:
    """The list in the file, now in force. Otherwise as `import_content`."""
    return import_content(folder, content_of(file), kind, name, now=now, issued=issued, next_update=next_update)


def import_content(
    folder: Path, content: bytes, kind: Kind, name: str, *, now: datetime, issued: str = "", next_update: str = ""
) -> Imported:
    """The list, now in force instead of the one of the same kind and name before it.

    issued, next_update: what the publisher states, where the list itself does not. Raises UserMistake.
    """
    if kind not in get_args(Kind):
        raise UserMistake(f"there is no kind of trust list called that; kinds are {', '.join(get_args(Kind))}")
    if not _NAME.fullmatch(name):
        raise UserMistake("a trust list is named with small letters, digits and hyphens, 40 at most, such as official")
    count, own_issued, own_next = _PARSERS[kind](content)
    entry = Imported(
        kind=kind,
        name=name,
        file=f"{kind}-{name}-{hashlib.sha256(content).hexdigest()[:16]}",
        sha256=hashlib.sha256(content).hexdigest(),
        count=count,
        imported_at=now.isoformat(timespec="seconds"),
        issued=parsing.iso_date(issued, "the issue date") or own_issued,
        next_update=parsing.iso_date(next_update, "the next update") or own_next,
    )
    _keep(folder, entry, content)
    return entry


def imported(folder: Path) -> tuple[Imported, ...]:
    """The lists in the folder, by kind and name. Raises Broken when its manifest cannot be read."""
    try:
        record = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        found = tuple(Imported(**entry) for entry in record["lists"])
    except FileNotFoundError:
        return ()
    except (ValueError, KeyError, TypeError) as error:
        raise Broken(f"{_MANIFEST} of the trust folder cannot be read; import the lists again") from error
    return tuple(sorted(found, key=lambda one: (one.kind, one.name)))


def load_trust(folder: Path, today: date, default: Path | None = None) -> Trust:
    """Whom to believe today: what was imported, else the default.

    default: the folder of the dated copies; None for the installed ones. Raises Broken when a file was changed.
    """
    entries = imported(folder)
    trust = _believed(folder, entries)
    if not any(one.kind in ("authorities", "allowed") for one in entries):
        trust = replace(trust, stores=default_stores(default or installed_default()))
    return replace(trust, stores=tuple(_dated(store, today) for store in trust.stores))


def default_stores(folder: Path | None) -> tuple[TrustStore, ...]:
    """The official and the interim store as copied on a day; none where there is no such folder."""
    if folder is None or not (folder / _OFFICIAL_FILE).is_file():
        return ()
    noted = _FETCHED.search((folder / "README.md").read_text(encoding="utf-8"))
    issued = noted[1] if noted else ""
    renewal = (date.fromisoformat(issued) + timedelta(days=DEFAULT_LIST_DAYS)).isoformat() if issued else ""
    official = parsing.authorities((folder / _OFFICIAL_FILE).read_bytes())
    interim = parsing.authorities((folder / _INTERIM_FILE).read_bytes())
    allowed = parsing.allowed_leaves((folder / _ALLOWED_FILE).read_bytes())
    return (
        TrustStore(OFFICIAL, official.pem, issued=issued, next_update=renewal),
        TrustStore(INTERIM, interim.pem, allowed, issued=issued, next_update=""),  # frozen: it has no successor
    )


def installed_default() -> Path | None:
    """The folder of the dated copies in the installed package `bonafide`, which is found and not run."""
    found = importlib.util.find_spec("bonafide")
    places = found.submodule_search_locations if found else None
    return next((Path(place) / "signals" / "data" / "trust" for place in places or ()), None)


def staleness(trust: Trust) -> tuple[str, ...]:
    """A sentence for every store that should have been replaced by now, and for there being none."""
    if not trust.stores:
        return ("no trust list is in force, so no signer is believed; import one with `rempart origin trust import`",)
    return tuple(
        f"trust list `{store.name}` is stale since {store.stale_since}; import a newer one"
        for store in trust.stores
        if store.stale_since
    )


def _believed(folder: Path, entries: tuple[Imported, ...]) -> Trust:
    """What the imported files say, put together."""
    stores: dict[str, TrustStore] = {}
    trust = Trust()
    for one in entries:
        content = _unchanged(folder, one)
        before = stores.get(one.name, TrustStore(one.name, ""))
        if one.kind == "authorities":
            pem = parsing.authorities(content).pem
            stores[one.name] = replace(before, anchors_pem=pem, issued=one.issued, next_update=one.next_update)
        elif one.kind == "allowed":
            stores[one.name] = replace(before, allowed_pem=parsing.allowed_leaves(content))
        elif one.kind == "timestamps":
            joined = trust.timestamp_anchors_pem + parsing.authorities(content).pem
            trust = replace(trust, timestamp_anchors_pem=joined)
        elif one.kind == "products":
            trust = replace(trust, products=parsing.products(content), products_issued=one.issued)
        else:
            trust = replace(trust, denials=(*trust.denials, *parsing.denials(content)))
    ordered = sorted(stores.values(), key=lambda store: (store.name != OFFICIAL, store.name != INTERIM, store.name))
    return replace(trust, stores=tuple(ordered))


def _dated(store: TrustStore, today: date) -> TrustStore:
    is_stale = bool(store.next_update) and store.next_update < today.isoformat()
    return replace(store, stale_since=store.next_update if is_stale else "")


def _unchanged(folder: Path, entry: Imported) -> bytes:
    """The bytes as they were imported."""
    try:
        content = (folder / entry.file).read_bytes()
    except OSError as error:
        raise Broken(f"trust list `{entry.name}` ({entry.kind}) cannot be read; import it again") from error
    if hashlib.sha256(content).hexdigest() != entry.sha256:
        raise Broken(f"trust list `{entry.name}` ({entry.kind}) was changed since its import; import it again")
    return content


def content_of(file: Path) -> bytes:
    """The bytes of a list. Raises UserMistake when it cannot be read, or is too large to be one."""
    try:
        if file.stat().st_size > parsing.MOST_FILE_BYTES:
            raise UserMistake(f"the file is larger than {parsing.MOST_FILE_BYTES // 2**20} MiB, which no such list is")
        return file.read_bytes()
    except OSError as error:
        raise UserMistake(f"the file cannot be read ({error.strerror}); give the path of a list") from error


def _keep(folder: Path, entry: Imported, content: bytes) -> None:
    """Write the list, then the manifest that names it; a crash between leaves the old list in force."""
    before = imported(folder)
    others = [one for one in before if (one.kind, one.name) != (entry.kind, entry.name)]
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / entry.file, content)
    record = {"version": _VERSION, "lists": [asdict(one) for one in (*others, entry)]}
    _write(folder / _MANIFEST, json.dumps(record, indent=1).encode())
    kept = {one.file for one in (*others, entry)}
    for old in before:
        if old.file not in kept:
            (folder / old.file).unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(path.name + ".new")
    temporary.write_bytes(content)
    temporary.replace(path)


def _count_authorities(content: bytes) -> tuple[int, str, str]:
    found = parsing.authorities(content)
    return found.count, found.issued, found.next_update


def _count_allowed(content: bytes) -> tuple[int, str, str]:
    text = parsing.allowed_leaves(content)
    return text.count("-----BEGIN") or len(text.splitlines()), "", ""


_PARSERS: Final[dict[Any, Callable[[bytes], tuple[int, str, str]]]] = {
    "authorities": _count_authorities,
    "timestamps": _count_authorities,
    "allowed": _count_allowed,
    "products": lambda content: (len(parsing.products(content)), "", ""),
    "denials": lambda content: (len(parsing.denials(content)), "", ""),
}
