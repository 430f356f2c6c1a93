"""The rows behind a search. Sealed values are compared as blind values, nothing is opened."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, Select, case, func, or_, select, union

from rempart.cases import tables
from rempart.cases.overview.search.question import Question
from rempart.storage.database import Reader

PAGE = 25


def matching(
    reader: Reader, organisation: int, question: Question, key: str, now: datetime, limit: int = PAGE
) -> list[int]:
    """The numbers of the matching cases, newest first. key: the blind or plain value that the kind compares.

    What was judged a moment ago can be undone, and is asked for by no state: whether two people agree shows after that.
    """
    found = tables.case.c
    asked: list[ColumnElement[bool]] = [found.organisation == organisation]
    asked += [found.state == question.state] if question.state else []
    asked += [or_(found.final_at.is_(None), found.final_at <= now)] if question.state or question.outcome else []
    asked += [found.tier == question.tier] if question.tier is not None else []
    asked += [found.outcome == question.outcome] if question.outcome else []
    asked += [found.received_at >= question.since] if question.since else []
    asked += [found.received_at < question.until] if question.until else []
    asked += [found.id < question.before] if question.before is not None else []
    meant = _meant(organisation, question, key)
    asked += [] if meant is None else [meant]
    return list(reader.values(select(found.id).where(*asked).order_by(found.id.desc()).limit(limit)))


def cards(reader: Reader, organisation: int, ids: Sequence[int], now: datetime) -> list[RowMapping]:
    """What a card shows of each case, newest first; no picture, no words of anybody.

    settling: it was judged a moment ago, and neither its state nor its outcome is to be shown.
    """
    found, notice, media = tables.case.c, tables.notice_case.c, tables.media.c
    notices = select(func.count()).where(notice.case_id == found.id).scalar_subquery()
    pictures = select(func.count()).where(media.case_id == found.id).scalar_subquery()
    shown = (
        found.id,
        found.kind,
        found.state,
        found.tier,
        found.score,
        found.received_at,
        found.due_at,
        found.outcome,
        found.decided_at,
        found.assignee,
        found.leads,
        found.cluster,
        case((found.final_at > now, True), else_=False).label("settling"),
        notices.label("notices"),
        pictures.label("media"),
    )
    mine = (found.organisation == organisation, found.id.in_(ids))
    return list(reader.rows(select(*shown).where(*mine).order_by(found.id.desc())))


def hosts(reader: Reader, organisation: int, ids: Sequence[int]) -> dict[int, list[str]]:
    """Case -> the hosts where it stands, in order of their names."""
    place = tables.location.c
    mine = (place.organisation == organisation, place.case_id.in_(ids))
    found: dict[int, list[str]] = {}
    for row in reader.rows(select(place.case_id, place.host).distinct().where(*mine).order_by(place.host)):
        found.setdefault(row["case_id"], []).append(row["host"])
    return found


def _meant(organisation: int, question: Question, key: str) -> ColumnElement[bool] | None:
    """The condition that the text stands for; None when there is no text."""
    found, place, picture = tables.case.c, tables.location.c, tables.media.c
    match question.kind:
        case "all":
            return None
        case "case":
            return found.id == int(key)
        case "number":
            return found.id.in_(_numbered(organisation, key))
        case "url":
            return found.id.in_(select(place.case_id).where(place.organisation == organisation, place.url_key == key))
        case "host":
            return found.id.in_(select(place.case_id).where(place.organisation == organisation, place.host == key))
        case "content":
            by_media = select(picture.case_id).where(picture.organisation == organisation, picture.exact_key == key)
            return found.id.in_(union(by_media, _tied(organisation, "exact", key)))
        case "account":
            return found.id.in_(_tied(organisation, "actor", key))
        case "person":
            judged = tables.decision.c
            by_judge = select(judged.case_id).where(judged.organisation == organisation, judged.reviewer == key)
            return or_(found.assignee == key, found.id.in_(by_judge))


def _tied(organisation: int, kind: str, key: str) -> Select[tuple[int]]:
    tie = tables.link.c
    return select(tie.case_id).where(tie.organisation == organisation, tie.kind == kind, tie.value_key == key)


def _numbered(organisation: int, number: str) -> ColumnElement[int]:
    """The cases that a number of a notice, an appeal or a screened item belongs to."""
    notice, about, appeal, item = tables.notice.c, tables.notice_case.c, tables.appeal.c, tables.item.c
    by_notice = (
        select(about.case_id)
        .join_from(tables.notice_case, tables.notice, about.notice == notice.id)
        .where(notice.organisation == organisation, notice.number == number)
    )
    by_appeal = select(appeal.case_id).where(appeal.organisation == organisation, appeal.number == number)
    by_item = select(item.case_id).where(
        item.organisation == organisation, item.number == number, item.case_id.is_not(None)
    )
    return union(by_notice, by_appeal, by_item)  # type: ignore[return-value]
