"""The overview: how the desk stands, for those who answer for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from starlette.responses import Response

from rempart.batch.report.words import reason_words
from rempart.cases.overview import plots
from rempart.cases.overview.figures import BANDS, Measured, Overview, Screening, Times, overview
from rempart.facts.case import OUTCOMES
from rempart.people.queries import organisations
from rempart.people.records import Language
from rempart.web.access import Visitor, people
from rempart.web.rendering import page
from rempart.web.visitor import TheDesk
from rempart.web.words import known, say
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)


class Say(Protocol):
    """A text in the visitor's language."""

    def __call__(self, key: str, **values: object) -> str:
        """The text with the values put in."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table with a bar. part: it is a part of the row above."""

    text: str
    number: int
    plot: Markup
    part: bool = False


@router.get("/overview")
def show(
    request: Request,
    visitor: Annotated[Visitor, Depends(people("senior", "supervisor", "auditor", "admin"))],
    desk: TheDesk,
) -> Response:
    """The page."""
    t: Say = partial(say, visitor.language)
    now = desk.clock()
    with desk.database.reading() as reader:
        seen = overview(reader, visitor.actor, now, desk.settings.desk.due_soon_hours, desk.rules.sampling)
        organisation = next(o.name for o in organisations(reader) if o.id == visitor.actor.organisation)
    return page(
        request,
        visitor,
        "overview/overview.html",
        organisation=organisation,
        shown=seen.days,
        at=now.strftime("%Y-%m-%d %H:%M"),
        tiles=_tiles(t, seen, desk),
        inbound=_inbound(t, seen),
        bands=[t(f"overview.band.{band}") for band in range(len(BANDS) + 1)],
        tiers=_tiers(t, seen, desk, visitor.language),
        times=_times(t, seen),
        outcomes=_rows(
            t, "overview.outcome", {name: seen.outcomes[name] for name in OUTCOMES if name in seen.outcomes}
        ),
        states=_rows(t, "overview.state", seen.states),
        quality=_quality(t, seen),
        screening=_screening(t, seen.screening, visitor.language),
        exposure=_exposure(t, seen),
        lists=_lists(t, desk),
        effects=[{"text": t(f"overview.effect.{state}"), "number": n} for state, n in seen.effects.items()],
    )


def named(t: Say, kind: str, name: str) -> str:
    """The words for a code; the code itself where there are none."""
    return t(f"{kind}.{name}") if known(f"{kind}.{name}") else name


def duration(t: Say, seconds: int) -> str:
    """A time span as people say it: 40 s, 12 min, 5 h, 3 days."""
    for unit, size, least in (("days_short", 86_400, 2), ("hours_short", 3600, 2), ("minutes_short", 60, 2)):
        if seconds >= least * size:
            return t(f"overview.{unit}", number=round(seconds / size))
    return t("overview.seconds", number=seconds)


def drawing(svg: str) -> Markup:
    """A plot as it may stand in a page: `plots` escapes whatever it writes."""
    return Markup(svg)  # noqa: S704


def _tiles(t: Say, seen: Overview, desk: Desk) -> list[dict[str, Any]]:
    hours = f"{desk.settings.desk.due_soon_hours:g}"
    late = t("overview.orders_late", number=seen.orders_overdue) if seen.orders_overdue else ""
    failed = seen.effects.get("failed", 0)
    clocks = seen.appeal_clocks
    urgent = t("overview.appeals_late", number=clocks.late) if clocks.late else ""
    urgent = urgent or (t("overview.appeals_soon", number=clocks.soon) if clocks.soon else "")
    return [
        {"number": sum(seen.states.values()), "text": t("overview.open"), "kind": "", "more": ""},
        {"number": seen.overdue, "text": t("overview.overdue"), "kind": "bad" if seen.overdue else "", "more": ""},
        {"number": seen.due_soon, "text": t("overview.due_soon", hours=hours), "kind": "", "more": ""},
        {"number": seen.orders_waiting, "text": t("overview.orders"), "kind": "bad" if late else "", "more": late},
        {
            "number": clocks.waiting,
            "text": t("overview.appeals"),
            "kind": "bad" if clocks.late else "",
            "more": urgent,
        },
        {"number": failed, "text": t("overview.failed"), "kind": "bad" if failed else "", "more": ""},
    ]


def _inbound(t: Say, seen: Overview) -> dict[str, Any]:
    channels, series = list(seen.inbound), list(seen.inbound.values())
    totals = [sum(parts) for parts in zip(*series, strict=True)] or [0]
    spoken = t("overview.inbound_spoken", total=sum(totals), most=max(totals))
    return {
        "plot": drawing(plots.columns(seen.days, series, spoken)) if series else "",
        "channels": [
            {"text": named(t, "overview.channel", name), "number": sum(seen.inbound[name])} for name in channels
        ],
        "rows": [
            {"day": day, "numbers": [one[number] for one in series]}
            for number, day in reversed([*enumerate(seen.days)])
        ],
    }


def _tiers(t: Say, seen: Overview, desk: Desk, language: str) -> list[dict[str, Any]]:
    most = max(sum(bands) for bands in seen.open.values())
    names = desk.rules.names
    return [
        {
            "tier": tier,
            "name": names[tier][language == "fr"] if tier in names else "",
            "numbers": bands,
            "plot": drawing(plots.bar(bands, most, t("overview.tier_spoken", tier=tier, number=sum(bands)))),
        }
        for tier, bands in seen.open.items()
    ]


def _times(t: Say, seen: Overview) -> list[dict[str, Any]]:
    measured = {
        "first_decision": seen.first_decision,
        "final_decision": seen.final_decision,
        "appeal_answer": seen.appeal_answer,
    }
    return [_time(t, t(f"overview.{name}"), times) for name, times in measured.items()]


def _time(t: Say, text: str, times: Times | None) -> dict[str, Any]:
    if times is None:
        return {"text": text, "number": 0, "median": "–", "p95": "–"}
    return {
        "text": text,
        "number": times.number,
        "median": duration(t, times.median_seconds),
        "p95": duration(t, times.p95_seconds),
    }


def _rows(t: Say, kind: str, counts: Mapping[str, int]) -> list[Row]:
    return _bars([(named(t, kind, name), number, False) for name, number in counts.items()])


def _bars(counts: Sequence[tuple[str, int, bool]]) -> list[Row]:
    most = max((number for _, number, _ in counts), default=0)
    return [
        Row(text, number, drawing(plots.bar([number], most, f"{text}: {number}")), part)
        for text, number, part in counts
    ]


def _screening(t: Say, found: Screening, language: Language) -> list[Row]:
    if not found.total:
        return []
    whole = [
        (t("overview.match"), found.match, False),
        (t("overview.no_match"), found.no_match, False),
        (t("overview.not_examined"), sum(found.not_examined.values()), False),
    ]
    parts = [
        (t("overview.reason", reason=reason_words(reason, language)), number, True)
        for reason, number in found.not_examined.items()
    ]
    waiting = [(t("overview.still_waiting"), found.waiting, False)] if found.waiting else []
    total = [(t("overview.total"), found.total, False)]
    return _bars([*whole, *parts, *waiting, *total])


def _quality(t: Say, seen: Overview) -> list[dict[str, Any]]:
    kappa = t("overview.kappa", kappa=f"{seen.kappa:.2f}") if seen.kappa is not None else ""
    return [
        _measured(t, "agreement", seen.agreement, "agreed") | {"more": kappa},
        _measured(t, "sampled", seen.sampled, "wrong") | {"more": ""},
    ]


def _measured(t: Say, name: str, measured: Measured, part: str) -> dict[str, Any]:
    text = t(f"overview.{name}")
    if not measured.whole:
        return {"text": text, "plot": "", "nothing": t(f"overview.{name}_none")}
    bounds = {"low": _percent(measured.low), "high": _percent(measured.high)}
    share = _percent(measured.share)
    spoken = t("overview.share_spoken", share=share, **bounds)
    return {
        "text": text,
        "share": share,
        "number": t(f"overview.{name}_number", **{part: measured.part, "number": measured.whole}),
        "plot": drawing(plots.interval(measured.low, measured.share, measured.high, spoken)),
        "between": t("overview.between", **bounds),
    }


def _percent(share: float) -> str:
    return f"{100 * share:.0f}" if share in (0, 1) or share >= 0.1 else f"{100 * share:.1f}"


def _exposure(t: Say, seen: Overview) -> list[dict[str, Any]]:
    rows = []
    for level in ("preview", "original"):
        everybody, own = seen.exposure.get(level, (0, 0)), seen.own_exposure.get(level, (0, 0))
        rows.append(
            {
                "text": t(f"overview.level.{level}"),
                "reveals": everybody[0],
                "minutes": round(everybody[1] / 60),
                "own_reveals": own[0],
                "own_minutes": round(own[1] / 60),
            }
        )
    return rows


def _days_ago(t: Say, days: int) -> str:
    few = {0: "overview.today", 1: "overview.day_ago"}
    return t(few.get(days, "overview.days_ago"), days=days)


def _lists(t: Say, desk: Desk) -> list[dict[str, Any]]:
    return [
        {
            "name": one.facts.name,
            "entries": one.facts.entries,
            "age": _days_ago(t, round(one.age_days)),
            "limit": one.facts.max_age_days,
            "stale": one.stale,
        }
        for one in desk.lists.ls()
    ]
