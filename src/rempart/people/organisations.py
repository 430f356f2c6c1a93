"""The tenants of one installation."""

import re
from datetime import datetime

from rempart.audit.queries import append
from rempart.errors import Conflict, NotFound, UserMistake
from rempart.facts.people import operator
from rempart.people import queries
from rempart.people.records import Organisation
from rempart.storage.database import Reader, Writer

_SLUG = re.compile(r"[a-z0-9](?:-?[a-z0-9]){0,39}")
MAX_SLUG = 40
MAX_NAME = 120
FIRST = ("desk", "Desk")  # short name and name of the one that is founded when nobody founded any


def add(writer: Writer, slug: str, name: str, now: datetime) -> Organisation:
    """The new organisation. Raises UserMistake, Conflict."""
    plain = " ".join(name.split())
    if not _SLUG.fullmatch(slug) or len(slug) > MAX_SLUG:
        raise UserMistake(f"a short name has 1 to {MAX_SLUG} small letters, digits and single hyphens; choose another")
    if not 0 < len(plain) <= MAX_NAME or not plain.isprintable():
        raise UserMistake(f"an organisation's name has 1 to {MAX_NAME} characters; choose another")
    if any(one.slug == slug for one in queries.organisations(writer)):
        raise Conflict(f"the organisation `{slug}` exists already; choose another short name")
    made = queries.add_organisation(writer, slug, plain, now)
    append(writer, operator(made), "organisation", made, "organisation.added", {}, now)
    return Organisation(made, slug, plain)


def first(writer: Writer, now: datetime) -> Organisation:
    """The organisation that was founded first, which the public deals with; a new one when there is none."""
    known = queries.organisations(writer)
    return known[0] if known else add(writer, *FIRST, now)


def chosen(writer: Writer, slug: str | None, now: datetime) -> Organisation:
    """The organisation of this short name, or the only one; the first is founded. Raises NotFound, UserMistake."""
    return find(writer, slug) if slug is not None or queries.organisations(writer) else first(writer, now)


def find(reader: Reader, slug: str | None) -> Organisation:
    """The organisation of this short name, or the only one. Raises NotFound, UserMistake."""
    known = queries.organisations(reader)
    if slug is None and len(known) == 1:
        return known[0]
    for one in known:
        if one.slug == slug:
            return one
    if slug is None and known:
        raise UserMistake("there are several organisations; say which with --organisation")
    if not known:
        raise NotFound(
            "there is no organisation yet; `rempart serve` founds one, and so does `rempart organisations add`"
        )
    raise NotFound("there is no such organisation; see `rempart organisations ls`")
