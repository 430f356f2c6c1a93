"""The register of authorities' orders: what is due first, who verified the sender, what effect was given."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, get_args

from fastapi import APIRouter, Depends, Form, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from rempart.cases.intake.moments import moment_of
from rempart.cases.intake.numbers import read_number
from rempart.cases.intake.told import CATEGORIES, Category, NoticeLanguage
from rempart.cases.intake.urls import normalise
from rempart.cases.orders import register
from rempart.cases.orders.kinds import OrderKind, kinds
from rempart.cases.orders.records import Order, Sent
from rempart.cases.triage.features import moment
from rempart.errors import UserMistake
from rempart.people.records import Language
from rempart.storage.columns import FORMAT
from rempart.storage.database import Writer
from rempart.web.access import Visitor, people
from rempart.web.api.screening import intake_of
from rempart.web.rendering import back_to, page
from rempart.web.visitor import TheDesk
from rempart.web.words import say
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)
Reading = Annotated[Visitor, Depends(people("reviewer", "senior", "supervisor", "auditor"))]
Acting = Annotated[Visitor, Depends(people("senior", "supervisor"))]
Word = Annotated[str, Form(max_length=4096)]
PAGE = 50
SEE_CONTENT = ("reviewer", "senior", "supervisor")


class Filled(BaseModel):
    """The form as it was filled in; times are in UTC and say no offset."""

    kind: str = Field("", max_length=20)
    authority: str = Field("", max_length=400)
    reference: str = Field("", max_length=400)
    legal_basis: str = Field("", max_length=400)
    received_at: str = Field("", max_length=40)
    category: str = Field("", max_length=40)
    urls: str = Field("", max_length=400_000, repr=False)
    accounts: str = Field("", max_length=400_000, repr=False)
    reasons: str = Field("", max_length=20_000, repr=False)
    territory: str = Field("", max_length=400)
    language: str = Field("", max_length=2)
    due_at: str = Field("", max_length=40)
    user_wait_until: str = Field("", max_length=40)


@router.get("/orders")
def every_order(
    request: Request,
    visitor: Reading,
    desk: TheDesk,
    after: Annotated[str, Query(max_length=60)] = "",
    ended: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """The orders whose clock runs, those due first first, and those that were answered."""
    mine = visitor.actor.organisation
    with desk.database.reading() as reader:
        running, more = register.running(reader, desk.fields, mine, _place(after), PAGE)
        past, older = register.ended(reader, desk.fields, mine, _place(ended), PAGE)
    now = desk.clock()
    return page(
        request,
        visitor,
        "orders/orders.html",
        running=[(one, _left(visitor.language, one.left(now))) for one in running],
        past=[(one, _late(visitor.language, one)) for one in past],
        more=_mark(more),
        older=_mark(older),
        later=bool(after or ended),
        soon=timedelta(hours=desk.settings.desk.due_soon_hours),
        now=now,
        acts=visitor.actor.role in register.ROLES,
        name=partial(_name, visitor.language),
    )


@router.get("/orders/new")
def form(request: Request, visitor: Acting) -> Response:
    """The empty form."""
    return _form(request, visitor, Filled())


@router.post("/orders/new")
def add(request: Request, visitor: Acting, desk: TheDesk, given: Annotated[Filled, Form()]) -> Response:
    """The order, in the register; or the form, with what is wrong with it."""
    try:
        with desk.database.writing() as writer:
            added = register.add(writer, intake_of(desk), visitor.actor, sent_of(given), desk.clock())
    except UserMistake as mistake:
        return _form(request, visitor, given, str(mistake))
    return back_to(f"/orders/{added.order.number}", "orders.again" if added.again else "orders.added")


@router.get("/orders/{number}")
def one_order(request: Request, visitor: Reading, desk: TheDesk, number: str) -> Response:
    """One order: its clock, its story, and what can be done about it."""
    return _one(request, visitor, desk, number)


@router.post("/orders/{number}/authenticate")
def authenticate(
    request: Request, visitor: Acting, desk: TheDesk, number: str, method: Word = "", note: Word = ""
) -> Response:
    """Somebody verified who sent the order."""
    return _step(
        request,
        visitor,
        desk,
        number,
        lambda writer, plain, now: register.authenticate(writer, desk.fields, visitor.actor, plain, method, note, now),
    )


@router.post("/orders/{number}/executed")
def executed(
    request: Request, visitor: Acting, desk: TheDesk, number: str, effect: Word = "", at: Word = ""
) -> Response:
    """Effect was given to the order."""
    return _step(
        request,
        visitor,
        desk,
        number,
        lambda writer, plain, now: register.execute(
            writer, desk.fields, visitor.actor, plain, effect, _needed(at, "at"), now
        ),
    )


@router.post("/orders/{number}/impossible")
def impossible(
    request: Request, visitor: Acting, desk: TheDesk, number: str, reason: Word = "", text: Word = ""
) -> Response:
    """The order cannot be carried out."""
    return _step(
        request,
        visitor,
        desk,
        number,
        lambda writer, plain, now: register.impossible(writer, desk.fields, visitor.actor, plain, reason, text, now),
    )


@router.post("/orders/{number}/challenge")
def challenge(request: Request, visitor: Acting, desk: TheDesk, number: str, text: Word = "") -> Response:
    """The order is contested; its clock goes on."""
    return _step(
        request,
        visitor,
        desk,
        number,
        lambda writer, plain, now: register.challenge(writer, desk.fields, visitor.actor, plain, text, now),
    )


@router.post("/orders/{number}/resume")
def resume(request: Request, visitor: Acting, desk: TheDesk, number: str, at: Word = "") -> Response:
    """What made it impossible has ended."""
    return _step(
        request,
        visitor,
        desk,
        number,
        lambda writer, plain, now: register.resume(writer, desk.fields, visitor.actor, plain, _needed(at, "at"), now),
    )


@router.post("/orders/{number}/user-told")
def user_told(request: Request, visitor: Acting, desk: TheDesk, number: str, at: Word = "") -> Response:
    """The user was told of the order."""
    return _step(
        request,
        visitor,
        desk,
        number,
        lambda writer, plain, now: register.user_told(
            writer, desk.fields, visitor.actor, plain, _needed(at, "at"), now
        ),
    )


def sent_of(given: Filled) -> Sent:
    """The order as the form tells it. Raises UserMistake."""
    category: Category | None = next((word for word in CATEGORIES if word == given.category), None)
    language: NoticeLanguage | None = next((word for word in get_args(NoticeLanguage) if word == given.language), None)
    if category is None or language is None:
        raise UserMistake("what the order is about, or its language, is missing; choose")
    return Sent(
        given.kind,
        _line(given.authority),
        _line(given.reference),
        _line(given.legal_basis),
        _needed(given.received_at, "received_at"),
        category,
        tuple(dict.fromkeys(normalise(line) for line in _lines(given.urls))),
        tuple(dict.fromkeys(_lines(given.accounts))),
        given.reasons.strip(),
        _line(given.territory),
        language,
        _utc(given.due_at, "due_at"),
        _utc(given.user_wait_until, "user_wait_until"),
    )


def _step(
    request: Request,
    visitor: Visitor,
    desk: Desk,
    number: str,
    do: Callable[[Writer, str, datetime], Order],
) -> Response:
    plain = read_number(number)
    try:
        with desk.database.writing() as writer:
            do(writer, plain, desk.clock())
    except UserMistake as mistake:
        return _one(request, visitor, desk, number, str(mistake))
    return back_to(f"/orders/{plain}", "orders.kept")


def _one(request: Request, visitor: Visitor, desk: Desk, number: str, problem: str = "") -> Response:
    with desk.database.reading() as reader:
        order = register.get(reader, desk.fields, visitor.actor.organisation, read_number(number))
    now, language = desk.clock(), visitor.language
    return page(
        request,
        visitor,
        "orders/order.html",
        status_code=400 if problem else 200,
        order=order,
        name=_name(language, order.kind),
        hint=order.kind.hint_fr if language == "fr" else order.kind.hint_en,
        left=_left(language, order.left(now)) if order.runs else "",
        is_late=order.runs and order.left(now) < timedelta(0),
        late=_late(language, order),
        authentication=_told_choice(language, "how", order.authentication),
        effect=_told_choice(language, "why", order.effect) if order.state == "impossible" else order.effect,
        acts=visitor.actor.role in register.ROLES,
        sees=visitor.actor.role in SEE_CONTENT,
        methods=_choices(language, "how", register.METHODS),
        reasons=_choices(language, "why", register.IMPOSSIBLE),
        problem=problem,
    )


def _form(request: Request, visitor: Visitor, given: Filled, problem: str = "") -> Response:
    language = visitor.language
    return page(
        request,
        visitor,
        "orders/new.html",
        status_code=400 if problem else 200,
        given=given,
        kinds=[(one.id, _name(language, one)) for one in kinds().values()],
        sources=[(_name(language, one), one) for one in kinds().values()],
        categories=_choices(language, "about", CATEGORIES),
        problem=problem,
    )


def _choices(language: Language, group: str, words: Sequence[str]) -> list[tuple[str, str]]:
    return [(word, say(language, f"orders.{group}.{word}")) for word in words]


def _told_choice(language: Language, group: str, text: str | None) -> str:
    """`call_back: note` with its first word said in the language."""
    word, mark, rest = (text or "").partition(":")
    return say(language, f"orders.{group}.{word}") + mark + rest if word else ""


def _name(language: Language, one: OrderKind) -> str:
    return one.fr if language == "fr" else one.en


def _left(language: Language, left: timedelta) -> str:
    """How much time is left, or how late it is, in hours and minutes."""
    minutes = int(abs(left).total_seconds() // 60)
    key = "orders.late" if left < timedelta(0) else "orders.left"
    return say(language, key, hours=minutes // 60, minutes=f"{minutes % 60:02}")


def _late(language: Language, order: Order) -> str:
    return _left(language, -order.late_by) if order.late_by else ""


def _line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _utc(text: str, field: str) -> datetime | None:
    """The time of a form, which is in UTC and says no offset; None for none."""
    plain = text.strip()
    return moment_of(f"{plain}+00:00" if plain else "", field)


def _needed(text: str, field: str) -> datetime:
    found = _utc(text, field)
    if found is None:
        raise UserMistake(f"`{field}` is missing: a time is never filled in for you; write it")
    return found


def _mark(place: tuple[datetime, int] | None) -> str:
    return f"{place[0].astimezone(UTC).strftime(FORMAT)}_{place[1]}" if place else ""


def _place(mark: str) -> tuple[datetime, int] | None:
    """The place that `_mark` wrote. Raises UserMistake."""
    if not mark:
        return None
    at, _, number = mark.partition("_")
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise UserMistake("the mark of the next page cannot be read; start from the first page")
    return moment(at), int(number)
