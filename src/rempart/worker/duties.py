"""What the house does every so often: one process at a time, whoever comes first. A new one: one line in DUTIES."""

from collections.abc import Callable
from dataclasses import dataclass

from rempart.wiring.desk import Desk
from rempart.worker import keeping, mailing, publishing, triage, watching
from rempart.worker.effects import clocks, intake, vault


@dataclass(frozen=True, slots=True)
class Duty:
    """Something done every `every_seconds`; it may be cut short anywhere and is then done anew."""

    name: str
    every_seconds: float
    do: Callable[[Desk], None]


DUTIES: tuple[Duty, ...] = (
    Duty("items.forget", 3600.0, intake.forget_items),
    Duty("claims.lapse", 30.0, keeping.free_lapsed_claims),
    Duty("ledger.checkpoint", 60.0, keeping.sign_the_ledger),
    Duty("queue.age", 300.0, triage.age),
    Duty("queue.sample", 3600.0, triage.sample),
    Duty("figures.count", 3600.0, keeping.write_down_tallies),
    Duty("mail.gather", 60.0, mailing.gather),
    Duty("statements.publish", 60.0, publishing.gather),
    Duty("vault.sweep", 3600.0, vault.sweep_files),
    Duty("vault.keep", 3600.0, vault.keep_no_longer),
    Duty("takedown.watch", 30.0, watching.look),
    Duty("clocks.watch", 60.0, clocks.watch),
    Duty("vault.missing", 86_400.0, vault.tell_missing),
)
