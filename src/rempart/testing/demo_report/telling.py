"""Telling the demo from beginning to end, in a folder of its own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rempart.audit.queries import append
from rempart.audit.verifying import verify
from rempart.errors import Broken, Conflict
from rempart.facts.people import operator
from rempart.people import organisations, tokens
from rempart.settings import Settings
from rempart.testing.demo_desk import accounts, loading, media
from rempart.testing.demo_desk.gestures import Gestures, gestures_at
from rempart.testing.demo_desk.marker import ABOUT, BEGUN, LOADED, refuse_elsewhere
from rempart.testing.demo_report import legs
from rempart.testing.demo_report.scene import Moment, Scene
from rempart.testing.desk import Hands
from rempart.testing.desk_reporting import reporting_to
from rempart.testing.emulators.cybertip import CyberTipline, cybertipline
from rempart.wiring.desk import Desk, checkpoint_folder, open_desk

PLACE = "https://meadow.example/pictures/1"
STARTS_AT = timedelta(hours=9)
STORY: tuple[Callable[[Scene], None], ...] = (legs.judge, legs.cybertip, legs.referral, legs.statement, legs.hold)


@dataclass(frozen=True, slots=True)
class Told:
    """What happened. finished_reports: those that the authority has."""

    timeline: tuple[Moment, ...]
    finished_reports: int
    case_id: int


def tell(settings: Settings, say: Callable[[Moment], None] = lambda _: None) -> Told:
    """What happened to one case. The folder of the settings keeps it, with the accounts of the demo, to be served.

    Raises UserMistake when the desk could be reached from elsewhere, Conflict when the folder is in use.
    """
    refuse_elsewhere(settings.serve, settings.serve.host)
    if settings.data_folder.exists() and any(settings.data_folder.iterdir()):
        raise Conflict(f"`{settings.data_folder}` holds something already; choose an empty folder, or remove it")
    hands = Hands(_morning())
    with ExitStack() as stack:
        scene = stack.enter_context(_scene(settings, hands))
        for leg in STORY:
            told = len(scene.timeline)
            leg(scene)
            for moment in scene.timeline[told:]:
                say(moment)
        _hold_true(scene.do.desk)
        return Told(tuple(scene.timeline), len(scene.authority.finished()), scene.case_id)


def _morning() -> datetime:
    """Nine o'clock of a working day so long ago that everything the story tells lies in the past."""
    day = (datetime.now(UTC) - timedelta(days=40)).replace(hour=0, minute=0, second=0, microsecond=0)
    while day.weekday() != 0:
        day += timedelta(days=1)
    return day + STARTS_AT


@contextmanager
def _scene(settings: Settings, hands: Hands) -> Iterator[Scene]:
    """The stage: emulators on loopback, and a desk that may call nobody else."""
    authority = CyberTipline(hands)
    with (
        cybertipline(authority) as (address, _),
        open_desk(_connected(settings, address), hands) as desk,
    ):
        yield Scene(_cast(desk, hands), authority, PLACE)


def _connected(settings: Settings, authority: str) -> Settings:
    """The settings of a desk that knows these other sides, and nobody else."""
    serve = settings.serve.model_copy(update={"public_url": settings.serve.address})
    return reporting_to(settings, authority).model_copy(update={"serve": serve})


def _cast(desk: Desk, hands: Hands) -> Gestures:
    """The people of the demo, with accounts that everybody knows, and the host's token."""
    with desk.database.writing() as writer:
        organisation = organisations.add(writer, loading.SLUG, loading.NAME, hands.now).id
        append(writer, operator(organisation), ABOUT, organisation, BEGUN, {}, hands.now)
    media.import_lists(desk.lists, desk.settings.memory_folder)
    accounts.enter(desk, organisation)
    with desk.database.writing() as writer:
        staff = accounts.staff(writer)
        token, _ = tokens.make(writer, staff["admin"], "castle.example (demo host)", ["items", "actions"], hands.now)
        append(writer, operator(organisation), ABOUT, organisation, LOADED, {}, hands.now)
    return gestures_at(desk, hands, organisation, staff, token)


def _hold_true(desk: Desk) -> None:
    """Nothing. Raises Broken unless the ledger tells the same story."""
    if not verify(desk.database, desk.keys.public_signing_key, checkpoint_folder(desk.settings)).whole:
        raise Broken("the ledger of the demo does not verify; please report this")
