"""The emulators that anybody can run with `rempart emulate`. A new one: its entry here, one line in EMULATORS."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from rempart.errors import UserMistake
from rempart.testing.emulators import cybertip, hosts, smtp, transparency

Wanted = Sequence[tuple[str, str]]
MOST_REPEATS = 1000
# Made-up hosts at addresses that are kept for documents: nobody is there.
HOSTS = {"meadow.example": "192.0.2.7", "castle.example": "198.51.100.7", "tower.example": "203.0.113.7"}


@dataclass(frozen=True, slots=True)
class Emulating:
    """One that runs. variables: what a desk is set to, so that it reports here. counts: what happened until now."""

    address: str
    variables: Mapping[str, str] = field(repr=False)
    counts: Callable[[], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Emulator:
    """One that can be run. says: what it plays. steps, faults: what may go wrong, and how.

    serving: runs it on this port of loopback (0: a free one) with these (step, fault), until the block ends.
    """

    says: str
    steps: tuple[str, ...]
    faults: tuple[str, ...]
    serving: Callable[[int, Wanted], AbstractContextManager[Emulating]]


@contextmanager
def _cybertip(port: int, faults: Wanted) -> Iterator[Emulating]:
    authority = cybertip.CyberTipline()
    for step, fault in faults:
        authority.will(step, next(one for one in cybertip.FAULTS if one == fault))
    with cybertip.cybertipline(authority, port) as (address, _):
        variables = {
            "REMPART_REPORTING__ENVIRONMENT": "emulator",
            "REMPART_REPORTING__CYBERTIP__EMULATOR_ADDRESS": address,
            "REMPART_REPORTING__CYBERTIP__USERNAME": cybertip.USER,
            "REMPART_REPORTING__CYBERTIP__PASSWORD": cybertip.PASSWORD,
            **_allowing(address),
        }
        yield Emulating(address, variables, lambda: _counted(authority))


@contextmanager
def _smtp(port: int, faults: Wanted) -> Iterator[Emulating]:
    sink = smtp.SmtpSink()
    for step, fault in faults:
        sink.will(step, next(one for one in smtp.FAULTS if one == fault))
    with smtp.smtp_sink(sink, port) as (address, _):
        host, _, chosen = address.partition(":")
        variables = {
            "REMPART_MAIL__HOST": host,
            "REMPART_MAIL__PORT": chosen,
            "REMPART_MAIL__SECURITY": "none",
            "REMPART_MAIL__SENDER": "desk@dragon.example",
            **_allowing(address),
        }
        yield Emulating(address, variables, sink.counts)


@contextmanager
def _hosts(port: int, faults: Wanted) -> Iterator[Emulating]:
    """DNS servers; here a fault is how a host is from the beginning on: a name that is gone does not exist."""
    known = hosts.Hosts({name: [address] for name, address in HOSTS.items()})
    for name, fault in faults:
        if fault == "gone":
            known.addresses.pop(name, None)
        else:
            known.faults[name] = "hangs" if fault == "hangs" else "fails"
    with hosts.serving(known, port=port) as servers:
        variables = {"REMPART_NET__RESOLVERS": json.dumps(servers)}
        yield Emulating(servers[0], variables, lambda: {"asked": dict(Counter(known.asked))})


@contextmanager
def _transparency(port: int, faults: Wanted) -> Iterator[Emulating]:
    database = transparency.TransparencyDatabase()
    for step, fault in faults:
        database.will(step, next(one for one in transparency.FAULTS if one == fault))
    with transparency.transparency_database(database, port) as (address, _):
        variables = {
            "REMPART_REPORTING__ENVIRONMENT": "emulator",
            "REMPART_REPORTING__TRANSPARENCY_DATABASE__EMULATOR_ADDRESS": address,
            "REMPART_REPORTING__TRANSPARENCY_DATABASE__TOKEN": transparency.TOKEN,
            **_allowing(address),
        }
        yield Emulating(address, variables, database.counts)


def _counted(authority: cybertip.CyberTipline) -> dict[str, Any]:
    reports = list(authority.reports.values())
    return {
        "reports": dict(Counter(one.state for one in reports)),
        "files": sum(len(one.files) for one in reports if one.state == "finished"),
        "calls": dict(Counter(authority.calls)),
        "faults_left": sum(map(len, authority.faults.values())),
    }


def _allowing(address: str) -> dict[str, str]:
    """The setting without which nothing of the desk may go there."""
    return {"REMPART_NET__ALLOWED_HOSTS": f'["{address.rpartition("://")[2].partition("/")[0]}"]'}


EMULATORS: dict[str, Emulator] = {
    "cybertip": Emulator(
        "NCMEC's CyberTipline", ("submit", "upload", "fileinfo", "finish", "retract"), cybertip.FAULTS, _cybertip
    ),
    "transparency": Emulator("the DSA Transparency Database", transparency.STEPS, transparency.FAULTS, _transparency),
    "smtp": Emulator("a mail relay that delivers to nobody", smtp.STEPS, smtp.FAULTS, _smtp),
    "hosts": Emulator("two DNS servers that know some hosts", tuple(HOSTS), ("gone", "hangs", "fails"), _hosts),
}


def emulator_named(name: str) -> Emulator:
    """The emulator. Raises UserMistake when there is none of this name."""
    if name not in EMULATORS:
        raise UserMistake(f"there is no emulator `{name[:40]}`; choose one of {', '.join(EMULATORS)}")
    return EMULATORS[name]


def read_faults(emulator: Emulator, texts: Sequence[str]) -> list[tuple[str, str]]:
    """(step, fault) of each `STEP=FAULT` or `STEP=FAULT*TIMES`, in order. Raises UserMistake."""
    return [one for text in texts for one in _read_fault(emulator, text)]


def _read_fault(emulator: Emulator, text: str) -> list[tuple[str, str]]:
    step, _, rest = text.partition("=")
    fault, star, times = rest.partition("*")
    if step not in emulator.steps:
        raise UserMistake(f"there is no step `{step[:40]}`; choose one of {', '.join(emulator.steps)}")
    if fault not in emulator.faults:
        raise UserMistake(f"there is no fault `{fault[:40]}`; choose one of {', '.join(emulator.faults)}")
    if star and not (times.isascii() and times.isdigit() and 1 <= int(times[:9]) <= MOST_REPEATS):
        raise UserMistake(f"a fault is repeated 1 to {MOST_REPEATS} times; correct `{text[:80]}`")
    return [(step, fault)] * (int(times) if star else 1)
