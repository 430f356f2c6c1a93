"""The duty of the Transparency Database: what was approved is gathered and sent, a hundred at once."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from rempart.errors import NotAllowed, Unavailable, UserMistake
from rempart.net import NoAnswer, NotSent
from rempart.people.queries import organisations
from rempart.reporting import batching
from rempart.reporting.batching import Statement
from rempart.reporting.drafting import Reporting
from rempart.reporting.dsa import replies
from rempart.reporting.dsa.replies import Verdict
from rempart.reporting.dsa.target import address_of, token_of
from rempart.reporting.dsa.vocabulary import MOST_PER_BATCH
from rempart.reporting.recipients.transparency_database import RECIPIENT
from rempart.wiring.desk import Desk
from rempart.wiring.reporting import reporting_of

# Half of what the database allows (200 a second, 12,000 a minute), so that other programmes of the operator may go on.
SECONDS_APART = 0.01
MOST_REQUESTS = 2000


@dataclass(slots=True)
class Pace:
    """Requests kept apart, and counted. troubles: why some had to wait, for who runs the desk."""

    pause: Callable[[float], None]
    left: int = MOST_REQUESTS
    troubles: list[str] = field(default_factory=list)
    _last: float = 0.0

    def step(self) -> None:
        """Nothing; another request may be made now."""
        self.left -= 1
        wait = self._last + SECONDS_APART - time.monotonic()
        if wait > 0:
            self.pause(wait)
        self._last = time.monotonic()


def gather(desk: Desk) -> None:
    """Nothing; what may leave did, or waits with its reason. Raises Unavailable when somebody has to do something."""
    reporting, pace = reporting_of(desk), Pace(desk.outbound.pause)
    with desk.database.reading() as reader:
        known = organisations(reader)
    for one in known:
        while _round(desk, reporting, one.id, pace) and pace.left > 0:
            pass
    if pace.troubles:
        raise Unavailable(pace.troubles[0])


def _round(desk: Desk, reporting: Reporting, organisation: int, pace: Pace) -> bool:
    """Whether there was anything to do."""
    with desk.database.reading() as reader:
        found = batching.waiting(reader, desk.fields, organisation, RECIPIENT.name, desk.clock())
    for one in [one for one in found if one.phase != "ready"]:
        _ask_for(desk, reporting, batching.lost(one), pace)
    for environment in sorted({one.row["environment"] for one in found}):
        batches = [[one for one in found if one.phase == "ready" and one.row["environment"] == environment]]
        while batches and pace.left > 0:
            batches += _send(desk, reporting, batches.pop(0), pace)
    return bool(found)


def _send(desk: Desk, reporting: Reporting, batch: Sequence[Statement], pace: Pace) -> list[list[Statement]]:
    """What is left of the batch, to be sent at once: all or nothing arrives, so who is at fault is left out."""
    assert len(batch) <= MOST_PER_BATCH  # noqa: S101
    with desk.database.writing() as writer:
        begun = batching.begin(writer, desk.fields, batch, desk.clock())
    if not begun:
        return []
    verdict = _asked(desk, reporting, begun, pace)
    if verdict.problem:
        pace.troubles.append(verdict.problem)
    with desk.database.writing() as writer:
        after = batching.keep(writer, desk.fields, RECIPIENT, begun, verdict, desk.clock())
    by_number = {one.puid: one for one in after}
    middle = (len(verdict.halved) + 1) // 2
    parts = (verdict.again, verdict.halved[:middle], verdict.halved[middle:])
    return [[by_number[puid] for puid in part] for part in parts if part]


def _asked(desk: Desk, reporting: Reporting, begun: Sequence[Statement], pace: Pace) -> Verdict:
    puids = [one.puid for one in begun]
    content = json.dumps({"statements": [one.body for one in begun]}, ensure_ascii=False).encode()
    try:
        url, headers = _door(reporting, begun[0], "statements")
        pace.step()
        answer = desk.outbound.request("POST", url, headers=headers, body=content)
    except (UserMistake, NotAllowed) as error:
        return replies.held(puids, str(error))
    except NotSent:
        wait = min(replies.WAIT_SECONDS * 2 ** min(begun[0].tries, 6), replies.LONGEST_WAIT_SECONDS)
        return replies.held(puids, "the Transparency Database cannot be reached; it is tried again", wait)
    except NoAnswer:
        return replies.doubtful(puids)
    return replies.of_batch(answer, puids)


def _ask_for(desk: Desk, reporting: Reporting, one: Statement, pace: Pace) -> None:
    """Nothing; the database was asked whether it has this statement."""
    standing: replies.Standing = "unknown"
    content = b""
    try:
        url, headers = _door(reporting, one, f"statement/existing-puid/{quote(one.puid, safe='')}")
        pace.step()
        answer = desk.outbound.request("GET", url, headers=headers)
        standing, content = replies.of_question(answer, one.puid), answer.body
        if answer.status in (401, 403):
            pace.troubles.append(replies.of_batch(answer, [one.puid]).problem)
    except (UserMistake, NotAllowed) as error:
        pace.troubles.append(str(error))
    except (NotSent, NoAnswer):
        pace.troubles.append("the Transparency Database does not say whether it has a statement; it is asked again")
    with desk.database.writing() as writer:
        batching.found(writer, desk.fields, RECIPIENT, one, standing, content, desk.clock())


def _door(reporting: Reporting, one: Statement, path: str) -> tuple[str, dict[str, str]]:
    """(address, headers) of a request about this statement."""
    options = reporting.options_of(RECIPIENT.name)
    address = address_of(one.row["environment"], options, reporting.signed_off_by)
    headers = {
        "Authorization": f"Bearer {token_of(options)}",
        "Accept": "application/json",
        "Content-Type": "application/json",
    }
    return f"{address}/{path}", headers
