"""What follows from a decision once it can no longer be undone."""

from collections.abc import Sequence

from rempart.cases.review import acting, own_list
from rempart.cases.review.acting import ListWork
from rempart.storage import outbox
from rempart.storage.outbox import Effect
from rempart.wiring.desk import Desk


def finish(desk: Desk, effect: Effect) -> None:
    """Nothing; the decision is carried out: actions, holds, answers, and the own list."""
    carry_out(desk, effect, int(effect.body["decision"]))


def carry_out(desk: Desk, effect: Effect, decision: int) -> None:
    """Nothing; what follows from this decision and from those that follow it is done, and the effect has ended.

    The list is changed between two units of work: done again after a crash it finds its entries there already.
    """
    organisation = effect.organisation
    with desk.database.writing() as writer:
        wanted = acting.decisions_of(writer, organisation, decision)
        work = acting.begin(writer, desk.fields, organisation, wanted, desk.clock())
    _change_list(desk, work)
    with desk.database.writing() as writer:
        acting.finish(writer, organisation, work, desk.clock())
        outbox.finish(writer, effect.id, desk.clock())


def _change_list(desk: Desk, work: Sequence[ListWork]) -> None:
    name, memory = desk.settings.desk.own_list, desk.settings.memory_folder
    by_code: dict[str, list[own_list.Listed]] = {}
    for one in work:
        if one.kind == "add_to_list":
            by_code.setdefault(one.classification, []).extend(one.entries)
    for code, entries in by_code.items():
        own_list.add(desk.lists, name, entries, code, memory)
    gone = [ref for one in work if one.kind == "withdraw_from_list" for ref in one.refs]
    if gone:
        own_list.withdraw(desk.lists, name, gone, "the decision was corrected")
