"""What is there against what was promised: every promise kept, once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from rempart.audit.tables import ledger
from rempart.cases import tables
from rempart.cases.intake.following import notice_state
from rempart.cases.review import own_list
from rempart.errors import NotFound
from rempart.storage.database import Reader
from rempart.storage.tables import outbox
from rempart.testing.faults.journal import Kind, Line
from rempart.testing.faults.load import ROWS
from rempart.wiring.desk import Desk

KINDS: tuple[Kind, ...] = ("item", "notice", "bundle", "decision", "undo")


@dataclass(slots=True)
class Reckoning:
    """lost, duplicated: what is wrong, in sentences. accepted, gone: requests of each kind. refused: answers that no
    well-formed request should have got."""

    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    accepted: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)

    def once(self, what: str, found: int) -> None:
        """Nothing; it is noted unless the thing is there exactly once."""
        if found < 1:
            self.lost.append(f"{what}: not there")
        self.at_most_once(what, found)

    def equal(self, what: str, there: int, counted: int) -> None:
        """Nothing; it is noted when more or fewer were counted than are there."""
        if there != counted:
            (self.lost if counted < there else self.duplicated).append(f"{there} {what}, {counted} counted")

    def at_most_once(self, what: str, found: int) -> None:
        """Nothing; it is noted when the thing is there twice."""
        if found > 1:
            self.duplicated.append(f"{what}: there {found} times")


def reckon(desk: Desk, lines: Iterable[Line]) -> Reckoning:
    """What became of everything that was sent."""
    result, by_kind = Reckoning(), _sorted(lines)
    for kind in KINDS:
        for key, told in by_kind[kind].items():
            what = next((word for word in ("accepted", "refused", "gone") if word in told), "gone")
            if what == "refused":
                result.refused.append(f"{kind} {key}: {told['refused']}")
            else:
                (result.accepted if what == "accepted" else result.gone)[kind] += 1
    with desk.database.reading() as reader:
        _items(reader, result, by_kind["item"])
        _notices(reader, result, by_kind["notice"])
        _bundles(reader, result, by_kind["bundle"])
        _decisions(reader, result, by_kind["decision"], by_kind["undo"])
        _cases(reader, result)
        _effects(reader, result, desk.clock())
    _own_list(desk, result)
    return result


Told = Mapping[str, Mapping[str, Any]]


def _sorted(lines: Iterable[Line]) -> dict[Kind, dict[str, dict[str, dict[str, Any]]]]:
    """kind -> key -> what -> what was told."""
    found: dict[Kind, dict[str, dict[str, dict[str, Any]]]] = {kind: defaultdict(dict) for kind in KINDS}
    for line in lines:
        found[line.kind][line.key][line.what] = line.told
    return found


def _items(reader: Reader, result: Reckoning, sent: Mapping[str, Told]) -> None:
    item, tally = tables.item.c, tables.tally.c
    rows = list(reader.rows(select(item.request_key, item.number, item.case_id, item.verdict)))
    by_key = Counter(row["request_key"] for row in rows)
    numbers = {row["request_key"]: row for row in rows}
    for key, told in sent.items():
        if "accepted" not in told:
            result.at_most_once(f"item {key}", by_key[key])
            continue
        result.once(f"item {key}", by_key[key])
        answer, row = told["accepted"], numbers.get(key)
        if row is not None and (row["number"], row["case_id"]) != (answer["item"], answer["case"]):
            result.lost.append(f"item {key}: not as it was answered")
    counted = reader.value(select(func.sum(tally["items"])).where(tally.channel != "bundle"))
    result.equal("items", len(rows), int(counted or 0))
    opened = Counter(row["case_id"] for row in rows if row["case_id"] is not None)
    for case_id, n in opened.items():
        result.at_most_once(f"item of case {case_id}", n)


def _notices(reader: Reader, result: Reckoning, sent: Mapping[str, Told]) -> None:
    numbers = Counter(reader.values(select(tables.notice.c.number)))
    received = _told_times(reader, "notice.received")
    for key, told in sent.items():
        if "accepted" not in told:
            continue
        answer = told["accepted"]
        result.once(f"notice {key}", numbers[answer["number"]])
        try:
            state = notice_state(reader, answer["number"], answer["code"])
        except NotFound:
            result.lost.append(f"notice {key}: its number and code lead nowhere")
            continue
        result.once(f"receipt of notice {key}", received[str(state.notice)])
    if numbers.total() > len(sent):
        result.duplicated.append(f"{numbers.total()} notices, of {len(sent)} sent")
    media = tables.media.c
    screened = _told_times(reader, "media.screened")
    for row in reader.rows(select(media.id, media.outcome)):
        if row["outcome"] == "waiting":
            result.lost.append(f"media {row['id']}: never screened")
        result.at_most_once(f"screening of media {row['id']}", screened[str(row["id"])])


def _bundles(reader: Reader, result: Reckoning, sent: Mapping[str, Told]) -> None:
    """Each bundle is there once, and each of its rows was taken once."""
    bundle, tally = tables.bundle.c, tables.tally.c
    rows = list(reader.rows(select(bundle.request_key, bundle.number, bundle.state, bundle.counts, bundle.position)))
    by_key = Counter(row["request_key"] for row in rows)
    for key, told in sent.items():
        (result.once if "accepted" in told else result.at_most_once)(f"bundle {key}", by_key[key])
    taken = 0
    for row in rows:
        what = f"rows of bundle {row['request_key']}"
        taken += row["counts"].get("accepted", 0) + row["counts"].get("duplicate", 0)
        if row["state"] != "done":
            result.lost.append(f"{what}: {row['state']}")
        result.equal(what, ROWS, row["counts"].get("accepted", 0))
    counted = reader.value(select(func.sum(tally["items"])).where(tally.channel == "bundle"))
    result.equal("rows of bundles", taken, int(counted or 0))
    result.equal("rows known", taken, int(reader.value(select(func.count()).select_from(tables.bundle_row)) or 0))


def _decisions(reader: Reader, result: Reckoning, sent: Mapping[str, Told], undone: Mapping[str, Told]) -> None:
    rows = list(reader.rows(select(tables.decision)))
    led = Counter(row["reason"] for row in rows if row["followed"] is None)
    for key, told in sent.items():
        (result.once if "accepted" in told else result.at_most_once)(f"decision {key}", led[key])
    by_id = {row["id"]: row for row in rows}
    for number, told in undone.items():
        if "accepted" in told and by_id[int(number)]["undone_at"] is None:
            result.lost.append(f"undoing of decision {number}")
    acted = Counter(
        entry["data"]["decision"] for entry in reader.rows(select(ledger.c.data).where(ledger.c.verb == "case.acted"))
    )
    final = set(reader.values(select(outbox.c.effect_key).where(outbox.c.kind == "decision.final")))
    actions = Counter(
        (row["decision_id"], row["kind"])
        for row in reader.rows(select(tables.action.c.decision_id, tables.action.c.kind))
    )
    for row in rows:
        leader = row["followed"] or row["id"]
        if f"decision.final:{leader}" not in final:
            continue
        what = f"what follows from decision {row['id']}"
        if row["undone_at"] is None:
            result.once(what, acted[row["id"]])
        elif acted[row["id"]]:
            result.duplicated.append(f"{what}, which was undone")
    for (made, kind), n in actions.items():
        result.at_most_once(f"{kind} of decision {made}", n)


def _cases(reader: Reader, result: Reckoning) -> None:
    """Every case was opened once, by an item, a notice or a row of a bundle."""
    opened = _told_times(reader, "case.opened")
    ids = set(reader.values(select(tables.case.c.id)))
    by_items = set(reader.values(select(tables.item.c.case_id).where(tables.item.c.case_id.is_not(None))))
    by_notices = set(reader.values(select(tables.notice_case.c.case_id)))
    for one in ids:
        result.once(f"opening of case {one}", opened[str(one)])
    by_bundles = set(reader.values(select(tables.bundle_row.c.case_id)))
    for one in ids - by_items - by_notices - by_bundles:
        result.duplicated.append(f"case {one}: nothing opened it")


def _effects(reader: Reader, result: Reckoning, now: datetime) -> None:
    """Every effect whose time has come has ended, and well. Some have a time of their own, such as a day later."""
    rows = reader.rows(select(outbox.c.id, outbox.c.kind, outbox.c.state, outbox.c.problem, outbox.c.not_before))
    for row in rows:
        waits = row["state"] == "pending" and row["not_before"] > now
        if not waits and row["state"] not in ("done", "cancelled"):
            result.lost.append(f"effect {row['id']} ({row['kind']}): {row['state']}, {row['problem']}")


def _own_list(desk: Desk, result: Reckoning) -> None:
    """Every picture that a decision listed is an entry, once for each of its fingerprints."""
    name = desk.settings.desk.own_list
    with desk.database.reading() as reader:
        action = tables.action.c
        done = (action.kind == "add_to_list", action.state == "fulfilled")
        targets = list(reader.values(select(action.target).where(*done)))
        listed_ = _told_times(reader, "case.listed", about_action=True)
        for number in reader.values(select(action.id).where(*done)):
            result.once(f"listing by action {number}", listed_[str(number)])
    for ref in {ref for target in targets for ref in target["refs"]}:
        if not own_list.holds(desk.lists, name, ref):
            result.lost.append(f"entry {ref}")


def _told_times(reader: Reader, verb: str, *, about_action: bool = False) -> Counter[str]:
    """What an entry is about -> how many entries say this of it."""
    rows = reader.rows(select(ledger.c.about_id, ledger.c.data).where(ledger.c.verb == verb))
    return Counter(str(row["data"]["action"]) if about_action else row["about_id"] for row in rows)
