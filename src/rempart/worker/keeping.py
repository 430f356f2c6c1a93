"""What is kept in order without anybody asking: cases that nobody holds any more are free, the ledger is signed."""

from rempart.audit.checkpoints import checkpoint_if_due
from rempart.cases.review.claim import free_lapsed
from rempart.cases.transparency.counting import write_down
from rempart.people.queries import organisations
from rempart.wiring.desk import Desk, checkpoint_folder


def free_lapsed_claims(desk: Desk) -> None:
    """Nothing; every case whose lease has ended waits in its lane again, in every organisation."""
    with desk.database.reading() as reader:
        known = organisations(reader)
    for one in known:
        with desk.database.writing() as writer:
            free_lapsed(writer, one.id, desk.clock())


def write_down_tallies(desk: Desk) -> None:
    """Nothing; how many items were screened on each day that has ended stands in the ledger."""
    with desk.database.reading() as reader:
        known = organisations(reader)
    for one in known:
        with desk.database.writing() as writer:
            write_down(writer, one.id, desk.clock())


def sign_the_ledger(desk: Desk) -> None:
    """Nothing; a checkpoint was made if one was due. Raises Broken when the ledger does not hold.

    Raises Conflict when another process made one in this moment: the next time it is not due.
    """
    checkpoint_if_due(desk.database, desk.keys, checkpoint_folder(desk.settings), desk.clock())
