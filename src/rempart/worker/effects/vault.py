"""The vault at work: purged files go, orphans are swept, what is over is purged, missing files are told."""

from rempart.audit.checkpoints import newest
from rempart.audit.queries import head
from rempart.cases.erasure import requests
from rempart.cases.retention import keeping
from rempart.errors import Broken, Conflict
from rempart.people.queries import organisations
from rempart.reporting import queries as reports
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
    now, chosen = desk.clock(), desk.settings.desk
    times = keeping.Times(
        chosen.keep_not_illegal_days, chosen.keep_after_holds_days, chosen.keep_reporter_days, chosen.appeal_days
    )
    with desk.database.reading() as reader:
        known = organisations(reader)
    for one in known:
        _purge_cases(desk, one.id, times)
        _forget_reporters(desk, one.id, times)
        with desk.database.writing() as writer:
            keeping.purge_bundles(writer, desk.vault, one.id, chosen.keep_not_illegal_days, now)
        _go_on_erasing(desk, one.id)
        after = None
        while after != "":
            with desk.database.writing() as writer:
                after = keeping.purge_unnamed(writer, desk.vault, one.id, after or "", now)


def tell_missing(desk: Desk) -> None:
    """Nothing. Raises Broken when an object of the vault has no file."""
    lost = missing(desk.database, desk.vault)
    if lost:
        raise Broken(f"{lost} objects of the vault have no file; run `rempart vault verify`, restore them from a copy")


def _go_on_erasing(desk: Desk, organisation: int) -> None:
    """Nothing; what somebody asked to erase, and what nothing keeps any more, is gone."""
    with desk.database.reading() as reader:
        found = requests.waiting(reader, organisation)
        busy = {one for _, cases in found for one in cases if reports.waits(reader, organisation, one)}
    for number, _ in found:
        try:
            with desk.database.writing() as writer:
                requests.go_on(
                    writer,
                    desk.vault,
                    desk.fields,
                    organisation,
                    number,
                    busy=busy,
                    appeal_days=desk.settings.desk.appeal_days,
                    now=desk.clock(),
                )
        except Conflict:  # a decision is being carried out: the next round looks again
            continue


def _forget_reporters(desk: Desk, organisation: int, times: keeping.Times) -> None:
    done = None
    while done != 0:
        with desk.database.writing() as writer:
            done = keeping.forget_reporters(writer, desk.fields, organisation, times, desk.clock())


def _purge_cases(desk: Desk, organisation: int, times: keeping.Times) -> None:
    kept: set[int] = set()
    while True:
        with desk.database.reading() as reader:
            due = keeping.due_cases(reader, organisation, times, desk.clock(), kept)
            needed = {one for one in due if reports.waits(reader, organisation, one)}
        if not due:
            return
        kept |= needed
        for case_id in [one for one in due if one not in needed]:
            try:
                with desk.database.writing() as writer:
                    keeping.purge_due(writer, desk.vault, desk.fields, organisation, case_id, desk.clock())
            except Conflict:  # something keeps it by now: the next round looks again
                kept.add(case_id)
