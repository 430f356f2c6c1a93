"""What follows from a decision once it can no longer be undone."""

from collections.abc import Callable, Sequence

from rempart.cases.review import acting, own_list
from rempart.cases.review.acting import ListWork
from rempart.reporting import planning
from rempart.storage import outbox
from rempart.storage.database import Writer
from rempart.storage.outbox import Effect
from rempart.wiring.desk import Desk


def finish(desk: Desk, effect: Effect) -> None:
    """Nothing; the decision is carried out: actions, holds, answers, the own list; then who is told is worked out."""
    decision = int(effect.body["decision"])

    def then(writer: Writer) -> None:
        for one in acting.decisions_of(writer, effect.organisation, decision):
            planning.order(writer, effect.organisation, one, desk.clock())

    carry_out(desk, effect, decision, then)


def answer_late(desk: Desk, effect: Effect) -> None:
    """Nothing; who gave notice of what was judged before is told the outcome."""
    with desk.database.writing() as writer:
        notice, case = int(effect.body["notice"]), int(effect.body["case"])
        acting.answer_late(writer, effect.organisation, notice, case, desk.clock())
        outbox.finish(writer, effect.id, desk.clock())


def carry_out(desk: Desk, effect: Effect, decision: int, then: Callable[[Writer], None] = lambda _writer: None) -> None:
    """Nothing; what follows from this decision and from those that follow it is done, and the effect has ended.

    The list is changed between two units of work: done again after a crash it finds its entries there already.
    then: what else is kept together with the end.
    """
    organisation = effect.organisation
    with desk.database.writing() as writer:
        wanted = acting.decisions_of(writer, organisation, decision)
        work = acting.begin(writer, desk.fields, organisation, wanted, desk.clock())
    _withdraw(desk, organisation, [one for one in work if one.kind == "withdraw_from_list"])
    _add(desk, [one for one in work if one.kind == "add_to_list"])
    with desk.database.writing() as writer:
        acting.finish(writer, organisation, work, desk.clock())
        then(writer)
        outbox.finish(writer, effect.id, desk.clock())


def _add(desk: Desk, work: Sequence[ListWork]) -> None:
    by_code: dict[str, list[own_list.Listed]] = {}
    for one in work:
        by_code.setdefault(one.classification, []).extend(one.entries)
    for code, entries in by_code.items():
        own_list.add(desk.lists, desk.settings.desk.own_list, entries, code, desk.settings.memory_folder)


def _withdraw(desk: Desk, organisation: int, work: Sequence[ListWork]) -> None:
    """Nothing; the entries match no more. What went with them though another organisation confirmed it is put back."""
    name, gone = desk.settings.desk.own_list, {ref for one in work for ref in one.refs}
    for one in work:
        others = [ref for ref in own_list.entangled(desk.lists, name, one.refs) if ref not in gone]
        with desk.database.writing() as writer:
            acting.entangle(writer, organisation, one, others, desk.clock())
        own_list.withdraw(desk.lists, name, one.refs, "the decision was corrected")
        with desk.database.reading() as reader:
            back = acting.restorable(reader, desk.fields, organisation, [*one.entangled, *others])
        for entry, code in back:
            own_list.add(desk.lists, name, [entry], code, desk.settings.memory_folder)
