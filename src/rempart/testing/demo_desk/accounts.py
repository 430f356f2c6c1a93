"""The people of the demo: one account for every role, and a second reviewer. Everybody knows their passwords."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import pyotp

from rempart.facts.people import Actor, Role, operator
from rempart.people import codes, invitations, passwords, queries
from rempart.people.invitations import Wish
from rempart.people.records import Language
from rempart.storage.database import Reader
from rempart.wiring.desk import Desk

PASSWORD: Final = "no purple dragons"  # noqa: S105 - known to everybody, on loopback only


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the demo."""

    login: str
    name: str
    role: Role
    language: Language

    @property
    def secret(self) -> str | None:
        """The secret of its one-time codes; None for a role that needs none."""
        if self.role not in codes.OBLIGATORY:
            return None
        return base64.b32encode(sha256(b"rempart demo " + self.login.encode()).digest()[:20]).decode()

    def code(self, now: datetime) -> str | None:
        """The one-time code of this moment; None for a role that needs none."""
        return None if self.secret is None else pyotp.TOTP(self.secret).at(now)


ACCOUNTS: Final = (
    Account("admin@demo.example", "Olga Ortiz", "admin", "en"),
    Account("reviewer@demo.example", "Ada Abel", "reviewer", "en"),
    Account("reviewer2@demo.example", "Blaise Bernard", "reviewer", "fr"),
    Account("senior@demo.example", "Sofia Stone", "senior", "en"),
    Account("supervisor@demo.example", "Victor Vidal", "supervisor", "fr"),
    Account("auditor@demo.example", "Iris Imhof", "auditor", "en"),
)


def enter(desk: Desk, organisation: int) -> None:
    """Nothing; everybody followed a link, chose a password, and set up codes where the role needs them."""
    hashed = passwords.hashed(PASSWORD)
    for account in ACCOUNTS:
        now = desk.clock()
        with desk.database.writing() as writer:
            link = invitations.invite(writer, operator(organisation), account.role, now)
        with desk.database.writing() as writer:
            wish = Wish(account.login, account.name, PASSWORD, account.language)
            person = invitations.join(writer, desk.fields, link, wish, hashed, now)
            if account.secret is not None:
                code = account.code(now) or ""
                codes.set_up(writer, desk.fields, person, codes.Proposal(account.secret, "", ""), code, now)


def staff(reader: Reader) -> Mapping[str, Actor]:
    """Login, without its domain -> who acts under it."""
    found = ((one, queries.person_by_login(reader, one.login)) for one in ACCOUNTS)
    return {one.login.partition("@")[0]: person.actor for one, person in found if person is not None}


def until(now: datetime) -> datetime:
    """When the one-time codes of this moment end."""
    step = codes.STEP_SECONDS
    return now + timedelta(seconds=step - int(now.timestamp()) % step)
