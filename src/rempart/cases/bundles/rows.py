"""From the named values of one record to a row, or to the reason why it is none. Nothing is quoted, nothing guessed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rempart.cases.bundles.records import BundleRow, Read, Refused
from rempart.cases.bundles.schema import AI_SAID, FIELDS, MOST_TEXT, MOST_URLS, OWN_PREFIX, STATED, RowField
from rempart.cases.bundles.values import whole, yes_or_no
from rempart.cases.intake.moments import moment_of
from rempart.cases.intake.opening import Tie
from rempart.cases.intake.urls import Url, normalise
from rempart.cases.triage.vocabulary import check_value, word
from rempart.errors import UserMistake
from rempart.facts import BYTES_OF_KIND, Fingerprint
from rempart.facts.case import ClusterKind, FeatureValue
from rempart.fingerprints import KINDS, NotAFingerprint
from rempart.storage.columns import FORMAT

NOTHING = "nothing to look for: no fingerprint, no address, no account"
UNKNOWN = "a field that is not in the schema"
TIES: dict[str, ClusterKind] = {"account": "actor", "device": "device", "incident": "incident"}
_IDENTIFYING = ("sha256", "sha1", "md5", "pdq")


class _Wrong(Exception):
    """The row cannot be taken; the text says why, in words that quote nothing."""


def row_of(position: int, said: Mapping[str, Any]) -> Read:
    """The row of a record with the fields of the schema."""
    try:
        return _row(position, {name: value for name, value in said.items() if not name.startswith(OWN_PREFIX)})
    except _Wrong as wrong:
        return Refused(position, str(wrong))


def identity_of(prints: Iterable[Fingerprint], urls: Iterable[Url], account: str) -> str:
    """What makes a row without a name this row: its strongest digest, else its addresses, else its account."""
    by_kind = {one.kind: one.value.hex() for one in prints}
    for kind in _IDENTIFYING:
        if kind in by_kind:
            return f"print:{kind}:{by_kind[kind]}"
    places = sorted(url.identity for url in urls)
    return f"urls:{' '.join(places)}" if places else f"account:{account}"


def parsed(kind: str, text: str, quality: int | None) -> tuple[Fingerprint | None, str]:
    """(the fingerprint, why it cannot be used): one of the two is empty."""
    try:
        one = KINDS[kind].parse(text, quality)  # type: ignore[index]
    except NotAFingerprint:
        return None, f"`{kind}` is no such fingerprint"
    why = KINDS[one.kind].refuse(one)
    return (one, "") if why is None else (None, f"`{kind}` cannot be compared: {why}")


def _row(position: int, said: Mapping[str, Any]) -> BundleRow:
    if not said.keys() <= FIELDS.keys():
        raise _Wrong(UNKNOWN)
    texts = {name: _text(name, said.get(name)) for name in ("id", "account", "device", "incident", "name")}
    prints, urls = _prints(said), _urls(said.get("urls"))
    if not prints and not urls and not texts["account"]:
        raise _Wrong(NOTHING)
    named = f"id:{texts['id']}" if texts["id"] else identity_of(prints, urls, texts["account"])
    stated = {field.name: value for field in STATED if (value := _stated(field, said.get(field.name))) is not None}
    if (rung := _ai(said.get("ai_evidence"))) is not None:
        stated["ai_evidence"] = rung
    return BundleRow(
        position,
        named,
        prints,
        urls,
        tuple(Tie(kind, texts[name].encode()) for name, kind in TIES.items() if texts[name]),
        texts["name"] or "upload",
        stated,
        _moment("captured_at", said.get("captured_at")),
    )


def _prints(said: Mapping[str, Any]) -> tuple[Fingerprint, ...]:
    quality = _number("pdq_quality", said.get("pdq_quality"))
    found = []
    for kind in BYTES_OF_KIND:
        text = _text(kind, said.get(kind))
        if not text:
            continue
        if kind == "pdq" and quality is None:
            raise _Wrong("`pdq` comes with `pdq_quality`")
        one, why = parsed(kind, text, quality)
        if one is None:
            raise _Wrong(why)
        found.append(one)
    return tuple(found)


def _urls(value: object) -> tuple[Url, ...]:
    words = value.split() if isinstance(value, str) else value
    if words is None:
        return ()
    if not isinstance(words, list) or len(words) > MOST_URLS or not all(isinstance(one, str) for one in words):
        raise _Wrong(f"`urls` is a list of at most {MOST_URLS} addresses")
    try:
        return tuple(dict.fromkeys(normalise(one) for one in words if one.strip()))
    except UserMistake:
        raise _Wrong("`urls` has an address that cannot be understood") from None


def _stated(field: RowField, value: object) -> FeatureValue:
    """The value as the vocabulary has it; None when nothing is said."""
    if value is None or value == "":
        return None
    try:
        found = _as(field, value)
        if found is not None:
            check_value(word(field.name), found)
    except (ValueError, UserMistake):
        raise _Wrong(f"`{field.name}` cannot be that") from None
    return found


def _as(field: RowField, value: object) -> FeatureValue:
    if field.type == "yes":
        return yes_or_no(value)
    if field.type == "count":
        return whole(value)
    if not isinstance(value, str):
        raise ValueError("no text")
    if field.type == "moment":
        at = moment_of(value.strip(), field.name)
        return None if at is None else at.strftime(FORMAT)
    text = value.strip()
    if not text.isprintable():
        raise ValueError("no text")
    return text or None


def _ai(value: object) -> str | None:
    if value is None or value == "":
        return None
    rung = AI_SAID.get(value.strip()) if isinstance(value, str) else None
    if rung is None:
        raise _Wrong("`ai_evidence` cannot be that")
    return rung


def _text(name: str, value: object) -> str:
    """The text of the field, empty when there is none. Numbers are what tables make of names: they are taken."""
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        value = str(value)
    text = value.strip() if isinstance(value, str) else None
    if text is None or len(text) > MOST_TEXT or not text.isprintable():
        raise _Wrong(f"`{name}` is no text of at most {MOST_TEXT} characters")
    return text


def _number(name: str, value: object) -> int | None:
    try:
        return whole(value)
    except ValueError:
        raise _Wrong(f"`{name}` cannot be that") from None


def _moment(name: str, value: object) -> datetime | None:
    try:
        return moment_of(_text(name, value), name)
    except UserMistake:
        raise _Wrong(f"`{name}` cannot be that") from None
