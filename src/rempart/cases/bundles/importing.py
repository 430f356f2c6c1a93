"""Some rows of a bundle become cases, in one unit of work: each is accepted, a duplicate, or refused; none is lost."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rempart.cases.bundles import queries
from rempart.cases.bundles.queries import Row
from rempart.cases.bundles.records import BundleRow, Read, Refused
from rempart.cases.intake.judging import Seen, outcome_to_count, seen_of_fingerprints
from rempart.cases.intake.media import Arrived, content_ties, keep_media
from rempart.cases.intake.notices import OPEN_STATES, Intake
from rempart.cases.intake.opening import Tie, add_places, content_key, keys_of, near_keys_of_all, open_case, tie_key
from rempart.cases.intake.queries import cases, items
from rempart.cases.intake.reranking import learn
from rempart.cases.triage import clusters
from rempart.cases.triage.clusters import Key
from rempart.cases.triage.features import capture_age, from_finding, from_row, no_media, stated
from rempart.errors import Conflict
from rempart.facts import Examination, Finding, NotExamined, Variant, View, reasons
from rempart.facts.case import CaseKind, Feature
from rempart.facts.hash_list import HashList
from rempart.facts.people import Actor
from rempart.storage.database import Writer
from rempart.storage.fields import Fields
from rempart.thresholds import PDQ_LEAST_QUALITY

MOST_REFUSALS_KEPT = 10_000
NO_LIST = "no list to compare with"
# What makes a row open a case again although the one it was counted to is decided.
PRESSING = ("urgent", "threat_to_life", "live_stream", "contact_in_progress", "victim_self_report")
Judge = Callable[[str, Examination], Finding]


@dataclass(frozen=True, slots=True)
class Looked:
    """One row, and what the lists say of its fingerprints; None when it has none."""

    read: Read
    one: Seen | None = None


def look(read: Read, judge: Judge, lists: Sequence[HashList]) -> Looked:
    """The row, compared with the lists; without any list nothing is called clean."""
    if isinstance(read, Refused) or not read.prints:
        return Looked(read)
    examined = _examination(read)
    if not any(one.polarity == "known-bad" and one.entries for one in lists):
        unseen = Finding("upload", NotExamined(NO_LIST), gaps=(NO_LIST,))
        return Looked(read, Seen(unseen, whole=False, reason=NO_LIST, examination=examined))
    return Looked(read, seen_of_fingerprints(judge("upload", examined), examined))


def take(
    writer: Writer,
    intake: Intake,
    actor: Actor,
    bundle_id: int,
    start: int,
    batch: Sequence[Looked],
    lists: Sequence[HashList],
    now: datetime,
) -> int:
    """How many rows of the bundle are dealt with now. start: how many were before.

    Raises Conflict when somebody else has dealt with some of them meanwhile; then nothing is kept.
    """
    bundle = queries.lock(writer, actor.organisation, bundle_id)
    if bundle is None or bundle["position"] != start or bundle["state"] not in ("received", "importing"):
        raise Conflict("this bundle is imported by somebody else; look at it again in a while")
    batch_ = _Batch(writer, intake, actor, bundle, lists, now)
    counts = batch_.counts_with(batch)
    position = start + len(batch)
    queries.change(writer, actor.organisation, bundle_id, state="importing", counts=counts, position=position)
    return position


class _Batch:
    """The rows of one unit of work, and the counts they add to."""

    def __init__(
        self, writer: Writer, intake: Intake, actor: Actor, bundle: Row, lists: Sequence[HashList], now: datetime
    ) -> None:
        self.writer, self.intake, self.actor, self.lists, self.now = writer, intake, actor, lists, now
        self.bundle, self.partner = bundle, bundle["partner"]
        self.source = f"partner:{self.partner}"

    def counts_with(self, batch: Sequence[Looked]) -> dict[str, Any]:
        """The counts of the bundle with these rows, which are kept."""
        counts: dict[str, Any] = self.bundle["counts"]
        refused = [one.read for one in batch if isinstance(one.read, Refused)]
        self._keep_refusals(refused, sum(counts.get("refused", {}).values()))
        accepted, duplicate = self._keep_rows(batch)
        aside = Counter(word for one in batch if isinstance(one.read, BundleRow) for word in one.read.set_aside)
        tally = Counter(outcome_to_count(one.one) for one in batch if one.one is not None)
        for outcome, number in tally.items():
            items.count(self.writer, self.actor.organisation, self.now.date(), "bundle", outcome, number)
        return {
            "accepted": counts.get("accepted", 0) + accepted,
            "duplicate": counts.get("duplicate", 0) + duplicate,
            "refused": dict(Counter(counts.get("refused", {})) + Counter(one.reason for one in refused)),
            "set_aside": dict(Counter(counts.get("set_aside", {})) + aside),
            "cut": counts.get("cut", False) or any(one.ends_file for one in refused),
        }

    def _keep_refusals(self, refused: Sequence[Refused], before: int) -> None:
        kept = refused[: max(MOST_REFUSALS_KEPT - before, 0)]
        rows = [(one.position, one.reason) for one in kept]
        queries.insert_refusals(self.writer, self.actor.organisation, self.bundle["id"], rows)

    def _keep_rows(self, batch: Sequence[Looked]) -> tuple[int, int]:
        """(accepted, duplicates)."""
        rows = [(self._key(one.read), one) for one in batch if isinstance(one.read, BundleRow)]
        organisation = self.actor.organisation
        known = queries.known_rows(self.writer, organisation, self.partner, [key for key, _ in rows])
        ties = self._ties_of([one for _, one in rows])
        clusters.reserve(self.writer, organisation, ties, set(known.values()))
        fresh: dict[str, int] = {}
        duplicates = 0
        for (key, one), keys in zip(rows, ties, strict=True):
            case_id = known.get(key)
            if case_id is None:
                known[key] = fresh[key] = self._open(one, keys)
                continue
            duplicates += 1
            moved = self._join(case_id, one, keys)
            if moved != case_id:
                known[key] = moved
                if key in fresh:
                    fresh[key] = moved
                else:
                    queries.move_row(self.writer, organisation, self.partner, key, moved)
        queries.insert_rows(self.writer, organisation, self.partner, fresh)
        return len(rows) - duplicates, duplicates

    def _key(self, row: BundleRow) -> str:
        return row_key(self.intake.fields, self.partner, row)

    def _ties_of(self, batch: Sequence[Looked]) -> list[list[Key]]:
        """What ties each row's case to others, near pictures among our own cases included."""
        media = [looked.one.examination if looked.one else None for looked in batch]
        near = near_keys_of_all(self.writer, self.intake.nearest, self.actor.organisation, media)
        return [
            [*keys_of(self.intake.fields, _row(looked).urls, _ties(looked)), *own]
            for looked, own in zip(batch, near, strict=True)
        ]

    def _open(self, looked: Looked, keys: Sequence[Key]) -> int:
        """The id of the case that the row opened."""
        row = _row(looked)
        case_id = open_case(
            self.writer,
            self.intake.fields,
            self.actor,
            _kind(row),
            [*self._found(looked), *self._said(row), *self._house(row)],
            self.intake.rules,
            now=self.now,
            urls=row.urls,
            keys=keys,
            draw=self.intake.draw,
        )
        if looked.one is not None:
            arrived = Arrived(row.name, _sha256(row), 0)
            keep_media(self.writer, self.intake.fields, self.actor, case_id, arrived, looked.one, self.now)
        return case_id

    def _join(self, case_id: int, looked: Looked, keys: Sequence[Key]) -> int:
        """The case that the duplicate is counted to: what it says that is new is learnt there.

        When that case was judged already and the row now says that a child is in danger, a new one is opened.
        """
        row = _row(looked)
        case = cases.case_row(self.writer, self.actor.organisation, case_id, lock=True)
        if case is None:
            return self._open(looked, keys)
        news = self._news(row, from_row(case["features"]))
        if case["state"] not in OPEN_STATES and any(one.name in PRESSING and one.value is True for one in news):
            return self._open(looked, keys)
        add_places(self.writer, self.intake.fields, self.actor, case_id, row.urls, self.now)
        if news or clusters.ties_anew(self.writer, self.actor.organisation, case_id, keys):
            learn(self.writer, self.actor, case, news, self.intake.rules, self.now, keys=keys)
        return case_id

    def _news(self, row: BundleRow, known: Sequence[Feature]) -> list[Feature]:
        """What the partner says now and has not said before. The age of a picture grows by itself: that is no news."""
        said = {(one.name, one.value) for one in known if one.source == self.source}
        aged = any(name == "capture_age_days" for name, _ in said)
        told = [one for one in self._said(row) if (one.name, one.value) not in said]
        return [one for one in told if not (aged and one.name == "capture_age_days")]

    def _found(self, looked: Looked) -> Iterator[Feature]:
        if looked.one is None:
            yield from no_media(self.now)
        else:
            yield from from_finding(looked.one.finding, self.now, self.lists)

    def _said(self, row: BundleRow) -> list[Feature]:
        """What the partner says."""
        said = stated(self.source, self.now, **row.said)
        return said + (capture_age(row.captured_at, self.now, self.source) if row.captured_at else [])

    def _house(self, row: BundleRow) -> list[Feature]:
        """What the house itself knows of the content and of the account."""
        organisation, fields = self.actor.organisation, self.intake.fields
        fresh = None
        if _sha256(row):
            fresh = not cases.content_seen(self.writer, organisation, content_key(fields, _sha256(row)))
        actor = next((tie for tie in row.ties if tie.kind == "actor"), None)
        earlier = cases.cases_tied(self.writer, organisation, "actor", tie_key(fields, actor)) if actor else 0
        return stated("house", self.now, first_seen_here=fresh, prior_reports=earlier or None)


def row_key(fields: Fields, partner: str, row: BundleRow) -> str:
    """The blind value by which the partner's row is recognised when it comes again."""
    return fields.blind("bundle-row", f"{partner}\n{row.identity}".encode("utf-8", "replace"))


def _examination(row: BundleRow) -> Examination:
    """What is known of a medium whose bytes stay with the partner. A pdq without a quality is compared as it is."""
    least = PDQ_LEAST_QUALITY.value
    digests = tuple(one for one in row.prints if one.kind != "pdq")
    prints = [one for one in row.prints if one.kind == "pdq"]
    good = [one for one in prints if one.quality is None or one.quality >= least]
    gaps = (reasons.LOW_QUALITY,) if len(good) < len(prints) else ()
    variants = tuple(Variant(one, View()) for one in good)
    return Examination("application/octet-stream", 0, digests=digests, variants=variants, gaps=gaps)


def _kind(row: BundleRow) -> CaseKind:
    if row.prints:
        return "media"
    return "url" if row.urls else "account"


def _sha256(row: BundleRow) -> bytes:
    return next((one.value for one in row.prints if one.kind == "sha256"), b"")


def _row(looked: Looked) -> BundleRow:
    """The row itself; what was refused never comes here."""
    assert isinstance(looked.read, BundleRow)  # noqa: S101 - chosen by the callers
    return looked.read


def _ties(looked: Looked) -> list[Tie]:
    """What joins the row's case to others: digests of every kind, near entries, account, device, incident."""
    row = _row(looked)
    found = content_ties(looked.one.finding, _sha256(row)) if looked.one else []
    weak = [one for one in row.prints if one.kind in ("md5", "sha1")]
    found += [Tie("exact", f"{one.kind}:".encode() + one.value) for one in weak]
    return list(dict.fromkeys([*found, *row.ties]))
