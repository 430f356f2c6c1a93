"""A year of a national office, made in bulk: 318,000 cases with their ledger, notices, decisions. Nothing real."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import numpy as np
from sqlalchemy import text

from rempart.audit.chain import Entry, hash_of, plain
from rempart.audit.queries import head
from rempart.audit.tables import head as ledger_head
from rempart.cases.triage.ageing import aged_at
from rempart.cases.triage.features import to_row
from rempart.cases.triage.queries.ranking import columns_of
from rempart.cases.triage.rank import place
from rempart.cases.triage.ruleset import Rules
from rempart.cases.triage.simulate import features_of
from rempart.cases.triage.simulate_world import make_world
from rempart.facts.case import OUTCOMES, Feature
from rempart.facts.people import public
from rempart.migrations.schema import METADATA
from rempart.storage.database import Database, Writer
from rempart.storage.fields import Fields

DAYS, A_DAY = 365, 871
QUICK_DAYS, QUICK_A_DAY = 12, 60
AT_ONCE = 5000
REVIEWERS = tuple(f"R-{letter * 3}" for letter in "ABCDEFGHIJKL")
# Which share of what is older than two days is decided, by tier: all of the danger, little of what is known.
DECIDED = (1.0, 0.98, 0.4, 0.04, 0.04, 0.02)
OTHER_STATES = ("needs_second", "needs_info", "disputed", "escalated")
CLUSTERED = 0.12
WITH_CLOCK = 0.002

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Year:
    """How much was made."""

    cases: int
    waiting: int
    entries: int


def fill(
    database: Database, fields: Fields, organisation: int, rules: Rules, now: datetime, *, quick: bool = False
) -> Year:
    """What was made: the synthetic world of the simulation, as the desk would keep it after a year.

    The database knows the organisation and has no cases yet.
    """
    chance = Random(1)  # noqa: S311 - repeatable, and no secret
    cases = list(_cases(rules, organisation, now, chance, quick=quick))
    with database.reading() as reader:
        entries = list(_entries(cases, *head(reader)))
    for entry in entries:
        cases[int(entry["about_id"]) - 1]["entry"] = entry["seq"]
    with database.writing() as writer:
        _insert(writer, "cluster", _gathered(cases, organisation, chance))
        _insert(writer, "case_file", cases)
        _insert(writer, "ledger", entries)
        end = {"seq": entries[-1]["seq"], "hash": entries[-1]["hash"]}
        if not writer.run(ledger_head.update().values(**end)):
            _insert(writer, "ledger_head", [{"id": 1, **end}])
        _insert(writer, "decision", list(_decisions(cases)))
        _insert(writer, "notice", list(_notices(cases, fields, chance)))
        _insert(writer, "notice_case", [_tied(row) for row in cases])
        _insert(writer, "media", list(_media(cases, fields, chance)))
        if writer.dialect == "postgresql":
            _move_sequences(writer)
    if not database.is_sqlite:  # it does so itself after a while
        with database.writing() as writer:
            writer.run(text("ANALYZE"))
    waiting = sum(row["state"] == "triaged" and row["leads"] for row in cases)
    return Year(len(cases), waiting, len(entries))


def _cases(rules: Rules, organisation: int, now: datetime, chance: Random, *, quick: bool) -> Iterator[Row]:
    days, a_day = (QUICK_DAYS, QUICK_A_DAY) if quick else (DAYS, A_DAY)
    world = make_world(1, days, a_day)
    table = np.stack(list(world.traits.values()), axis=1)
    known: dict[bytes, list[Feature]] = {}
    for number in range(len(world)):
        traits = table[number]
        features = known.setdefault(
            traits.tobytes(), features_of(dict(zip(world.traits, traits.tolist(), strict=True)))
        )
        received = now - timedelta(minutes=days * 1440 - int(world.minute[number]))
        yield _case(number + 1, organisation, features, rules, received, now, chance)


def _case(
    number: int,
    organisation: int,
    features: list[Feature],
    rules: Rules,
    received: datetime,
    now: datetime,
    chance: Random,
) -> Row:
    spot = place(features, rules, now, received)
    row: Row = {
        "id": number,
        "organisation": organisation,
        "kind": chance.choice(("media", "media", "url", "account")),
        "state": "triaged",
        "received_at": received,
        "features": to_row(features),
        "aged_at": aged_at(features, rules, received, now),
        "due_at": now + timedelta(hours=chance.uniform(1, 72)) if chance.random() < WITH_CLOCK else None,
        "cluster": None,
        "leads": True,
        "sampled": spot.tier in rules.sampling.tiers and chance.random() < rules.sampling.daily_share,
        "dice": chance.randrange(2**31),
        "outcome": None,
        "decided_at": None,
        "final_at": None,
        "entry": 0,
        **columns_of(spot),
    }
    if received < now - timedelta(days=2) and chance.random() < DECIDED[spot.tier]:
        at = received + timedelta(hours=chance.uniform(0.1, 40))
        row |= {
            "state": "decided",
            "outcome": chance.choice(OUTCOMES),
            "decided_at": at,
            "final_at": at,
            "due_at": None,
        }
    elif chance.random() < 0.004:
        row["state"] = chance.choice(OTHER_STATES)
    return row


def _gathered(cases: list[Row], organisation: int, chance: Random) -> list[Row]:
    """The clusters that some of the cases are put into: one leads, the others stand behind it."""
    clusters: list[Row] = []
    waiting = [row for row in cases if row["state"] == "triaged" and chance.random() < CLUSTERED]
    while waiting:
        size = min(chance.choice((2, 2, 2, 3, 4, 8)), len(waiting))
        group = [waiting.pop() for _ in range(size)]
        clusters.append(
            {"id": len(clusters) + 1, "organisation": organisation, "first_at": group[0]["received_at"], "size": size}
        )
        for place_, row in enumerate(group):
            row |= {"cluster": clusters[-1]["id"], "leads": place_ == 0}
    return clusters


def _entries(cases: list[Row], last: int, previous: str) -> Iterator[Row]:
    """The ledger goes on: every case opened, those decided claimed and decided, in the order of their time."""
    told: list[tuple[datetime, int, str, str, Row]] = []
    for row in cases:
        number, rank = row["id"], {"tier": row["tier"], "score": row["score"]}
        opened = {"kind": row["kind"], "rules": row["rules_version"], **rank}
        told.append((row["received_at"], number, "case.opened", public(1).pid, opened))
        if row["state"] == "decided":
            who, at = REVIEWERS[number % len(REVIEWERS)], row["decided_at"]
            told.append((at - timedelta(minutes=2), number, "case.claimed", who, {"lane": "tier"}))
            told.append((at, number, "case.decided", who, {"outcome": row["outcome"], "state": "decided"}))
    for seq, (at, number, verb, actor, data) in enumerate(sorted(told, key=lambda one: one[0]), last + 1):
        entry = Entry(seq, cases[0]["organisation"], at, actor, "case", str(number), verb, plain(data), previous)
        previous = hash_of(entry)
        yield {name: getattr(entry, name) for name in Entry.__slots__} | {"hash": previous}


def _decisions(cases: list[Row]) -> Iterator[Row]:
    for row in cases:
        if row["state"] == "decided":
            number, at = row["id"], row["decided_at"]
            yield {
                "organisation": row["organisation"],
                "case_id": number,
                "reviewer": REVIEWERS[number % len(REVIEWERS)],
                "round": "first",
                "lane": "sample" if row["sampled"] else "tier",
                "taxonomy": "baseline",
                "taxonomy_version": "1",
                "code": "baseline",
                "outcome": row["outcome"],
                "answers": {},
                "viewed": "none",
                "seconds": 60,
                "at": at,
                "final_at": at,
                "before": {},
            }


def _notices(cases: list[Row], fields: Fields, chance: Random) -> Iterator[Row]:
    sealed = fields.seal_text("notice", '{"version": 1, "text": "a purple dragon"}')
    for row in cases:
        yield {
            "id": row["id"],
            "organisation": row["organisation"],
            "number": f"N-{row['id']:012}",
            "channel": chance.choice(("public", "public", "api", "bundle")),
            "state": "outcome_sent" if row["state"] == "decided" else "linked",
            "received_at": row["received_at"],
            "language": "en",
            "category": "abuse_material",
            "urgent": False,
            "content_sealed": sealed,
            "duplicate_key": f"{chance.getrandbits(128):032x}",
        }


def _tied(row: Row) -> Row:
    return {"notice": row["id"], "case_id": row["id"], "organisation": row["organisation"]}


def _media(cases: list[Row], fields: Fields, chance: Random) -> Iterator[Row]:
    name, finding = fields.seal_text("name", "dragon.png"), fields.seal_text("finding", "{}")
    for row in cases:
        if row["kind"] == "media":
            yield {
                "organisation": row["organisation"],
                "case_id": row["id"],
                "name_sealed": name,
                "media_type": "image/png",
                "size_bytes": 1000,
                "outcome": "no_match",
                "finding_sealed": finding,
                "exact_key": f"{chance.getrandbits(128):032x}",
                "received_at": row["received_at"],
            }


def _insert(writer: Writer, table: str, rows: list[Row]) -> None:
    for at in range(0, len(rows), AT_ONCE):
        writer.run(METADATA.tables[table].insert(), rows[at : at + AT_ONCE])


def _move_sequences(writer: Writer) -> None:
    """Nothing; PostgreSQL gives numbers behind those that were given here."""
    for table in ("cluster", "case_file", "notice"):
        writer.value(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"))  # noqa: S608
