"""Telling the demo from beginning to end, in a folder of its own."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rempart.audit.queries import append
from rempart.audit.verifying import verify
from rempart.errors import Broken, Conflict
from rempart.facts.people import operator
from rempart.people import organisations, tokens
from rempart.settings import HostingSettings, MailSettings, Settings
from rempart.testing.demo_desk import accounts, loading, media
from rempart.testing.demo_desk.gestures import Gestures, gestures_at
from rempart.testing.demo_desk.marker import ABOUT, BEGUN, LOADED, refuse_elsewhere
from rempart.testing.demo_report import legs
from rempart.testing.demo_report.scene import Moment, Scene
from rempart.testing.desk import Hands
from rempart.testing.desk_reporting import reporting_to
from rempart.testing.emulators.cybertip import CyberTipline, cybertipline
from rempart.testing.emulators.hosts import Hosts, serving
from rempart.testing.emulators.smtp import smtp_sink
from rempart.wiring.desk import Desk, checkpoint_folder, open_desk

PLACE = "https://meadow.example/pictures/1"
STARTS_AT = timedelta(hours=9)
# Made up: no such network has an owner.
OWNERS = "network,asn,organisation,country\n192.0.2.0/24,64500,Meadow Hosting,NL\n"
DNS_SECONDS = 1.0
STORY: tuple[Callable[[Scene], None], ...] = (
    legs.judge,
    legs.cybertip,
    legs.hold,
    legs.referral,
    legs.host_notice,
    legs.statement,
    legs.monitor,
)


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
    authority, hosts = CyberTipline(hands), Hosts({"meadow.example": ["192.0.2.7"]})
    with (
        tempfile.TemporaryDirectory() as folder,
        cybertipline(authority) as (address, _),
        serving(hosts) as resolvers,
        smtp_sink() as (mailbox, relay),
    ):
        owners = Path(folder) / "owners.csv"
        owners.write_text(OWNERS)
        with open_desk(_connected(settings, address, mailbox, resolvers, owners), hands) as desk:
            yield Scene(_cast(desk, hands), authority, hosts, relay, PLACE)


def _connected(settings: Settings, authority: str, mailbox: str, resolvers: tuple[str, ...], owners: Path) -> Settings:
    """The settings of a desk that knows these other sides, and nobody else."""
    chosen = reporting_to(settings, authority)
    relay, _, port = mailbox.partition(":")
    reporting = {
        "desk": chosen.reporting.desk.model_copy(update={"country": "FR"}),
        "hosting": HostingSettings(databases=(owners,)),
    }
    return chosen.model_copy(
        update={
            "serve": settings.serve.model_copy(update={"public_url": settings.serve.address}),
            "mail": MailSettings(host=relay, port=int(port), security="none", sender="notices@desk.example"),
            "net": chosen.net.model_copy(
                update={
                    "allowed_hosts": (*chosen.net.allowed_hosts, mailbox),
                    "resolvers": resolvers,
                    "timeout_seconds": DNS_SECONDS,
                }
            ),
            "reporting": chosen.reporting.model_copy(update=reporting),
        }
    )


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
