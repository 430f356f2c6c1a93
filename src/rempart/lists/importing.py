"""Importing a file: plan, write, report."""

import json
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rempart.errors import Conflict, UserMistake
from rempart.facts import Polarity, Policy
from rempart.lists.changing import change
from rempart.lists.disk import Disk
from rempart.lists.gathering import Gathered
from rempart.lists.manifest import Change, ListSettings, Manifest
from rempart.lists.planning import Mode, Plan, plan
from rempart.lists.reports import ImportReport
from rempart.thresholds import LIST_AGE_DAYS, LIST_SHRINK_SHARE, PDQ_LARGEST_DISTANCE, PDQ_MATCH_DISTANCE

MOST_REASONS = 5

_FEW = 100


@dataclass(frozen=True, slots=True)
class Stated:
    """What the operator stated with an import; None: not stated, so the list keeps what it has.

    max_age_days: 0 means that the list is never called stale.
    """

    source: str | None = None
    polarity: Polarity | None = None
    policy: Policy | None = None
    max_distance_bits: int | None = None
    max_age_days: int | None = None
    jurisdiction: str | None = None
    classification: str | None = None

    def check(self) -> None:
        """Nothing. Raises UserMistake for values that no list may have."""
        if self.source is not None and not self.source.strip():
            raise UserMistake("the source of the list is empty; state who gave it, such as `--source iwf`")
        if self.polarity not in (None, "known-bad", "known-good"):
            raise UserMistake("the polarity of a list is `known-bad` or `known-good`")
        if self.policy not in (None, "block", "review", "ignore"):
            raise UserMistake("the policy of a list is `block`, `review` or `ignore`")
        largest = PDQ_LARGEST_DISTANCE.value
        if self.max_distance_bits is not None and not 0 <= self.max_distance_bits <= largest:
            raise UserMistake(f"the largest distance of a list is 0 to {largest} bits")
        if self.max_age_days is not None and self.max_age_days < 0:
            raise UserMistake("the age limit of a list is a number of days; 0 for none")

    def as_settings(self, name: str) -> ListSettings:
        """The settings of a new list. Raises UserMistake when no source is stated: it is never guessed."""
        if self.source is None:
            raise UserMistake(f"list `{name}` is new, so its source must be stated; add `--source NAME`")
        return ListSettings(
            source=self.source.strip(),
            polarity=self.polarity or "known-bad",
            policy=self.policy or "review",
            max_distance_bits=PDQ_MATCH_DISTANCE.value if self.max_distance_bits is None else self.max_distance_bits,
            max_age_days=LIST_AGE_DAYS.value if self.max_age_days is None else self.max_age_days or None,
            jurisdiction=self.jurisdiction or "unknown",
            classification=self.classification or "unknown",
        )

    def over(self, name: str, now: ListSettings) -> ListSettings:
        """The settings with what was stated. Raises Conflict for another source or polarity: that is another list."""
        for word, stated, held in (("source", self.source, now.source), ("polarity", self.polarity, now.polarity)):
            if stated is not None and stated.strip() != held:
                raise Conflict(
                    f"list `{name}` exists with {word} `{held}`, not `{stated.strip()}`; "
                    "import under another name, or leave the option out"
                )
        changes: dict[str, Any] = {
            word: getattr(self, word)
            for word in ("policy", "max_distance_bits", "jurisdiction", "classification")
            if getattr(self, word) is not None
        }
        if self.max_age_days is not None:
            changes["max_age_days"] = self.max_age_days or None
        return replace(now, **changes)


def preview(
    disk: Disk, gathered: Gathered, stated: Stated, mode: Mode, name: str
) -> tuple[Plan, int, ListSettings, Manifest | None, str]:
    """(the plan, rows merged, the settings after, the current version if any, its SHA-256)."""
    now, sha256 = disk.current() if disk.exists() else (None, "")
    settings = stated.over(name, now.settings) if now else stated.as_settings(name)
    old = disk.table(*now.segments) if now else disk.table()
    new, merged = gathered.table()
    planned = plan(old, new, mode, gathered.mentioned, gathered.incomplete)
    return planned, merged, settings, now, sha256


def check_usable(gathered: Gathered, name: str, entries: int) -> None:
    """Nothing. Raises UserMistake when no row can be used: an empty list would answer that nothing is known."""
    if gathered.usable:
        return
    counted = ", ".join(f"{reason}: {count}" for reason, count in gathered.refused.most_common(MOST_REASONS))
    state = f"list `{name}` keeps its {entries} entries" if entries else f"list `{name}` was not made"
    raise UserMistake(
        f"none of the {gathered.rows_read} rows of the file can be used ({counted or 'there are none'}), so {state}; "
        "check the format and the columns"
    )


def first_version(name: str, settings: ListSettings, at_utc: str) -> Manifest:
    """What stands before the first version: never published."""
    return Manifest(
        name=name,
        uid=secrets.token_hex(8),
        version=0,
        at_utc=at_utc,
        fresh_at_utc=at_utc,
        settings=settings,
        change=Change("import"),
    )


def carry_out(
    disk: Disk, planned: Plan, settings: ListSettings, now: Manifest, sha256: str, gathered: Gathered, at_utc: str
) -> Manifest:
    """The published next version. The caller holds the list's lock."""
    rows = [[position, reason] for position, reason in gathered.quarantine]
    quarantine = disk.write("quarantine", json.dumps({"version": 1, "rows": rows}).encode()) if rows else None
    return change(
        disk,
        now,
        sha256,
        "import",
        at_utc,
        remove=planned.remove_ids,
        add=planned.table.pick(planned.places, now.next_id),
        settings=settings,
        fresh_at_utc=at_utc,
        quarantine=quarantine,
    )


def check_shrinking(planned: Plan, now: Manifest | None, name: str, *, allowed: bool) -> None:
    """Nothing. Raises UserMistake when most of the list would go and nobody said that this is meant."""
    entries = now.entries if now else 0
    too_many = planned.withdrawn >= _FEW and planned.withdrawn * 100 > LIST_SHRINK_SHARE.value * entries
    if too_many and not allowed:
        raise UserMistake(
            f"the file lacks {planned.withdrawn} of the {entries} entries of list `{name}`, so nothing was changed; "
            "if the file is whole and that is meant, add --allow-shrink"
        )


def report(
    planned: Plan,
    merged: int,
    gathered: Gathered,
    name: str,
    format_name: str,
    mode: Mode,
    before: int,
    after: int,
    *,
    dry_run: bool = False,
) -> ImportReport:
    """The counts of an import, or of what one would do."""
    return ImportReport(
        list_name=name,
        dry_run=dry_run,
        format=format_name,
        mode=mode,
        rows=gathered.rows_read,
        added=planned.added,
        changed=planned.changed,
        unchanged=planned.unchanged,
        merged=merged,
        removed=planned.withdrawn,
        kept=planned.kept,
        incomplete=gathered.incomplete,
        refused=dict(gathered.refused),
        set_aside=dict(gathered.set_aside),
        quarantine=tuple(gathered.quarantine),
        version_before=before,
        version_after=after,
    )


def read_quarantine(disk: Disk, now: Manifest) -> tuple[tuple[int, str], ...]:
    """(line or record number, reason) of the rows refused at the last import."""
    if now.quarantine is None:
        return ()
    stored = json.loads(disk.read(now.quarantine))
    return tuple((int(position), str(reason)) for position, reason in stored["rows"])


def check_file(path: Path) -> None:
    """Nothing. Raises UserMistake when the file cannot be imported at all."""
    if not path.is_file():
        raise UserMistake(f"there is no file `{path}` to import; check the path")
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise UserMistake(f"the file `{path}` cannot be read ({type(error).__name__}); check its permissions") from None
    if empty:
        raise UserMistake(f"the file `{path}` is empty: nothing was changed")
