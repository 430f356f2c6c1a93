"""Who makes a request: a person with a session, a service with a token, or anybody."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from rempart.facts.people import Actor
from rempart.people.records import LANGUAGES, Language, Person, ServiceToken, Session
from rempart.wiring.desk import Desk

LANGUAGE_COOKIE = "rempart_language"
VISITOR = "rempart.visitor"  # where a request keeps who makes it


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who makes the request.

    actor: what the ledger will name; its organisation is the only one whose records may be touched.
    form_key: goes into every form of a person, as `form_key`, or into the header X-Form-Key; empty without a session.
    address: where the request comes from, as far as trusted proxies tell; for rate limits, never stored.
    """

    actor: Actor
    language: Language
    form_key: str = ""
    address: str = ""
    person: Person | None = None
    session: Session | None = None
    token: ServiceToken | None = None


def the_desk(request: Request) -> Desk:
    """The desk that this app serves."""
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(the_desk)]


def language_of(request: Request, person: Person | None = None) -> Language:
    """The language to answer in: the person's own, else as chosen here, else the browser's first that we speak."""
    if person is not None:
        return person.language
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    for language in LANGUAGES:
        if chosen == language:
            return language
    return _preferred(request.headers.get("accept-language", ""))


def _preferred(header: str) -> Language:
    """The first language of the header, in its own order, that we speak; English when there is none."""
    for word in header[:200].split(","):
        for language in LANGUAGES:
            if word.strip()[:2].lower() == language:
                return language
    return "en"
