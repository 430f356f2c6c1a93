"""VICS 2.0 JSON of partners: media records become rows. Its traps are known, and each is met in one place below."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rempart.cases.bundles.bundle_format import Source
from rempart.cases.bundles.profiles import Profile
from rempart.cases.bundles.records import BundleRow, Read, Refused
from rempart.cases.bundles.rows import NOTHING, identity_of, parsed
from rempart.cases.bundles.values import loose_moment, yes_or_no
from rempart.cases.intake.opening import Tie
from rempart.errors import UserMistake
from rempart.facts import Fingerprint
from rempart.facts.case import FeatureValue
from rempart.lists.formats.vics import KIND_OF_FIELD, MAX_HASHES, UNUSABLE_FIELDS, kind_of_name
from rempart.lists.vics_stream import DAMAGE, CasePlace, Cases, LateNames, records, text_of, told

# VICS field -> word of the vocabulary. `IsPrecategorized` is not read: it contradicts `Category` in real files.
FLAGS = {
    "VictimIdentified": "victim_identified",
    "OffenderIdentified": "offender_identified",
    "IsDistributed": "distributed",
}
# The capture time of EXIF, as tools call it when blanks and signs are taken away.
CAPTURE_NAMES = frozenset({"datetimeoriginal", "exifdatetimeoriginal", "exifiddatetimeoriginal"})
NO_PROFILE = "a VICS bundle needs a profile of categories; name one, such as `us` or `none`"
UNKNOWN_CATEGORY = "a category that the profile does not know"
_KEPT = KIND_OF_FIELD.keys() | UNUSABLE_FIELDS.keys() | FLAGS.keys() | {"MediaID", "Category", "Series"}
_MOST_NAME = 255


@dataclass(slots=True)
class _Media:
    """One record while it is read."""

    case: CasePlace | None = None
    said: dict[str, Any] = field(default_factory=dict)
    hashes: list[tuple[str, str]] = field(default_factory=list)
    captured: list[object] = field(default_factory=list)
    name: str = ""
    is_case: bool = False
    _pair: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, value: object) -> None:
        """Nothing; keeps one value of the record, by its path below the record."""
        if name in _KEPT:
            self.said[name] = value
        elif name.startswith(("AlternativeHashes.item.", "Exifs.item.")):
            self._pair[name.rpartition(".")[2]] = text_of(value)
        elif name == "MediaFiles.item.FileName" and not self.name:
            self.name = text_of(value)[:_MOST_NAME]  # one record names several files: the first will do

    def end(self, name: str) -> None:
        """Nothing; one pair of a name and a value is complete."""
        pair, self._pair = self._pair, {}
        if name == "AlternativeHashes.item" and len(self.hashes) < MAX_HASHES:
            self.hashes.append((pair.get("HashName", ""), pair.get("HashValue", "")))
        elif name == "Exifs.item" and _plain(pair.get("PropertyName", "")) in CAPTURE_NAMES:
            self.captured.append(pair.get("PropertyValue", ""))


@dataclass(frozen=True, slots=True)
class Vics:
    """Cases with media, or a hash set with media directly under `value`."""

    name: str = "vics"
    needs_profile: bool = True

    def rows(self, source: Source, profile: Profile | None) -> Iterator[Read]:
        """Every media record; after damage one refusal says where, and that the rest cannot be read."""
        if profile is None:
            raise UserMistake(NO_PROFILE)
        count, late, cases = 0, LateNames(source), Cases()
        with source() as file:
            try:
                for media in records(file, cases, _Media):
                    count += 1
                    yield _row(count, media, cases.name_for(media.case, late) or "", profile)
            except DAMAGE as damage:
                yield Refused(count + 1, told(damage), ends_file=True)
                return
        if not count:
            raise UserMistake("the JSON holds no media under `value` or `Media`; is it VICS 2.0?")


def _row(position: int, media: _Media, case_name: str, profile: Profile) -> Read:
    """The record as a row.

    Several records name one file: the digest, and not MediaID, is what makes a row, within one case of the sender. It
    is the MD5, which every record has, while better ones stand in some records of a file and not in others.
    """
    category = text_of(media.said.get("Category"))
    refused = profile.refuses(category)
    if refused is not None:
        return Refused(position, refused)
    prints, aside = _prints(media)
    if not prints:
        return Refused(position, f"no fingerprint that can be compared: {aside[0]}" if aside else NOTHING)
    said, unclear = _flags(media)
    captured_at, odd = _captured(media)
    aside += unclear + odd
    if category and profile.take and not profile.knows(category):
        aside.append(UNKNOWN_CATEGORY)
    ties = (Tie("incident", f"vics:{case_name}".encode()),) if case_name else ()
    md5 = [one for one in prints if one.kind == "md5"]
    identity = f"vics:{case_name}:{identity_of(md5 or prints, (), '')}"
    return BundleRow(
        position, identity, tuple(prints), (), ties, media.name or "upload", said, captured_at, tuple(aside)
    )


def _prints(media: _Media) -> tuple[list[Fingerprint], list[str]]:
    """(fingerprints that can be compared, why the others cannot)."""
    texts = [(kind, text_of(media.said.get(name))) for name, kind in KIND_OF_FIELD.items()]
    aside = [f"unusable kind: {kind}" for name, kind in UNUSABLE_FIELDS.items() if media.said.get(name)]
    for name, value in media.hashes:
        kind = kind_of_name(name)
        texts += [(kind, value)] if kind else []
        aside += [] if kind else ["unusable kind: an alternative hash"]
    found: dict[str, Fingerprint] = {}
    for kind, text in texts:
        if text:
            one, why = parsed(kind, text, None)
            aside += [why] if why else []
            if one is not None:
                found.setdefault(f"{one.kind}:{one.value.hex()}", one)
    return list(found.values()), aside


def _flags(media: _Media) -> tuple[dict[str, FeatureValue], list[str]]:
    """(what the flags say, those that say neither yes nor no). Some tools write `"true"`, some write names."""
    said: dict[str, FeatureValue] = {}
    unclear = []
    for name, meant in FLAGS.items():
        try:
            value = yes_or_no(media.said.get(name))
        except ValueError:
            unclear.append(f"{name} says neither yes nor no")
            continue
        if value is not None:
            said[meant] = value
    if text_of(media.said.get("Series")):
        said["in_series"] = True
    return said, unclear


def _captured(media: _Media) -> tuple[datetime | None, list[str]]:
    """(the capture time of EXIF, what could not be read). Times of files are not looked at: they tell of copying."""
    for value in media.captured:
        try:
            found = loose_moment(value)
        except ValueError:
            return None, ["a capture time that cannot be read"]
        if found is not None:
            return found, []
    return None, []


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


VICS = Vics()
