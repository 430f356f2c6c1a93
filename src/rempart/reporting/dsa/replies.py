"""What the Transparency Database answered, said of each statement that was in the request. Nothing is guessed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from rempart.net import Answer

WAIT_SECONDS = 60.0
# Another request holds the lock on a number for 30 seconds; longer than that nobody works on it unseen.
PATIENCE_SECONDS = 60.0
SETTINGS_SECONDS = 900.0
LONGEST_WAIT_SECONDS = 3600.0
MOST_SAID = 400
_OWN = "REMPART_REPORTING__TRANSPARENCY_DATABASE__"
Standing = Literal["there", "not_there", "unknown"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one request came to. Every number that was in it stands in exactly one of the first six.

    published: number -> what came back. refused: number -> why. taken: the database has that number, or is at work
    on it. doubtful: may be published or not. again: certainly not published, and may be sent at once; halved: the same,
    but it is not known which of them are wrong. held: certainly not published, and not before `wait_seconds`.
    problem: what to do, for who runs the desk.
    """

    published: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()
    again: tuple[str, ...] = ()
    halved: tuple[str, ...] = ()
    held: frozenset[str] = frozenset()
    wait_seconds: float = WAIT_SECONDS
    problem: str = ""


def held(puids: Sequence[str], problem: str, wait_seconds: float = SETTINGS_SECONDS) -> Verdict:
    """None of them left; each waits."""
    return Verdict(held=frozenset(puids), wait_seconds=wait_seconds, problem=problem)


def doubtful(puids: Sequence[str]) -> Verdict:
    """Any of them may be published."""
    return Verdict(doubtful=frozenset(puids), wait_seconds=PATIENCE_SECONDS)


def of_batch(answer: Answer, puids: Sequence[str]) -> Verdict:
    """What the answer to a request with these statements, in this order, means for each."""
    said = _object(answer)
    match answer.status:
        case 200 | 201:
            return _published(said, puids)
        case 422:
            return _invalid(said, puids)
        case 401 | 403:
            return held(puids, f"the database refused our token ({answer.status}); correct {_OWN}TOKEN")
        case 429:
            return held(puids, "", retry_after(answer))
        case 404 | 405:
            return held(puids, f"the address of the database answers {answer.status}; correct its address")
        case status if 300 <= status < 400:
            return held(puids, f"the address of the database leads elsewhere ({status}); correct its address")
        case status if 400 <= status < 500 and status != 408:
            return _unknown_wrong(puids, f"the database refused it with {status}")
        case _:
            return doubtful(puids)


def of_question(answer: Answer, puid: str) -> Standing:
    """Whether the database has this number: it answers 302 when it does, and leads nowhere; 404 when it does not."""
    said = _object(answer)
    if answer.status == 302 and said.get("puid") == puid:
        return "there"
    return "not_there" if answer.status == 404 else "unknown"


def retry_after(answer: Answer) -> float:
    """How long the database asks to be left alone, from a minute to an hour."""
    said = answer.headers.get("retry-after", "").strip()
    asked = float(said) if re.fullmatch(r"[0-9]{1,9}", said, re.ASCII) else WAIT_SECONDS
    return min(max(asked, WAIT_SECONDS), LONGEST_WAIT_SECONDS)


def _published(said: Mapping[str, Any], puids: Sequence[str]) -> Verdict:
    """A number that the answer does not name may be there or not: it is asked for."""
    listed = said.get("statements")
    found = {
        one["puid"]: one
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, dict) and isinstance(one.get("puid"), str) and isinstance(one.get("uuid"), str)
    }
    mine = {puid: found[puid] for puid in puids if puid in found}
    return Verdict(published=mine, doubtful=frozenset(puids) - mine.keys(), wait_seconds=PATIENCE_SECONDS)


def _invalid(said: Mapping[str, Any], puids: Sequence[str]) -> Verdict:
    """All or nothing: none was stored. Who is named is refused, or taken; the others may go again."""
    errors = said.get("errors")
    errors = errors if isinstance(errors, dict) else {}
    refused = {
        puid: _told(errors[f"statement_{number}"])
        for number, puid in enumerate(puids)
        if f"statement_{number}" in errors
    }
    existing = errors.get("existing_puids")
    taken = {one for one in (existing if isinstance(existing, list) else ()) if isinstance(one, str)} & set(puids)
    if not taken and "puid" in errors and len(puids) == 1:
        taken = set(puids)
    taken -= refused.keys()
    if not refused and not taken:
        return _unknown_wrong(puids, f"the database refused it: {_told(errors) or _told(said.get('message'))}")
    rest = tuple(one for one in puids if one not in refused and one not in taken)
    return Verdict(refused=refused, taken=frozenset(taken), again=rest)


def _unknown_wrong(puids: Sequence[str], why: str) -> Verdict:
    return Verdict(refused={puids[0]: why}) if len(puids) == 1 else Verdict(halved=tuple(puids))


def _told(said: Any) -> str:
    """What is said of the fields, in one short line without what nobody sees."""
    if isinstance(said, dict):
        text = "; ".join(f"{name}: {_told(one)}" for name, one in said.items())
    elif isinstance(said, list):
        text = " ".join(_told(one) for one in said)
    else:
        text = said if isinstance(said, str) else ""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:MOST_SAID]


def _object(answer: Answer) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
