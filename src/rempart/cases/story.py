"""What the story of a case comes to: a pure function of its ledger entries. The row of the case is its projection."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from rempart.audit.chain import Entry
from rempart.storage.columns import FORMAT


@dataclass(frozen=True, slots=True)
class CaseStory:
    """Where the case stands. before: where it stood before each decision that may still be undone."""

    state: str = "new"
    assignee: str | None = None
    lane: str | None = None
    claimed_at: datetime | None = None
    outcome: str | None = None
    decided_at: datetime | None = None
    final_at: datetime | None = None
    police_first: bool = False
    leads: bool | None = None
    before: "CaseStory | None" = field(default=None, compare=False, repr=False)


def state_of(entries: Iterable[Entry]) -> CaseStory:
    """Where the case stands after these entries, oldest first. A verb that changes no state is passed over."""
    story = CaseStory()
    for entry in entries:
        tell = VERBS.get(entry.verb)
        story = tell(story, entry) if tell else story
    return story


def told(at: datetime) -> str:
    """A time as it stands in the data of an entry."""
    return at.astimezone(UTC).strftime(FORMAT)


def heard(text: str) -> datetime:
    """The time that `told` wrote."""
    return datetime.strptime(text, FORMAT).replace(tzinfo=UTC)


def _opened(story: CaseStory, entry: Entry) -> CaseStory:
    return replace(story, state=entry.data.get("state", "triaged"), leads=entry.data.get("leads", True))


def _claimed(story: CaseStory, entry: Entry) -> CaseStory:
    return replace(story, assignee=entry.actor, lane=entry.data["lane"], claimed_at=entry.at)


def _let_go(story: CaseStory, entry: Entry) -> CaseStory:
    return replace(_unheld(story), state=entry.data.get("state", story.state))


def _reopened(story: CaseStory, entry: Entry) -> CaseStory:
    return replace(_let_go(story, entry), outcome=None, decided_at=None, final_at=None)


def _flagged(story: CaseStory, entry: Entry) -> CaseStory:
    return replace(story, police_first=bool(entry.data["on"]))


def _decided(story: CaseStory, entry: Entry) -> CaseStory:
    data: dict[str, Any] = entry.data
    decided = data["state"] == "decided"
    return replace(
        _unheld(story),
        state=data["state"],
        outcome=data["outcome"] if decided else story.outcome,
        decided_at=entry.at if decided else story.decided_at,
        final_at=heard(data["final_at"]),
        before=story,
    )


def _excepted(story: CaseStory, entry: Entry) -> CaseStory:
    return replace(_unheld(story), state=entry.data["state"], leads=True, before=story)


def _led(story: CaseStory, entry: Entry) -> CaseStory:
    return replace(story, leads=bool(entry.data["leads"]))


def _undone(story: CaseStory, entry: Entry) -> CaseStory:  # noqa: ARG001
    return story.before or story


def _judged_anew(story: CaseStory, entry: Entry) -> CaseStory:
    return replace(story, outcome=entry.data["outcome"], decided_at=entry.at, final_at=entry.at)


def _unheld(story: CaseStory) -> CaseStory:
    return replace(story, assignee=None, lane=None, claimed_at=None)


VERBS: dict[str, Callable[[CaseStory, Entry], CaseStory]] = {
    "case.opened": _opened,
    "case.claimed": _claimed,
    "case.released": _let_go,
    "case.lapsed": _let_go,
    "case.skipped": _let_go,
    "case.escalated": _let_go,
    "case.reopened": _reopened,
    "case.closed": _let_go,
    "case.police_first": _flagged,
    "case.decided": _decided,
    "case.followed": _decided,
    "case.excepted": _excepted,
    "case.joined": _led,
    "case.split": _led,
    "case.stepped_back": _led,
    "case.surfaced": _led,
    "case.undone": _undone,
    "case.judged_anew": _judged_anew,
}
