"""One campaign: a house under load whose processes are killed at random moments, and the reckoning at its end."""

import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal, get_args

from pydantic import SecretStr

from rempart.audit.verifying import verify
from rempart.errors import Broken
from rempart.settings import Settings
from rempart.testing.faults.house import House, drain, furnish, settled, under_load
from rempart.testing.faults.journal import read
from rempart.testing.faults.reckoning import reckon
from rempart.testing.postgres import Cluster, private_cluster
from rempart.vault.verifying import verify as verify_vault
from rempart.wiring.desk import Desk

DatabaseName = Literal["sqlite", "postgresql"]
MEMORY = "/dev/shm"  # noqa: S108 - it has to be memory
DATABASES: tuple[DatabaseName, ...] = get_args(DatabaseName)
# Between two kills so many requests are answered, at most, and then some moments pass: something is always under way.
# Now and then nobody waits for that: what has just begun to start is killed, too.
ANSWERS = 12
MOMENTS_SECONDS = 0.4
IN_A_ROW_SHARE = 0.15
PATIENCE_SECONDS = 60.0
MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went. accepted: requests of each kind that somebody was promised. gone: whose answer was lost for good."""

    database: DatabaseName
    kills: int
    lost: int
    duplicated: int
    ledger_ok: bool
    vault_ok: bool
    refused: int
    crashes: int
    accepted: dict[str, int]
    gone: dict[str, int]
    effects: dict[str, int]
    seconds: int
    seed: int

    @property
    def whole(self) -> bool:
        """Whether everything held."""
        return not (self.lost or self.duplicated or self.refused) and self.ledger_ok and self.vault_ok


def run(
    database: DatabaseName,
    kills: int,
    *,
    seed: int,
    crashes: int = 0,
    say: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """How the campaign went. crashes: of the database server itself, on PostgreSQL."""
    began, draw = time.monotonic(), Random(seed)  # noqa: S311 - repeatable, not secret
    with (
        _place(database) as (settings, folder, cluster),
        settled(settings, folder, own_worker=database == "sqlite") as (house, desk),
    ):
        plan_file = folder / "plan.json"
        plan = furnish(desk, plan_file, house.ports, seed)
        down = frozenset(draw.sample(range(kills), crashes)) if cluster else frozenset()
        with under_load(plan_file, plan):
            _kill(house, kills, draw, Path(plan.journal), _crashing(cluster, down), say)
        effects = drain(house, desk)
        house.end()
        result = reckon(desk, read(Path(plan.journal)))
        ledger_ok, vault_ok = _ledger_holds(desk), _vault_holds(desk)
    for problem in [*result.lost, *result.duplicated, *result.refused][:MOST_TOLD]:
        say(f"{database}: {problem}")
    return Outcome(
        database=database,
        kills=house.kills,
        lost=len(result.lost),
        duplicated=len(result.duplicated),
        ledger_ok=ledger_ok,
        vault_ok=vault_ok,
        refused=len(result.refused),
        crashes=len(down),
        accepted=dict(result.accepted),
        gone=dict(result.gone),
        effects=effects,
        seconds=round(time.monotonic() - began),
        seed=seed,
    )


def _kill(
    house: House, kills: int, draw: Random, journal: Path, down: Callable[[int], None], say: Callable[[str], None]
) -> None:
    """Nothing; so many processes were killed at random moments. down: called before each, with its number."""
    for number in range(kills):
        if draw.random() >= IN_A_ROW_SHARE:
            _await_answers(journal, draw.randint(1, ANSWERS))
        time.sleep(draw.uniform(0, MOMENTS_SECONDS))
        down(number)
        house.kill_one(draw)
        if (number + 1) % 10 == 0:
            say(f"{number + 1} of {kills} kills")
    _await_answers(journal, ANSWERS)


def _await_answers(journal: Path, number: int) -> None:
    """Nothing; so many more requests have been answered. Raises Broken when nobody answers for long."""
    before, until = _answered(journal), time.monotonic() + PATIENCE_SECONDS
    while _answered(journal) < before + number:
        if time.monotonic() > until:
            raise Broken("nobody answers any more")
        time.sleep(0.02)


def _answered(journal: Path) -> int:
    return sum(line.what == "accepted" for line in read(journal)) if journal.exists() else 0


def _crashing(cluster: Cluster | None, numbers: Collection[int]) -> Callable[[int], None]:
    """What lets the database server crash, and begin again, before the kills of these numbers."""

    def down(number: int) -> None:
        if cluster is not None and number in numbers:
            cluster.crash()
            cluster.resume()

    return down


@contextmanager
def _place(database: DatabaseName) -> Iterator[tuple[Settings, Path, Cluster | None]]:
    """Settings of an installation, a folder beside it, and its cluster if it has one, for the length of the block."""
    with (
        tempfile.TemporaryDirectory(prefix="rempart-faults-") as folder,
        tempfile.TemporaryDirectory(prefix="rempart-faults-", dir=MEMORY) as memory,
    ):
        settings = Settings(data_folder=Path(folder) / "data", memory_folder=Path(memory) / "lists", workers=1)
        if database == "sqlite":
            yield settings, Path(folder), None
            return
        with private_cluster(durable=True) as cluster:
            address = SecretStr(cluster.url(cluster.create()))
            yield settings.model_copy(update={"database_url": address}), Path(folder), cluster


def _ledger_holds(desk: Desk) -> bool:
    return verify(desk.database, desk.keys.public_signing_key, desk.settings.data_folder / "checkpoints").whole


def _vault_holds(desk: Desk) -> bool:
    return verify_vault(desk.database, desk.vault, desk.clock()).whole
