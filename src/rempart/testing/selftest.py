"""How many known pictures are found again, by format and edit: of Rempart, and of the reference library beside it.

The driver knows neither: it hands pictures to anything that can enlist originals and look up uploads.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from rempart.testing.edits import EDITS, PROMISED
from rempart.testing.encodings import ENCODINGS
from rempart.testing.pictures import Pixels, selftest_photos

LONG_SIDE_PIXELS: Final = 512
EDITED_FORMATS: Final = ("jpeg", "png")
IDENTITY: Final = "identity"


class Matcher(Protocol):
    """Something that finds listed pictures again."""

    def enlist(self, ref: str, pixels: Pixels) -> None:
        """The PDQ fingerprint of these pixels stands on the list as `ref`: no digest, or the test proves nothing."""

    def look_up(self, data: bytes) -> Collection[str]:
        """The refs of the listed pictures that the bytes of an upload meet."""


@dataclass(frozen=True, slots=True)
class Case:
    """One cell of the table: a format crossed with an edit."""

    encoding: str
    edit: str

    @property
    def name(self) -> str:
        """The key in the result, such as `jpeg × mirror`."""
        return f"{self.encoding} × {self.edit}"

    @property
    def promised(self) -> bool:
        """Whether every photo must be found."""
        return self.edit in PROMISED


@dataclass(frozen=True, slots=True)
class Recall:
    """The share of the photos found, 0..1, by `format × edit`.

    peer: empty when the reference library is not installed.
    missed: the names of the photos that we did not find, by case; cases without a miss are left out.
    mistaken: how many times an upload met another photo's entry.
    """

    photos: int
    ours: dict[str, float]
    peer: dict[str, float]
    missed: dict[str, tuple[str, ...]]
    mistaken: int

    @property
    def broken_promises(self) -> tuple[str, ...]:
        """The promised cases in which a photo was not found."""
        return tuple(case.name for case in CASES if case.promised and self.ours.get(case.name, 1.0) < 1.0)

    def rows(self) -> Iterator[tuple[str, float, str]]:
        """Case, our share, and what to say about it."""
        for case in CASES:
            if case.name in self.ours:
                yield case.name, self.ours[case.name], self._note(case)

    def to_json(self) -> dict[str, Any]:
        """The stable JSON of `rempart selftest --json`."""
        return {
            "version": 1,
            "photos": self.photos,
            "ours": self.ours,
            "peer": self.peer,
            "missed": {name: list(photos) for name, photos in self.missed.items()},
            "mistaken": self.mistaken,
        }

    def _note(self, case: Case) -> str:
        missed = len(self.missed.get(case.name, ()))
        if case.promised:
            return f"BROKEN PROMISE: {missed} missed" if missed else ""
        return "not promised"


def _cases() -> tuple[Case, ...]:
    """Every format as it is, and the two commonest formats after every edit."""
    plain = [Case(name, IDENTITY) for name in ENCODINGS if _worth_its_time(name)]
    edited = [Case(name, edit) for name in EDITED_FORMATS for edit in EDITS if edit != IDENTITY]
    return (*plain, *edited)


def _worth_its_time(encoding: str) -> bool:
    """All orientations are tried for JPEG; for the other formats the one that phones write."""
    turn = ENCODINGS[encoding].orientation
    return encoding.startswith("jpeg") or ("-exif-" not in encoding) or turn == 6


CASES: Final = _cases()


def run(
    ours: Matcher,
    *,
    photos: int | Mapping[str, Pixels] = 24,
    cases: Collection[Case] = CASES,
    peer: Matcher | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Recall:
    """What was found again of every photo in every case.

    photos: how many of the self-test's photographs, or pictures by name. peer: see `rempart.testing.peer`.
    progress: told (done, total) after each photo of each case. Raises Unavailable without the photographs.
    """
    chosen = _chosen(photos)
    found = _Found({case.name: [] for case in cases}, {case.name: 0 for case in cases})
    for matcher in filter(None, (ours, peer)):
        for ref, pixels in chosen.items():
            matcher.enlist(ref, pixels)
    total = len(chosen) * len(cases)
    for done, (ref, case, data) in enumerate(_uploads(chosen, cases), 1):
        found.note_ours(case, ref, ours.look_up(data))
        if peer is not None:
            found.peer[case.name] += ref in peer.look_up(data)
        if progress is not None:
            progress(done, total)
    return found.recall(len(chosen), peer is not None)


@dataclass(slots=True)
class _Found:
    """The running counts."""

    missed: dict[str, list[str]]
    peer: dict[str, int]
    mistaken: int = 0

    def note_ours(self, case: Case, ref: str, met: Collection[str]) -> None:
        """The photo was met or missed; another one may have been met by mistake."""
        if ref not in met:
            self.missed[case.name].append(ref)
        self.mistaken += bool(set(met) - {ref})

    def recall(self, photos: int, with_peer: bool) -> Recall:
        """The shares."""
        return Recall(
            photos=photos,
            ours={name: round(1 - len(missed) / photos, 4) for name, missed in self.missed.items()},
            peer={name: round(count / photos, 4) for name, count in self.peer.items()} if with_peer else {},
            missed={name: tuple(missed) for name, missed in self.missed.items() if missed},
            mistaken=self.mistaken,
        )


def _chosen(photos: int | Mapping[str, Pixels]) -> Mapping[str, Pixels]:
    if not isinstance(photos, int):
        return photos
    return dict(list(selftest_photos(LONG_SIDE_PIXELS).items())[:photos])


def _uploads(chosen: Mapping[str, Pixels], cases: Collection[Case]) -> Iterator[tuple[str, Case, bytes]]:
    """Every photo in every case; an edit is made once for all its formats."""
    by_edit: dict[str, list[Case]] = {}
    for case in cases:
        by_edit.setdefault(case.edit, []).append(case)
    for ref, pixels in chosen.items():
        for edit, same_edit in by_edit.items():
            edited = EDITS[edit].apply(pixels)
            for case in same_edit:
                yield ref, case, ENCODINGS[case.encoding].encode(edited)
