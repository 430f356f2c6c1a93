"""One-time codes (TOTP, RFC 6238): a second proof beside the password. Every code works once."""

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import pyotp

from rempart.audit.queries import append
from rempart.errors import Broken, Conflict, NotFound, UserMistake
from rempart.facts.people import Actor, Role
from rempart.people import queries
from rempart.people.records import Person, Session
from rempart.storage.database import Writer
from rempart.storage.fields import Fields

# They confirm decisions, see names, or give rights to others: a stolen password alone must not be enough.
OBLIGATORY: Final[frozenset[Role]] = frozenset({"senior", "supervisor", "admin"})
ISSUER = "Rempart"
STEP_SECONDS = 30
DRIFT_STEPS = 1  # clocks of telephones go wrong by seconds
PROPOSAL_MINUTES = 30
PURPOSE = "code"
_PROPOSAL = "code proposal"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A secret that is not in force yet. sealed: goes through the form. uri: what the telephone reads."""

    secret: str
    sealed: str
    uri: str


def must_set_up(person: Person, session: Session) -> bool:
    """Whether the person can do nothing else before setting up one-time codes."""
    return person.role in OBLIGATORY and not person.has_code and session.through == "password"


def propose(fields: Fields, person: Person, now: datetime) -> Proposal:
    """A new secret for the person; it is in force when they show a code made with it."""
    return _proposal(fields, person, pyotp.random_base32(), now + timedelta(minutes=PROPOSAL_MINUTES))


def proposed(fields: Fields, person: Person, sealed: str, now: datetime) -> Proposal | None:
    """The proposal that went through the form; None when it is another person's, too old, or was changed."""
    try:
        kept = json.loads(fields.unseal(_PROPOSAL, base64.urlsafe_b64decode(sealed.encode())))
    except (Broken, ValueError, binascii.Error):
        return None
    until = datetime.fromisoformat(kept["until"])
    if kept["pid"] != person.pid or until <= now:
        return None
    return _proposal(fields, person, kept["secret"], until)


def set_up(writer: Writer, fields: Fields, person: Person, proposal: Proposal, code: str, now: datetime) -> None:
    """Nothing; from now on the person needs a code to sign in. Raises UserMistake for a wrong code."""
    fresh = queries.lock_person(writer, person.id)
    if fresh is None or fresh.has_code:
        raise Conflict("one-time codes are set up already; an administrator can reset them")
    step = _step_of(proposal.secret, code, now)
    if step is None:
        raise UserMistake("the code is not right; check the clock of the telephone and enter the next code")
    sealed = fields.seal_text(PURPOSE, proposal.secret)
    queries.change_person(writer, person.id, code_secret_sealed=sealed, code_step=step)
    append(writer, person.actor, "person", person.pid, "person.code_set_up", {}, now)


def use(writer: Writer, fields: Fields, person: Person, code: str, now: datetime) -> bool:
    """Whether the code is right and had not been used."""
    sealed = queries.secrets_of(writer, person.id)["code_secret_sealed"]
    step = None if sealed is None else _step_of(fields.unseal_text(PURPOSE, sealed), code, now)
    return step is not None and queries.use_code_step(writer, person.id, step)


def reset(writer: Writer, actor: Actor, pid: str, now: datetime) -> None:
    """Nothing; the person signs in without a code and sets up new ones. Their sessions end. Raises NotFound."""
    person = queries.person_by_pid(writer, actor.organisation, pid)
    if person is None or not person.has_code:
        raise NotFound("nobody of this pseudonym has one-time codes; look at the list of people")
    queries.change_person(writer, person.id, code_secret_sealed=None)
    queries.end_sessions(writer, person.id)
    append(writer, actor, "person", pid, "person.code_reset", {}, now)


def _proposal(fields: Fields, person: Person, secret: str, until: datetime) -> Proposal:
    kept = json.dumps({"pid": person.pid, "secret": secret, "until": until.isoformat()}).encode()
    sealed = base64.urlsafe_b64encode(fields.seal(_PROPOSAL, kept)).decode()
    return Proposal(secret, sealed, pyotp.TOTP(secret).provisioning_uri(name=person.login, issuer_name=ISSUER))


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step that the code belongs to; None when it belongs to none near now."""
    given = "".join(code.split())[:16].encode("utf-8", "replace")
    here = int(now.timestamp()) // STEP_SECONDS
    for step in range(here - DRIFT_STEPS, here + DRIFT_STEPS + 1):
        if hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step).encode(), given):
            return step
    return None
