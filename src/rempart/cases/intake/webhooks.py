"""Signed webhooks of hosts, as Mastodon sends them: whose they are, how old, and which media they name.

Nothing here looks at media. What people send to each other is refused by its visibility, and an event that does not
say its visibility is refused, too: nothing is screened of which nobody knows how it was shared.
"""

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from rempart.cases.intake.moments import moment_of
from rempart.cases.intake.submitted import About, Visibility
from rempart.errors import NotAllowed, UserMistake

SIGNED = "sha256="
CLOCKS_DIFFER = timedelta(minutes=5)
STATUS_EVENTS = frozenset({"status.created", "status.updated"})
MEDIA_EVENT = "media.created"
# Mastodon's words. `private` is for followers: hosted for many, and no message; `direct` and `limited` are messages.
VISIBILITIES: Mapping[str, Visibility] = {"public": "public", "unlisted": "public", "private": "private"}
MOST_LINKS = 32
MOST_LETTERS = 4096
PRIVATE = "private message"
UNSAID = "its visibility is not said"
NO_ADDRESS = "no address"
TOO_MANY = f"more than {MOST_LINKS} media in one event"


@dataclass(frozen=True, slots=True)
class Link:
    """One media that an event names: where it is, and what the host says of it."""

    url: str = field(repr=False)
    about: About


@dataclass(frozen=True, slots=True)
class Event:
    """What is to be fetched, and what is not, by reason."""

    links: tuple[Link, ...] = ()
    refused: tuple[str, ...] = ()


def signature_holds(secret: bytes, body: bytes, header: str) -> bool:
    """Whether the header `sha256=…` is the HMAC of the body under the secret; in a time that tells nothing."""
    right = SIGNED + hmac.new(secret, body, "sha256").hexdigest()
    return bool(secret) and hmac.compare_digest(header.strip().lower().encode("utf-8", "replace"), right.encode())


def event_of(said: Mapping[str, Any], now: datetime, window: timedelta) -> Event:
    """What the event names. Raises NotAllowed when it is older than the window, and UserMistake when it is none.

    The time is part of what was signed: an event that somebody kept cannot be sent again after the window, and inside
    of it the same event is known by its bytes.
    """
    name, body = said.get("event"), said.get("object")
    if not isinstance(name, str) or not isinstance(body, dict):
        raise UserMistake("a webhook has `event`, `created_at` and `object`; see the documentation")
    sent_at = moment_of(_text(said, "created_at")[:40], "created_at")
    if sent_at is None:
        raise UserMistake("a webhook says when it was made, in `created_at`; see the documentation")
    if not now - window <= sent_at <= now + CLOCKS_DIFFER:
        raise NotAllowed("this webhook is too old, or its clock is wrong; nothing was taken from it")
    if name not in STATUS_EVENTS and name != MEDIA_EVENT:
        return Event()
    visibility = _text(body, "visibility").strip().lower()
    if visibility not in VISIBILITIES:
        return Event(refused=(PRIVATE if visibility else UNSAID,))
    media = body.get("media_attachments") if name in STATUS_EVENTS else [body]
    if not isinstance(media, list) or not all(isinstance(one, dict) for one in media):
        raise UserMistake("`media_attachments` is a list of media; see the documentation")
    found = list(_links(media[:MOST_LINKS], body, VISIBILITIES[visibility]))
    links = tuple(one for one in found if isinstance(one, Link))
    refused = [one for one in found if isinstance(one, str)]
    return Event(links, tuple(refused + [TOO_MANY] * (len(media) > MOST_LINKS)))


def _links(media: list[dict[str, Any]], body: Mapping[str, Any], visibility: Visibility) -> Iterator[Link | str]:
    account = _account(body)
    for one in media:
        url = _text(one, "url").strip()
        if not url:
            yield NO_ADDRESS
            continue
        place = url if one is body else _text(body, "url").strip() or url
        about = About(name=_name(url), account=account, url=place, visibility=visibility)
        yield Link(url, about)


def _account(body: Mapping[str, Any]) -> str:
    account = body.get("account")
    if isinstance(account, dict):
        return (_text(account, "acct") or _text(account, "id")).strip()
    return account.strip()[:MOST_LETTERS] if isinstance(account, str) else ""


def _name(url: str) -> str:
    last = url.partition("?")[0].rstrip("/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:255] or "upload"


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    text = value if isinstance(value, str) else ""
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise UserMistake(f"`{name}` has characters that cannot be kept; correct it")
    return text[:MOST_LETTERS]
