"""Whoever registers the domain name: told of what stands under it, again every six days while it is there."""

from rempart.facts.case import ActionKind
from rempart.reporting.letters.letter import Letter, machine_questions
from rempart.reporting.recipient import Question


class RegistrarNotice(Letter):
    """With what machines read, without digests: a registrar holds no files."""

    name = "registrar-notice"
    kind = "registrar"
    carries_out: ActionKind = "notice_registrar"
    every_days = 6
    machines = True
    questions: tuple[Question, ...] = machine_questions()


RECIPIENT = RegistrarNotice()
