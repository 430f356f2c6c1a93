"""The signed description of one version of one list: no fingerprint in it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, cast

from rempart.facts import HashList, Polarity, Policy
from rempart.storage.signed import Body

BODY_TYPE = "rempart-list-version"
FORMAT = 1
ChangeKind = Literal["import", "append", "withdraw", "hold", "release"]


@dataclass(frozen=True, slots=True)
class ListSettings:
    """What the operator stated about the list."""

    source: str
    polarity: Polarity
    policy: Policy
    max_distance_bits: int
    max_age_days: int | None
    jurisdiction: str
    classification: str


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A sealed file of the list's folder and the SHA-256 of its sealed bytes."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of entries, first_id <= id < end_id, in two sealed files."""

    first_id: int
    end_id: int
    entries: int
    prints: SealedFile
    labels: SealedFile


@dataclass(frozen=True, slots=True)
class Held:
    """Why and since when an entry is held for review."""

    why: str
    at_utc: str


@dataclass(frozen=True, slots=True)
class Change:
    """What this version changed; removed: the sealed refs and ids of entries that went."""

    kind: ChangeKind
    added: int = 0
    removed: int = 0
    removed_file: SealedFile | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """One version.

    previous_sha256: of the manifest before, so that the versions form a chain; empty for the first.
    fresh_at_utc: when the source was last heard (import or append); staleness counts from here.
    next_id: ids below it were given once and are never given again.
    """

    name: str
    uid: str
    version: int
    at_utc: str
    fresh_at_utc: str
    settings: ListSettings
    change: Change
    next_id: int = 1
    counts: Mapping[str, int] = field(default_factory=dict)
    segments: tuple[Segment, ...] = ()
    holds: Mapping[int, Held] = field(default_factory=dict)
    quarantine: SealedFile | None = None
    previous_sha256: str = ""

    @property
    def entries(self) -> int:
        """How many entries the list has."""
        return sum(segment.entries for segment in self.segments)

    def facts(self) -> HashList:
        """The public description."""
        return HashList(
            name=self.name,
            version=self.version,
            updated_at_utc=self.fresh_at_utc,
            entries=self.entries,
            **asdict(self.settings),
        )

    def files(self) -> set[str]:
        """Names of the sealed files that this version needs."""
        loose = [self.quarantine, self.change.removed_file]
        names = {one.name for one in loose if one}
        return names.union(*({segment.prints.name, segment.labels.name} for segment in self.segments))

    def next(self, at_utc: str, change: Change, previous_sha256: str, **changes: Any) -> "Manifest":
        """The version after this one."""
        return replace(
            self, version=self.version + 1, at_utc=at_utc, change=change, previous_sha256=previous_sha256, **changes
        )

    def to_body(self) -> Body:
        """The manifest as a JSON body."""
        body = asdict(self)
        body["holds"] = {str(entry_id): asdict(held) for entry_id, held in self.holds.items()}
        return {"type": BODY_TYPE, "format": FORMAT, **body}


def from_body(body: Body) -> Manifest:
    """The manifest in a JSON body of `to_body`. Raises KeyError, TypeError or ValueError for anything else."""
    if body["format"] != FORMAT:
        raise ValueError("unknown format of manifest")
    fields = {name: value for name, value in body.items() if name not in ("type", "format")}
    change = body["change"]
    return Manifest(
        **{
            **fields,
            "settings": ListSettings(**body["settings"]),
            "change": Change(
                kind=cast(ChangeKind, change["kind"]),
                added=change["added"],
                removed=change["removed"],
                removed_file=_file(change["removed_file"]),
            ),
            "segments": tuple(_segment(stored) for stored in body["segments"]),
            "holds": {int(entry_id): Held(**held) for entry_id, held in body["holds"].items()},
            "quarantine": _file(body["quarantine"]),
        }
    )


def _segment(stored: Body) -> Segment:
    return Segment(
        stored["first_id"],
        stored["end_id"],
        stored["entries"],
        SealedFile(**stored["prints"]),
        SealedFile(**stored["labels"]),
    )


def _file(stored: Body | None) -> SealedFile | None:
    return SealedFile(**stored) if stored else None
