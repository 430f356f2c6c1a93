"""What performs each kind of effect. A new one: one file here, one line in EFFECTS, one test."""

from collections.abc import Callable

from rempart.storage.outbox import Effect
from rempart.wiring.desk import Desk
from rempart.worker.effects import appeals, bundles, fetching, intake, mailing, reporting, review, routing, vault

# A handler opens its own units of work, may run again after a crash, and calls `outbox.finish` in the transaction
# that keeps its results. Unavailable is tried again later; any other error ends the effect and is told.
Handler = Callable[[Desk, Effect], None]

EFFECTS: dict[str, Handler] = {
    "notice.screen": intake.screen_attachment,
    "item.screen": intake.screen_item,
    "item.fetch": fetching.fetch_item,
    "bundle.import": bundles.bring_in,
    "decision.final": review.finish,
    "notice.answer": review.answer_late,
    "appeal.remedy": appeals.remedy,
    "vault.remove": vault.remove,
    "report.plan": routing.plan,
    "report.send": reporting.send,
    "mailing.send": mailing.send,
}
