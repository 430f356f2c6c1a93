"""Whoever hosts the content: asked to take it down, again every day while it is there."""

from rempart.facts.case import ActionKind
from rempart.reporting.letters.letter import Letter, machine_questions
from rempart.reporting.recipient import Question


class HostNotice(Letter):
    """With the files' digests, so that the host finds every copy."""

    name = "host-notice"
    kind = "host"
    carries_out: ActionKind = "notice_host"
    every_days = 1
    digests = True
    machines = True
    questions: tuple[Question, ...] = machine_questions()


RECIPIENT = HostNotice()
