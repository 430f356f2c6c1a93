"""From the ledger to figures. Nothing else is read: who changes a row changes no published number."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rempart.audit.browsing.queries import in_period, of_things
from rempart.audit.chain import Entry
from rempart.cases.story import heard
from rempart.cases.transparency.figures import Counts, Figure, Period
from rempart.storage.database import Reader

ILLEGAL = ("illegal_baseline", "illegal_national")
DECIDED = ("case.decided", "case.followed")
CASE_VERBS = (*DECIDED, "case.opened", "case.excepted", "case.undone")
PEOPLE = "R-"
CHUNK = 500
EVER = datetime(9999, 12, 31, tzinfo=UTC)
COUNTED = "screening.counted"


@dataclass(slots=True)
class _Story:
    """What a case's entries say of its decisions. standing: decision -> its entry; withdrawn: by which exception."""

    opened: Entry | None = None
    standing: dict[int, Entry] = field(default_factory=dict)
    undone: list[Entry] = field(default_factory=list)
    withdrawn: dict[int, dict[int, Entry]] = field(default_factory=dict)

    def tell(self, entry: Entry) -> None:
        """Nothing; the entry was taken in, in order."""
        if entry.verb == "case.opened":
            self.opened = entry
        elif entry.verb in DECIDED:
            self.standing[entry.data["decision"]] = entry
        elif entry.verb == "case.excepted":
            self.withdrawn[entry.data["decision"]] = self.standing
            self.standing = {}
        else:
            self._undo(entry.data["decision"])

    def _undo(self, decision: int) -> None:
        self.standing |= self.withdrawn.pop(decision, {})
        for made, entry in list(self.standing.items()):
            if decision in (made, entry.data.get("followed")):
                self.undone.append(self.standing.pop(made))


def figures(reader: Reader, organisation: int, period: Period) -> list[Figure]:
    """Every figure of the organisation in this period. Cost: the period's entries once, memory for a chunk of cases."""
    counts = Counts()
    for entry in in_period(reader, organisation, sorted(_EVENTS), period.since, period.until):
        _EVENTS[entry.verb](counts, entry)
    _times_of_notices(reader, organisation, period, counts)
    _times_of_orders(reader, organisation, period, counts)
    _times_of_appeals(reader, organisation, period, counts)
    _screening(reader, organisation, period, counts)
    _decisions(reader, organisation, period, counts)
    return counts.figures()


def _received(counts: Counts, entry: Entry) -> None:
    counts.add("notices", "received", entry.data["channel"], entry.data["category"])
    for name in ("urgent", "trusted"):
        counts.add("notices", name, number=int(bool(entry.data.get(name))))


def _executed(counts: Counts, entry: Entry) -> None:
    counts.add("orders", "executed", entry.data["kind"])
    counts.add("orders", "late", number=int(bool(entry.data["late"])))


def _reversed(counts: Counts, entry: Entry) -> None:
    counts.add("appeals", "reversed", entry.data["before"], entry.data["outcome"])


def _external(counts: Counts, entry: Entry) -> None:
    counts.add("appeals", "external", entry.data["outcome"])


def _published(counts: Counts, entry: Entry) -> None:
    """Nothing; only what really was published counts: what went to an emulator or a sandbox is nobody's statement."""
    data = entry.data
    if data["environment"] != "production":
        return
    category = data["category"].removeprefix("STATEMENT_CATEGORY_").lower()
    for keyword in data.get("category_specification") or ["none"]:
        counts.add("statements", "published", category, keyword.removeprefix("KEYWORD_").lower())
    counts.add("statements", "by_source", data["source_type"].removeprefix("SOURCE_").lower())
    counts.add("statements", "by_ground", data["decision_ground"].removeprefix("DECISION_GROUND_").lower())
    counts.add("statements", "detected_by_program", number=int(data["automated_detection"] == "Yes"))
    single = (data.get(name) for name in ("decision_monetary", "decision_provision", "decision_account"))
    for measure in (*data.get("decision_visibility", ()), *filter(None, single)):
        counts.add("statements", "by_measure", measure.removeprefix("DECISION_").lower())


_EVENTS: dict[str, Callable[[Counts, Entry], None]] = {
    "notice.received": _received,
    "notice.duplicate": lambda counts, _: counts.add("notices", "duplicate"),
    "order.received": lambda counts, entry: counts.add("orders", "received", entry.data["kind"]),
    "order.executed": _executed,
    "order.impossible": lambda counts, entry: counts.add("orders", "impossible", entry.data["reason"]),
    "case.opened": lambda counts, entry: counts.add("cases", "opened", entry.data["kind"]),
    "case.action_fulfilled": lambda counts, entry: counts.add("actions", "fulfilled", entry.data["kind"]),
    "case.action_refused": lambda counts, entry: counts.add("actions", "refused", entry.data["kind"]),
    "case.listed": lambda counts, entry: counts.add("actions", "listed", entry.data["kind"]),
    "case.judged_anew": _reversed,
    "case.purged": lambda counts, entry: counts.add("retention", "purged", entry.data["by"]),
    "report.published": _published,
    "appeal.opened": lambda counts, entry: counts.add("appeals", "received", entry.data["by"]),
    "appeal.decided": lambda counts, entry: counts.add("appeals", "answered", entry.data["by"], entry.data["outcome"]),
    "appeal.external_ended": _external,
}


def _times_of_notices(reader: Reader, organisation: int, period: Period, counts: Counts) -> None:
    """Nothing; of notices received in the period, when they were confirmed; of those told an outcome, when first."""
    verbs = ("notice.received", "notice.acknowledged", "notice.outcome")
    for story in _stories(reader, organisation, "notice", ("notice.received", "notice.outcome"), verbs, period):
        first = _firsts(story)
        received, confirmed, told = (first.get(verb) for verb in verbs)
        if received is None:
            continue
        if received in period and confirmed is not None:
            counts.time("notices", "acknowledged", received, confirmed)
        if told is not None and told in period:
            counts.add("notices", "answered")
            counts.time("notices", "answered", received, told)


def _times_of_orders(reader: Reader, organisation: int, period: Period, counts: Counts) -> None:
    verbs = ("order.received", "order.executed")
    for story in _stories(reader, organisation, "order", ("order.executed",), verbs, period):
        received = next((one for one in story if one.verb == "order.received"), None)
        for entry in story:
            if received is not None and entry.verb == "order.executed" and entry.at in period:
                start, end = heard(received.data["received_at"]), heard(entry.data["effect_at"])
                counts.time("orders", "effect", start, end)


def _times_of_appeals(reader: Reader, organisation: int, period: Period, counts: Counts) -> None:
    verbs = ("appeal.opened", "appeal.decided")
    for story in _stories(reader, organisation, "appeal", ("appeal.decided",), verbs, period):
        first = _firsts(story)
        if "appeal.opened" in first and "appeal.decided" in first:
            counts.time("appeals", "answered", first["appeal.opened"], first["appeal.decided"])


def _screening(reader: Reader, organisation: int, period: Period, counts: Counts) -> None:
    """Nothing; the tallies of days that lie in the period, each as it was last written down."""
    last: dict[str, Entry] = {}
    for entry in in_period(reader, organisation, (COUNTED,), period.since, EVER):
        last[entry.about_id] = entry
    for day, entry in last.items():
        if heard(f"{day}T00:00:00Z") in period:
            for channel, outcomes in entry.data["items"].items():
                for outcome, number in outcomes.items():
                    counts.add("screening", "items", channel, outcome, number=number)


def _decisions(reader: Reader, organisation: int, period: Period, counts: Counts) -> None:
    changed = {entry.about_id for entry in in_period(reader, organisation, DECIDED, period.since, period.until)}
    for some in _chunks(changed):
        stories: defaultdict[str, _Story] = defaultdict(_Story)
        for entry in of_things(reader, organisation, "case", some, CASE_VERBS):
            stories[entry.about_id].tell(entry)
        for story in stories.values():
            _of_case(counts, story, period)


def _of_case(counts: Counts, story: _Story, period: Period) -> None:
    counts.add("decisions", "undone", number=sum(one.at in period for one in story.undone))
    for entry in story.standing.values():
        if entry.at in period:
            _of_decision(counts, entry, story.opened)
    _agreement(counts, story, period)


def _of_decision(counts: Counts, entry: Entry, opened: Entry | None) -> None:
    data, followed = entry.data, entry.verb == "case.followed"
    if not followed:
        counts.add("decisions", "made", data["round"])
        counts.add("decisions", "by_machine", number=int(not entry.actor.startswith(PEOPLE)))
        if data["round"] == "first":
            if opened is not None:
                counts.time("cases", "first", opened.at, entry.at)
            if data.get("lane") == "sample":
                counts.add("sampling", "looked", data["tier"])
                counts.add("sampling", "illegal", data["tier"], number=int(data["outcome"] in ILLEGAL))
    if data["state"] == "decided":
        counts.add("cases", "decided", data["outcome"])
        counts.add("cases", "by_code", data["taxonomy"], data["code"])
        counts.add("cases", "with_cluster", number=int(followed))
        if opened is not None:
            counts.time("cases", "decided", opened.at, entry.at)
        if opened is not None and opened.data.get("matched"):
            counts.add("automated", "matched")
            counts.add("automated", "rejected", number=int(data["outcome"] == "not_illegal"))


def _agreement(counts: Counts, story: _Story, period: Period) -> None:
    """Nothing; each first judgement with the second that followed it in the period, on the card itself."""
    first: Entry | None = None
    for entry in story.standing.values():
        if entry.verb == "case.followed":
            continue
        if entry.data["round"] == "first":
            first = entry
        elif entry.data["round"] == "second" and first is not None:
            if entry.at in period:
                counts.add("agreement", "pairs")
                counts.add("agreement", "agreed", number=int(_code(entry) == _code(first)))
            first = None


def _code(entry: Entry) -> tuple[str, str]:
    return entry.data["taxonomy"], entry.data["code"]


def _stories(
    reader: Reader, organisation: int, about: str, changed_by: Collection[str], verbs: Collection[str], period: Period
) -> Iterator[list[Entry]]:
    """The whole story (these verbs) of each thing to which something of `changed_by` happened in the period."""
    changed = {entry.about_id for entry in in_period(reader, organisation, changed_by, period.since, period.until)}
    for some in _chunks(changed):
        stories: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in of_things(reader, organisation, about, some, verbs):
            stories[entry.about_id].append(entry)
        yield from stories.values()


def _firsts(story: list[Entry]) -> dict[str, datetime]:
    """Verb -> when it first happened."""
    return {entry.verb: entry.at for entry in reversed(story)}


def _chunks(ids: Collection[str]) -> Iterator[list[str]]:
    every = sorted(ids)
    for start in range(0, len(every), CHUNK):
        yield every[start : start + CHUNK]
