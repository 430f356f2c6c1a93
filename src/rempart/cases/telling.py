"""What a report may say about a case: a view in which every statement has a source, and nothing is assumed."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rempart.cases.intake.queries import notices as notice_queries
from rempart.cases.intake.queries import parties as party_queries
from rempart.cases.review.queries import cases, decisions, reveals
from rempart.cases.review.taxonomy import shipped
from rempart.errors import Conflict, NotFound, UserMistake
from rempart.facts.report import CaseView, FileView, NoticeView, PlaceView
from rempart.storage.database import Reader
from rempart.storage.fields import Fields

URGENT = ("urgent", "threat_to_life", "live_stream", "contact_in_progress", "victim_self_report")


def case_view(reader: Reader, fields: Fields, organisation: int, case_id: int) -> CaseView:
    """The decided case. Raises NotFound, or Conflict while nothing is decided: nobody could say what it is."""
    row = cases.read(reader, organisation, case_id)
    if row is None:
        raise NotFound(f"there is no case {case_id}; look it up in the queue")
    standing = [one for one in decisions.of_case(reader, organisation, case_id) if one["outcome"] == row["outcome"]]
    if row["outcome"] is None or not standing:
        raise Conflict(f"case {case_id} is not decided; a report says what somebody decided")
    decision = standing[-1]
    answers = _answers(standing)
    seen = reveals.shown_media(reader, organisation, case_id)
    return CaseView(
        case_id=case_id,
        organisation=organisation,
        kind=row["kind"],
        opened_at=row["received_at"],
        decided_at=row["decided_at"],
        outcome=row["outcome"],
        taxonomy=f"{decision['taxonomy']}@{decision['taxonomy_version']}",
        code=decision["code"],
        mapping=_mapping(decision["taxonomy"], decision["code"]),
        answers=answers,
        reason=decision["reason"],
        reviewer=decision["reviewer"],
        files=tuple(_file(fields, one, answers, seen) for one in reveals.media_of(reader, organisation, [case_id])),
        places=tuple(_place(fields, one) for one in cases.locations(reader, organisation, case_id)),
        notices=tuple(_notice(one) for one in notice_queries.notices_of_case(reader, organisation, case_id)),
        accounts=tuple(_party(fields, one) for one in party_queries.of_case(reader, organisation, case_id)),
        police_first=bool(row["police_first"]),
        urgent=any(name in URGENT and value is True for name, value, *_ in row["features"]),
    )


def cases_of_same_accounts(reader: Reader, organisation: int, case_id: int) -> list[int]:
    """The other cases that are tied to this one by an account."""
    return cases.tied(reader, organisation, case_id, "actor")


def came_from_own_platform(reader: Reader, organisation: int, case_id: int) -> bool:
    """Whether the operator's own platform sent it, so that it stands there."""
    return any(
        one["channel"] in ("api", "hook") for one in notice_queries.notices_of_case(reader, organisation, case_id)
    )


def list_flags(reader: Reader, organisation: int, case_id: int) -> dict[str, bool]:
    """What lists and partners say of the material; where they contradict each other, nothing is said."""
    row = cases.read(reader, organisation, case_id)
    said: dict[str, set[bool]] = {}
    for name, value, *_ in row["features"] if row is not None else ():
        if name in ("victim_identified", "offender_identified", "distributed"):
            said.setdefault(name, set()).add(value)
    return {name: values.pop() for name, values in said.items() if len(values) == 1}


def _answers(standing: Sequence[Any]) -> dict[str, bool]:
    """What people answered; where two said different things, it stays unknown."""
    said: dict[str, set[str]] = {}
    for decision in standing:
        for question, answer in decision["answers"].items():
            if answer is not None:
                said.setdefault(question, set()).add(answer)
    return {question: answers == {"yes"} for question, answers in said.items() if len(answers) == 1}


def _mapping(taxonomy: str, code: str) -> dict[str, str]:
    """What the code is elsewhere, where a source states it."""
    try:
        profile = shipped(taxonomy)
        return {**profile.code(code).elsewhere, "jurisdiction": profile.jurisdiction}
    except UserMistake:  # a profile of the operator's own says nothing about others
        return {}


def _file(fields: Fields, row: Any, answers: dict[str, bool], seen: set[int]) -> FileView:
    digests = {}
    if row["fingerprints_sealed"] is not None:
        prints = json.loads(fields.unseal_text("fingerprints", row["fingerprints_sealed"]))
        digests = {kind: value for kind, value, _ in prints if kind in ("sha256", "sha1", "md5")}
    return FileView(
        media_id=row["id"],
        vault_id=row["vault_id"],
        name=fields.unseal_text("name", row["name_sealed"]),
        media_type=row["media_type"],
        size_bytes=row["size_bytes"],
        received_at=row["received_at"],
        uploaded_at=row["uploaded_at"],
        digests=digests,
        viewed=True if row["id"] in seen else None,
        public=answers.get("public"),
        ai=answers.get("ai"),
        ai_evidence=_ai_evidence(fields, row),
    )


def _ai_evidence(fields: Fields, row: Any) -> str:
    """Our evidence in one line: who claims what, and how strong it is. Empty when there is none."""
    if row["finding_sealed"] is None:
        return ""
    finding = json.loads(fields.unseal_text("finding", row["finding_sealed"]))
    origin = finding.get("origin") or {}
    verdict = origin.get("verdict", "")
    kinds = sorted({str(one.get("kind", "")) for one in origin.get("evidence", ())} - {""})
    return f"verdict {verdict}; evidence: {', '.join(kinds)}" if kinds else ""


def _place(fields: Fields, row: Any) -> PlaceView:
    return PlaceView(
        location_id=row["id"],
        url=fields.unseal_text("url", row["url_sealed"]),
        host=row["host"],
        seen_at=row["seen_at"],
        address=row["address"],
        country=row["country"],
        provider=f"AS{row['asn']} {row['provider']}".strip() if row["asn"] is not None else row["provider"],
        via_proxy=row["via_proxy"],
        kind=row["hosted"],
    )


def _notice(row: Any) -> NoticeView:
    return NoticeView(row["number"], row["channel"], row["category"], row["received_at"], bool(row["trusted"]))


def _party(fields: Fields, row: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(fields.unseal_text("party", row["told_sealed"]))
    at: datetime = row["at"]
    return {**told, "role": row["role"], "source": row["source"], "told_at": at.isoformat()}
