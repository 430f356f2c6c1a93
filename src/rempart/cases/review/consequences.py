"""What follows from a decision: from the outcome to actions, by a table. Pure."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from rempart.facts.case import OUTCOMES, ActionKind, ActionState, Outcome

# What a host carries out on its own platform, and asks the desk for.
HOST_KINDS: tuple[ActionKind, ...] = (
    "remove_local",
    "restrict_local",
    "suspend_account",
    "restore_local",
    "statement_of_reasons",
)
# What the house carries out itself, in the worker.
OWN_KINDS: tuple[ActionKind, ...] = ("add_to_list", "withdraw_from_list", "preserve", "notify_reporter")
# What a suspect would notice: held back for approval while the police come first.
NOTICEABLE: tuple[ActionKind, ...] = ("remove_local", "restrict_local", "suspend_account", "notify_reporter")
# What a host does to content; giving it back takes all of it back.
LOCAL: tuple[ActionKind, ...] = ("remove_local", "restrict_local", "suspend_account")
# What tells somebody outside: it cannot be taken back, only corrected by telling them again.
TELLING: tuple[ActionKind, ...] = (
    "report_police",
    "report_ncmec",
    "refer_hotline",
    "notice_host",
    "notice_site_owner",
    "notice_registrar",
)
DONE_STATES: tuple[ActionState, ...] = ("sent", "acknowledged", "fulfilled")
NEEDS_MEDIA: tuple[ActionKind, ...] = ("add_to_list", "preserve")


@dataclass(frozen=True, slots=True)
class Planned:
    """One action that follows. corrects: the ids of the actions of earlier decisions that it takes back."""

    kind: ActionKind
    state: Literal["queued", "drafted"]
    corrects: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The table in force."""

    version: str
    preserve_days: int
    rows: Mapping[Outcome, tuple[Planned, ...]]


@dataclass(frozen=True, slots=True)
class About:
    """What a decided case has to act on. listed: entries of the own list stand for it.

    held_back: a host may hold an upload of it back, and was not told since to give it back.
    """

    media: bool
    notices: bool
    listed: bool
    police_first: bool
    held_back: bool = False


@cache
def table() -> Table:
    """The table that ships with the house."""
    return table_of(files("rempart.cases.review").joinpath("actions.toml").read_text("utf-8"))


def table_of(text: str) -> Table:
    """The table of this TOML. Raises KeyError or ValueError when it lacks an outcome, or names an unknown kind."""
    record = tomllib.loads(text)
    rows = {outcome: _row(record[outcome]) for outcome in OUTCOMES}
    return Table(str(record["version"]), int(record["preserve_days"]), rows)


def follows(outcome: Outcome, about: About, rows: Mapping[Outcome, tuple[Planned, ...]]) -> list[Planned]:
    """What follows from the outcome for a case that has this to act on."""
    planned = [_held(one, about) for one in rows[outcome] if _has_object(one.kind, about)]
    wanted = any(one.kind == "add_to_list" for one in rows[outcome])
    return planned if wanted or not about.listed else [*planned, Planned("withdraw_from_list", "queued")]


def standing(actions: Iterable[Mapping[str, Any]]) -> dict[ActionKind, int]:
    """Kind -> the action of it that was carried out last and not taken back since. actions: a case's, oldest first."""
    found: dict[ActionKind, int] = {}
    for row in actions:
        if row["state"] not in DONE_STATES:
            continue
        if row["kind"] == "restore_local":
            found = {kind: one for kind, one in found.items() if kind not in LOCAL}
        elif row["kind"] == "correct_report":
            found = {kind: one for kind, one in found.items() if one not in row["target"].get("corrects", ())}
        else:
            found[row["kind"]] = row["id"]
    return found


def corrected(planned: list[Planned], done: Mapping[ActionKind, int]) -> list[Planned]:
    """What follows for a case on which this was done already: what is wanted no more is taken back, nothing twice."""
    wanted = {one.kind for one in planned}
    undone = tuple(done[kind] for kind in LOCAL if kind in done and kind not in wanted)
    letters = [
        Planned("correct_report", "drafted", (done[kind],)) for kind in TELLING if kind in done and kind not in wanted
    ]
    kept = [one for one in planned if one.kind not in done or not _stays(one.kind, given_back=bool(undone))]
    if not undone:
        return [*kept, *letters]
    others = [one for one in kept if one.kind != "restore_local"]
    return [Planned("restore_local", "queued", undone), *others, *letters]


def _stays(kind: ActionKind, *, given_back: bool) -> bool:
    """Whether what was done need not be done again. given_back: the content comes back, so that it has to be."""
    return kind in TELLING or (kind in LOCAL and not given_back)


def _has_object(kind: ActionKind, about: About) -> bool:
    if kind == "notify_reporter":
        return about.notices
    if kind == "restore_local":
        return about.held_back  # what was taken down meanwhile is given back by `corrected`
    return about.media or kind not in NEEDS_MEDIA


def _held(one: Planned, about: About) -> Planned:
    return Planned(one.kind, "drafted") if about.police_first and one.kind in NOTICEABLE else one


def _row(record: Mapping[str, list[str]]) -> tuple[Planned, ...]:
    kinds = get_args(ActionKind)
    unknown = [kind for state in ("queued", "drafted") for kind in record[state] if kind not in kinds]
    if unknown:
        raise ValueError(f"no such action: {', '.join(unknown)}")
    queued = tuple(Planned(kind, "queued") for kind in kinds if kind in record["queued"])
    return queued + tuple(Planned(kind, "drafted") for kind in kinds if kind in record["drafted"])
