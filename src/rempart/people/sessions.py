"""Signed-in browsers: kept on the server, named by an opaque key, ended by time, by hand or by any change of rights."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rempart.audit.queries import append
from rempart.errors import NotFound
from rempart.facts.people import Actor
from rempart.people import queries
from rempart.people.random_keys import hash_of, new_key
from rempart.people.records import Person, Session, Stage, Through
from rempart.storage.database import Reader, Writer

STAGE_MINUTES = 10  # to find the telephone that shows the one-time code
TOUCH_SECONDS = 60  # a session is written to no more often than this
MOST_SESSIONS = 20  # of one person; the one unused for longest ends


@dataclass(frozen=True, slots=True)
class Times:
    """How long a session may last."""

    whole: timedelta
    idle: timedelta


def begin(
    writer: Writer,
    person: Person,
    *,
    stage: Stage,
    through: Through,
    browser: str,
    times: Times,
    now: datetime,
) -> tuple[str, Session]:
    """The key of a new session, for the browser only, and the session."""
    queries.sweep_sessions(writer, now)
    for old in queries.sessions_of(writer, person.id)[MOST_SESSIONS - 1 :]:
        queries.end_session(writer, old.key_hash)
    key = new_key()
    lasting = times.whole if stage == "full" else timedelta(minutes=STAGE_MINUTES)
    made = Session(hash_of(key), person.id, new_key(), stage, through, browser[:40], now, now, now + lasting)
    queries.add_session(
        writer,
        key_hash=made.key_hash,
        person=made.person,
        form_key=made.form_key,
        stage=stage,
        through=through,
        browser=made.browser,
        created_at=now,
        seen_at=now,
        expires_at=made.expires_at,
    )
    return key, made


def find(reader: Reader, key: str, times: Times, now: datetime) -> tuple[Session, Person] | None:
    """The session that the key opens, and whose it is; None when it has ended or the person may not come in."""
    found = queries.session_of(reader, hash_of(key))
    if found is None:
        return None
    session, person = found
    ended = session.expires_at <= now or session.seen_at + times.idle <= now
    return None if ended or not person.active else found


def is_due(session: Session, now: datetime) -> bool:
    """Whether the use of the session should be written down again."""
    return now - session.seen_at >= timedelta(seconds=TOUCH_SECONDS)


def end(writer: Writer, actor: Actor, key_hash: str, now: datetime) -> None:
    """Nothing; the session has ended."""
    if queries.end_session(writer, key_hash):
        append(writer, actor, "person", actor.pid, "person.signed_out", {}, now)


def end_one(writer: Writer, person: Person, handle: str, now: datetime) -> None:
    """Nothing; that session of the person has ended. Raises NotFound."""
    for session in queries.sessions_of(writer, person.id):
        if session.handle == handle:
            queries.end_session(writer, session.key_hash)
            append(writer, person.actor, "person", person.pid, "person.signed_out", {"elsewhere": True}, now)
            return
    raise NotFound("this session does not exist; it may have ended already")


def end_others(writer: Writer, person: Person, key_hash: str, now: datetime) -> None:
    """Nothing; every session of the person but this one has ended."""
    ended = queries.end_sessions(writer, person.id, but=key_hash)
    if ended:
        append(writer, person.actor, "person", person.pid, "person.signed_out", {"elsewhere": True, "n": ended}, now)
