"""A bundle from its first row to its last, a few at a time: whatever stops it, it goes on where it was."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from rempart.cases.bundles import bundles, queries
from rempart.cases.bundles.bundle_format import Source
from rempart.cases.bundles.bundles import ENDED, Bundle
from rempart.cases.bundles.formats import FORMATS
from rempart.cases.bundles.importing import look, take
from rempart.cases.bundles.profiles import profile
from rempart.cases.bundles.records import Read
from rempart.errors import NotFound, UserMistake
from rempart.facts.people import Actor
from rempart.storage.database import Writer
from rempart.wiring.desk import Desk

# So few that others who write meanwhile wait no longer than a moment.
AT_ONCE = 50


def import_bundle(
    desk: Desk,
    actor: Actor,
    bundle_id: int,
    source: Source,
    *,
    progress: Callable[[int], None] = lambda _rows: None,
    stopped: Callable[[], bool] = lambda: False,
    ended: Callable[[Writer], None] = lambda _writer: None,
) -> Bundle:
    """The bundle, imported to its end, or as far as it came when `stopped` says so.

    source: opens the file anew. ended: called in the unit of work that ends the import.
    """
    with desk.database.reading() as reader:
        row = queries.read(reader, actor.organisation, bundle_id)
    if row is None:
        raise NotFound("there is no such bundle")
    if row["state"] in ENDED:
        return _end(desk, actor, bundle_id, ended)
    position, problem = row["position"], ""
    rows = rows_of(row["format"], row["profile"], source)
    try:
        for batch in _batches(islice(rows, position, None)):
            position = _take(desk, actor, bundle_id, position, batch)
            progress(position)
            if stopped():
                with desk.database.reading() as reader:
                    return bundles.get(reader, actor.organisation, row["number"])
    except UnreadableBundle as mistake:
        problem = str(mistake)
    return _end(desk, actor, bundle_id, ended, problem)


class UnreadableBundle(UserMistake):
    """The file as a whole cannot be meant."""


def rows_of(format_name: str, profile_name: str, source: Source) -> Iterator[Read]:
    """Every row of the file. Raises UnreadableBundle when it cannot be meant."""
    chosen = profile(profile_name) if profile_name else None
    try:
        yield from FORMATS[format_name].rows(source, chosen)
    except UserMistake as mistake:
        raise UnreadableBundle(str(mistake)) from None


def _take(desk: Desk, actor: Actor, bundle_id: int, position: int, batch: Sequence[Read]) -> int:
    lists = tuple(one.facts for one in desk.lists.snapshot().lists)
    looked = [look(one, desk.screeners.judge, lists) for one in batch]
    with desk.database.writing() as writer:
        return take(writer, desk.intake, actor, bundle_id, position, looked, lists, desk.clock())


def _end(desk: Desk, actor: Actor, bundle_id: int, ended: Callable[[Writer], None], problem: str = "") -> Bundle:
    with desk.database.writing() as writer:
        done = bundles.end(writer, actor, bundle_id, desk.clock(), problem)
        ended(writer)
    return done


def _batches(rows: Iterator[Read]) -> Iterator[list[Read]]:
    while batch := list(islice(rows, AT_ONCE)):
        yield batch
