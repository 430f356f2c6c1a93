"""What keeps a thing from being erased: pure reading, before anybody answers, and again when time has passed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from rempart.cases import holding
from rempart.cases.retention import queries as kept
from rempart.cases.review.queries import cases
from rempart.errors import NotFound
from rempart.storage.database import Reader

Kind = Literal["case", "notice"]
# hold: a duty to preserve. open: not judged yet, or a report about it is on its way. appeal: one waits for its answer.
# window: somebody may contest it still. order: an authority's order speaks of it.
# police: they are to hear of it first, and who asks is told nothing of it.
Code = Literal["police", "hold", "open", "appeal", "window", "order"]
CODES: tuple[Code, ...] = ("police", "hold", "open", "appeal", "window", "order")


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that keeps it. until: None where nobody knows yet. basis: the rule of law, of a hold."""

    code: Code
    until: datetime | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A case, whose media may go, or a notice, whose words may. reasons: empty when it may. gone: there is nothing."""

    kind: Kind
    id: str
    reasons: tuple[Reason, ...] = ()
    gone: bool = False

    @property
    def may_go(self) -> bool:
        """Whether it can be erased now."""
        return not self.reasons and not self.gone

    @property
    def told(self) -> bool:
        """Whether who asks may hear of it."""
        return all(one.code != "police" for one in self.reasons)


def look_at_case(
    reader: Reader, organisation: int, case_id: int, appeal_days: int, now: datetime, *, busy: bool
) -> Subject:
    """The case with everything that keeps its media. busy: a report about it is on its way. Raises NotFound."""
    row = cases.read(reader, organisation, case_id)
    if row is None:
        raise NotFound(f"there is no case {case_id}; look it up")
    reasons = [
        Reason("hold", one.ends_at, one.basis)
        for one in holding.of_case(reader, organisation, case_id)
        if one.scope == holding.CONTENT and one.runs(now)
    ]
    if row["police_first"]:
        reasons.insert(0, Reason("police"))
    if busy or row["state"] not in ("decided", "closed") or (row["final_at"] is not None and row["final_at"] > now):
        reasons.append(Reason("open"))
    if kept.open_appeal(reader, organisation, case_id) is not None:
        reasons.append(Reason("appeal"))
    elif kept.may_be_contested(reader, organisation, case_id, now - timedelta(days=appeal_days)):
        reasons.append(Reason("window"))
    if kept.running_order(reader, organisation, case_id) is not None:
        reasons.append(Reason("order"))
    gone = not kept.kept_media(reader, organisation, case_id)
    return Subject("case", str(case_id), () if gone else tuple(reasons), gone)


def look_at_notice(reader: Reader, organisation: int, number: str) -> Subject:
    """The notice with everything that keeps its reporter's words. Raises NotFound.

    That its reporter could appeal still keeps nothing: it is their own right, and their own wish.
    """
    row = kept.notice_numbered(reader, organisation, number)
    if row is None:
        raise NotFound(f"there is no notice {number}; look its number up")
    if row["erased_at"] is not None:
        return Subject("notice", number, gone=True)
    told: list[tuple[Code, Any]] = [
        ("order", row["ordered"]),
        ("open", row["outcome_at"] is None),
        ("appeal", row["contested"]),
    ]
    return Subject("notice", number, tuple(Reason(code) for code, keeps in told if keeps))
