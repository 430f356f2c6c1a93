"""The case desk, wired: what every page, API call and background effect works with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rempart import settings as tree
from rempart.cases.intake.notices import Intake, intake_with
from rempart.cases.review.taxonomy import Taxonomy, load_taxonomy
from rempart.cases.triage.nearest import Nearest
from rempart.cases.triage.rules import Rules, load_rules
from rempart.clock import Clock, utc_now
from rempart.errors import UserMistake
from rempart.lists import Lists
from rempart.migrations import upgrade
from rempart.net.outbound import Outbound
from rempart.screening import SandboxOpener
from rempart.settings import Settings
from rempart.storage.atomic import make_folder
from rempart.storage.database import Database
from rempart.storage.fields import Fields
from rempart.storage.keys import KeyRing
from rempart.vault import Vault
from rempart.wiring.house import open_house, open_keys, open_lists
from rempart.wiring.network import open_outbound
from rempart.wiring.screeners import Screeners


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a request needs. One for each process; safe to use from several threads."""

    settings: Settings
    database: Database
    keys: KeyRing
    fields: Fields
    vault: Vault
    lists: Lists
    screeners: Screeners
    rules: Rules
    nearest: Nearest
    taxonomy: Taxonomy
    outbound: Outbound
    clock: Clock

    @property
    def intake(self) -> Intake:
        """What receiving needs, as the settings have it."""
        return intake_with(self.fields, self.vault, self.rules, self.nearest, self.settings.intake)


@contextmanager
def open_desk(settings: Settings | None = None, clock: Clock = utc_now) -> Iterator[Desk]:
    """The wired desk, its schema the newest, its sandbox running until the block ends."""
    chosen = settings or tree.read()
    make_folder(chosen.data_folder)
    with open_house(settings=chosen, clock=clock) as house:
        screeners = Screeners(lambda: house.opener(preview=True), house.lists.snapshot, chosen.workers)
        desk = assemble(chosen, house.keys, house.lists, screeners, clock)
        upgrade(desk.database)
        try:
            yield desk
        finally:
            screeners.close()
            desk.database.close()


@contextmanager
def open_records(settings: Settings | None = None, clock: Clock = utc_now) -> Iterator[Desk]:
    """The desk for commands that look at no media: nothing can be screened, everything else works."""
    chosen = settings or tree.read()
    make_folder(chosen.data_folder)
    keys, lists = open_keys(chosen), open_lists(chosen, clock)
    desk = assemble(chosen, keys, lists, Screeners(_no_opener, lists.snapshot, 0), clock)
    upgrade(desk.database)
    try:
        yield desk
    finally:
        desk.database.close()


@contextmanager
def open_database(settings: Settings | None = None) -> Iterator[Database]:
    """The database as it is: nothing is made, and no migration is run. Raises UserMistake when there is none yet."""
    chosen = settings or tree.read()
    made = Database(database_url(chosen))
    if made.is_sqlite and not Path(made.url.database or "").exists():
        raise UserMistake(f"there is no database in `{chosen.data_folder}` yet; `rempart serve` makes one")
    try:
        yield made
    finally:
        made.close()


def assemble(settings: Settings, keys: KeyRing, lists: Lists, screeners: Screeners, clock: Clock) -> Desk:
    """The desk of these parts; tests pass their own."""
    fields = Fields(keys)
    return Desk(
        settings=settings,
        database=Database(database_url(settings)),
        keys=keys,
        fields=fields,
        vault=Vault(settings.data_folder / "vault", keys),
        lists=lists,
        screeners=screeners,
        rules=load_rules(settings.desk.rules_file),
        nearest=Nearest(fields),
        taxonomy=load_taxonomy(settings.desk.taxonomy),
        outbound=open_outbound(settings, clock),
        clock=clock,
    )


def database_url(settings: Settings) -> str:
    """The address of the database: as set, or a SQLite file in the data folder."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return f"sqlite:///{Path(settings.data_folder) / 'desk.sqlite3'}"


def checkpoint_folder(settings: Settings) -> Path:
    """Where signed checkpoints of the ledger stand, beside the database that they speak of."""
    return settings.data_folder / "checkpoints"


def _no_opener() -> SandboxOpener:
    raise RuntimeError("this command screens nothing")
