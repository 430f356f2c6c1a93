"""What follows from an appeal that changed a decision: what was done is undone, and who gave notice hears of it."""

from rempart.cases.appeals.answering import remedied
from rempart.storage.database import Writer
from rempart.storage.outbox import Effect
from rempart.wiring.desk import Desk
from rempart.worker.effects.review import carry_out


def remedy(desk: Desk, effect: Effect) -> None:
    """Nothing; the judgement of the appeal is carried out, and the appeal says so."""
    appeal, decision = int(effect.body["appeal"]), int(effect.body["decision"])

    def note(writer: Writer) -> None:
        remedied(writer, effect.organisation, appeal, decision, desk.clock())

    carry_out(desk, effect, decision, then=note)
