"""The vault at work: purged files go, orphans are swept, what is over is purged, missing files are told."""

from rempart.audit.checkpoints import newest
from rempart.audit.queries import head
from rempart.cases.retention import keeping
from rempart.errors import Broken, Conflict
from rempart.people.queries import organisations
from rempart.storage import outbox
from rempart.storage.outbox import Effect
from rempart.vault.purging import remove_file
from rempart.vault.sweeping import sweep
from rempart.vault.verifying import missing
from rempart.wiring.desk import Desk, checkpoint_folder

TABLE = "vault_object"


def remove(desk: Desk, effect: Effect) -> None:
    """Nothing; the file of a purged object is gone, and its key stands in no live file of the database."""
    with desk.database.reading() as reader:
        remove_file(reader, desk.vault, str(effect.body["object"]))
    desk.database.scrub(TABLE)
    with desk.database.writing() as writer:
        outbox.finish(writer, effect.id, desk.clock())


def sweep_files(desk: Desk) -> None:
    """Nothing; files that nothing can open are gone.

    Raises Broken, and removes nothing, when the database is older than its own checkpoints: the rows of these files
    may come back with the right backup.
    """
    with desk.database.reading() as reader:
        last = newest(reader, desk.keys.public_signing_key, checkpoint_folder(desk.settings))
        if last is not None and last.seq > head(reader)[0]:
            raise Broken("the database is older than its checkpoints; nothing was swept, run `rempart audit verify`")
    sweep(desk.database, desk.vault, desk.clock())


def keep_no_longer(desk: Desk) -> None:
    """Nothing; what is over is purged, in every organisation, a case or a few objects in each unit of work."""
    now, days = desk.clock(), desk.settings.desk.keep_not_illegal_days
    with desk.database.reading() as reader:
        known = organisations(reader)
    for one in known:
        _purge_cases(desk, one.id, days)
        with desk.database.writing() as writer:
            keeping.purge_bundles(writer, desk.vault, one.id, days, now)
        after = None
        while after != "":
            with desk.database.writing() as writer:
                after = keeping.purge_unnamed(writer, desk.vault, one.id, after or "", now)


def tell_missing(desk: Desk) -> None:
    """Nothing. Raises Broken when an object of the vault has no file."""
    lost = missing(desk.database, desk.vault)
    if lost:
        raise Broken(f"{lost} objects of the vault have no file; run `rempart vault verify`, restore them from a copy")


def _purge_cases(desk: Desk, organisation: int, days: int) -> None:
    while True:
        with desk.database.reading() as reader:
            due = keeping.due_cases(reader, organisation, days, desk.clock())
        purged = 0
        for case_id in due:
            try:
                with desk.database.writing() as writer:
                    keeping.purge_due(writer, desk.vault, desk.fields, organisation, case_id, desk.clock())
                purged += 1
            except Conflict:  # something keeps it by now: the next round looks again
                continue
        if not purged:
            return
