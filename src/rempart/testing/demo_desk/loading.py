"""Loading the demo into an installation that nobody uses, once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

from rempart.audit.queries import append, entries
from rempart.cases.intake.notices import code_of_request
from rempart.cases.intake.queries import notices
from rempart.errors import Conflict
from rempart.facts.people import operator
from rempart.people import organisations, queries, tokens
from rempart.settings import Settings
from rempart.storage.database import Reader
from rempart.storage.fields import Fields
from rempart.testing.demo_desk import accounts, media, words
from rempart.testing.demo_desk import story as telling
from rempart.testing.demo_desk.gestures import gestures_at
from rempart.testing.demo_desk.marker import ABOUT, BEGUN, LOADED, refuse_elsewhere, standing
from rempart.testing.desk import Hands
from rempart.wiring.desk import Desk, open_desk

SLUG: Final = "demo"
NAME: Final = "Demo desk"
OFFERING: Final = ("organisation.added", "person.invited")


@dataclass(frozen=True, slots=True)
class Follow:
    """A notice of the demo whose number and code are known to everybody."""

    number: str
    code: str


def load(settings: Settings, progress: Callable[[int, int], None] = lambda _done, _all: None) -> bool:
    """Whether the demo was loaded now; False when it was there already.

    Raises UserMistake when the desk could be reached from elsewhere, Conflict when there is anything else in it.
    """
    refuse_elsewhere(settings.serve, settings.serve.host)
    now = datetime.now(UTC).replace(microsecond=0)
    hands = Hands(now - timedelta(days=telling.DAYS))
    with open_desk(settings, hands) as desk:
        with desk.database.reading() as reader:
            if standing(reader) == "loaded":
                return False
            _refuse_used(reader, desk)
        _load(desk, hands, now, progress)
    return True


def own_notice(reader: Reader, fields: Fields) -> Follow | None:
    """The notice of the demo that everybody may follow."""
    organisation = queries.organisations(reader)[0].id
    row = notices.notice_requested(reader, organisation, words.OWN_NOTICE_KEY)
    return None if row is None else Follow(row["number"], code_of_request(fields, words.OWN_NOTICE_KEY))


def _refuse_used(reader: Reader, desk: Desk) -> None:
    place = "empty its database and remove its data folder" if not desk.database.is_sqlite else "remove it"
    folder = desk.settings.data_folder
    if standing(reader) == "begun":
        raise Conflict(f"loading the demo into `{folder}` was cut short; {place}, then load it again")
    used = not queries.nobody(reader) or _lived_in(reader) or desk.lists.names()
    if used:
        raise Conflict(
            f"`{folder}` holds something that is not the demo; set REMPART_DATA_FOLDER to a new folder, "
            "and leave this one alone"
        )


def _lived_in(reader: Reader) -> bool:
    """Whether anything happened here but that `rempart serve` offered the first account, as at each of its starts."""
    return any(entry.verb not in OFFERING for entry in islice(entries(reader), 1000))


def _load(desk: Desk, hands: Hands, now: datetime, progress: Callable[[int, int], None]) -> None:
    with desk.database.writing() as writer:
        known = queries.organisations(writer)
        organisation = (known[0] if known else organisations.add(writer, SLUG, NAME, hands.now)).id
        append(writer, operator(organisation), ABOUT, organisation, BEGUN, {}, hands.now)
    media.import_lists(desk.lists, desk.settings.memory_folder)
    accounts.enter(desk, organisation)
    with desk.database.writing() as writer:
        staff = accounts.staff(writer)
        token, _ = tokens.make(writer, staff["admin"], "castle.example (demo host)", ["items", "bundles"], hands.now)
    gestures = gestures_at(desk, hands, organisation, staff, token)
    telling.Month(gestures, hands.now, now).tell(progress)
    telling.standing(gestures, now)
    media.import_lists(desk.lists, desk.settings.memory_folder)  # the sources were heard again today
    with desk.database.writing() as writer:
        append(writer, operator(organisation), ABOUT, organisation, LOADED, {}, hands.now)
