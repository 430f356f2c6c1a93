"""The accounts that hosts and partners tell about: a closed form, kept sealed, used in reports and nowhere else."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from ipaddress import ip_address
from typing import Any, Literal

from rempart.cases.intake.queries import parties as queries
from rempart.errors import UserMistake
from rempart.facts.people import Actor
from rempart.storage.database import Writer
from rempart.storage.fields import Fields

Role = Literal["reported", "recipient", "victim"]
ROLES: tuple[Role, ...] = ("reported", "recipient", "victim")
EVENTS = ("login", "registration", "purchase", "upload", "other", "unknown")
WORDS = ("id", "service", "screen_name", "display_name", "profile_bio", "profile_url", "country")
LISTS = ("emails", "phones")
MOST_PARTIES = 20
MOST_LIST = 50
MOST_WORD = 2083
_LOGGED = {"address", "port", "at", "event", "behind_proxy"}
_HELP = "see docs/reference/accounts.md"


def parties_of(said: object) -> tuple[dict[str, Any], ...]:
    """The accounts, checked; each `{"role": "reported", "id": …}`. Raises UserMistake, quoting nothing."""
    if not isinstance(said, list) or len(said) > MOST_PARTIES:
        raise UserMistake(f"`accounts` is a list of at most {MOST_PARTIES}; {_HELP}")
    return tuple(_party(one) for one in said)


def keep_parties(
    writer: Writer, fields: Fields, actor: Actor, case_id: int, parties: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Nothing; what was told about the accounts stands sealed with the case."""
    for one in parties:
        told = {name: value for name, value in one.items() if name != "role"}
        queries.insert(
            writer,
            organisation=actor.organisation,
            case_id=case_id,
            role=one["role"],
            source=actor.pid,
            told_sealed=fields.seal_text("party", json.dumps({"version": 1, **told})),
            at=now,
        )


def _party(said: object) -> dict[str, Any]:
    if not isinstance(said, dict) or not said.keys() <= {"role", "addresses", *WORDS, *LISTS}:
        raise UserMistake(f"an account says something that is not understood; {_HELP}")
    if said.get("role") not in ROLES:
        raise UserMistake(f"an account has the role {', '.join(ROLES)}; say which: it is never assumed")
    found: dict[str, Any] = {"role": said["role"]}
    for name in WORDS:
        if said.get(name) is not None:
            found[name] = _word(name, said[name])
    for name in LISTS:
        if said.get(name) is not None:
            found[name] = [_word(name, one) for one in _listed(name, said[name])]
    if said.get("addresses") is not None:
        found["addresses"] = [_address(one) for one in _listed("addresses", said["addresses"])]
    return found


def _address(said: object) -> dict[str, Any]:
    """One address from a log: who, when, through which port."""
    if not isinstance(said, dict) or not {"address"} <= said.keys() <= _LOGGED:
        raise UserMistake(f"an entry of `addresses` has `address` and perhaps port, at, event, behind_proxy; {_HELP}")
    try:
        found: dict[str, Any] = {"address": str(ip_address(str(said["address"])))}
    except ValueError:
        raise UserMistake(f"an entry of `addresses` has no IP address; {_HELP}") from None
    port, proxy = said.get("port"), said.get("behind_proxy")
    if port is not None:
        if isinstance(port, bool) or not isinstance(port, int) or not 1 <= port <= 65_535:
            raise UserMistake("a port is a whole number from 1 to 65535; correct it")
        found["port"] = port
    if proxy is not None:
        if not isinstance(proxy, bool):
            raise UserMistake("`behind_proxy` is true or false, or left out; correct it")
        found["behind_proxy"] = proxy
    if said.get("event") is not None:
        if said["event"] not in EVENTS:
            raise UserMistake(f"`event` is one of {', '.join(EVENTS)}; correct it")
        found["event"] = said["event"]
    if said.get("at") is not None:
        found["at"] = _moment(said["at"])
    return found


def _moment(said: object) -> str:
    try:
        at = datetime.fromisoformat(str(said))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise UserMistake("`at` is no time with an offset; write it as 2026-11-22T09:30:00Z")
    return at.isoformat()


def _listed(name: str, said: object) -> list[Any]:
    if not isinstance(said, list) or len(said) > MOST_LIST:
        raise UserMistake(f"`{name}` is a list of at most {MOST_LIST}; {_HELP}")
    return said


def _word(name: str, said: object) -> str:
    if not isinstance(said, str) or not said.strip() or len(said) > MOST_WORD or "\0" in said:
        raise UserMistake(f"`{name}` is a text of 1 to {MOST_WORD} characters; {_HELP}")
    return said.strip()
