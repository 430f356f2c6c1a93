"""Screening one item for somebody who waits: within the time that is left, and nothing lost when it is not enough."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from rempart.cases.intake.items import Screening, keep_item, replayed
from rempart.cases.intake.judging import Seen, seen, seen_of_fingerprints
from rempart.cases.intake.notices import Intake
from rempart.cases.intake.submitted import Answer, Submission, examination_of
from rempart.errors import Conflict, Unavailable
from rempart.facts import Finding, NotExamined
from rempart.facts.people import Actor
from rempart.wiring.desk import Desk

LATE = "not in time"
BUSY = "screening is busy"
NO_LIST = "no list to compare with"
T = TypeVar("T")
# Who looks while a caller waits no longer; where all of them are busy, the next caller is told that it is late.
_LOOKERS = ThreadPoolExecutor(64, thread_name_prefix="look")


def intake_of(desk: Desk) -> Intake:
    """What receiving needs, from the desk."""
    return desk.intake


def screen_now(
    desk: Desk, actor: Actor, submission: Submission, arrived: float, screening: Screening | None = None
) -> Answer:
    """What the host is told. arrived: when the request did (`time.monotonic`); the budget counts from there.

    screening: how it went, when it is done already.
    Raises Unavailable when the database or the vault cannot keep what has to be kept; then nothing is.
    """
    intake, when_unable = intake_of(desk), desk.settings.intake.when_unable
    if submission.request_key is not None:
        with desk.database.reading() as reader:
            before = replayed(reader, intake, actor, submission, when_unable)
        if before is not None:
            return before
    screening = screening or screened(desk, submission, arrived + desk.settings.intake.budget_seconds)
    try:
        with desk.database.writing() as writer:
            return replayed(writer, intake, actor, submission, when_unable) or keep_item(
                writer, intake, actor, submission, screening, when_unable, desk.clock()
            )
    except Conflict:  # the same request came twice at once: the other one kept it
        with desk.database.reading() as reader:
            before = replayed(reader, intake, actor, submission, when_unable)
        if before is None:
            raise
        return before


def screened(desk: Desk, submission: Submission, deadline: float, *, keeps_waiting: bool = True) -> Screening:
    """How screening the item goes until then. keeps_waiting: bytes that were not looked at in time are sealed, too."""
    snapshot = desk.lists.snapshot()
    lists = tuple(one.facts for one in snapshot.lists)
    if not any(one.polarity == "known-bad" and one.entries for one in lists):
        unseen = Finding(submission.about.name, NotExamined(NO_LIST), gaps=(NO_LIST,))
        return Screening(Seen(unseen, whole=False, reason=NO_LIST))
    one, waiting = _look(desk, submission, deadline)
    content = submission.content
    keeps = content is not None and (keeps_waiting if one is None else one.opens_case)
    sealed = desk.vault.seal(content) if keeps and content is not None else None
    return Screening(one, waiting, sealed, lists)


def _look(desk: Desk, submission: Submission, deadline: float) -> tuple[Seen | None, str]:
    """What was seen, or None and why nothing was."""
    name, content = submission.about.name, submission.content
    if content is None:
        given = examination_of(submission.known)
        return seen_of_fingerprints(desk.screeners.judge(name, given), given), ""

    def look() -> Seen:
        left = max(deadline - time.monotonic(), 0.001)
        found = desk.screeners.screen(name, content, left, whole=False)
        return seen(found.finding, found.members, found.examination)

    try:
        return within(deadline - time.monotonic(), look), ""
    except TimeoutError:
        return None, LATE
    except Unavailable:
        return None, BUSY


def within(seconds: float, work: Callable[[], T]) -> T:
    """What the work gives. Raises TimeoutError when it takes longer; it then goes on, and nobody waits for it."""
    return _LOOKERS.submit(work).result(max(seconds, 0.0))
