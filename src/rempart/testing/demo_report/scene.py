"""Where the demo plays: a desk whose people and clock do as the story says, and what was seen to happen."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from rempart.errors import Broken
from rempart.facts.report import ReportState
from rempart.reporting import drafting, queries
from rempart.testing.demo_desk.gestures import Gestures
from rempart.testing.emulators.cybertip import CyberTipline
from rempart.testing.emulators.hosts import Hosts
from rempart.testing.emulators.smtp import SmtpSink
from rempart.wiring.reporting import reporting_of

Leg = Literal["cybertip", "referral", "host-notice", "statement", "monitor", "hold"]
FORMAT: Final = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline: what a leg had come to, and when by the clock of the demo."""

    at: datetime
    leg: Leg
    state: str

    def to_json(self) -> dict[str, str]:
        """The line as JSON values."""
        return {"at": self.at.strftime(FORMAT), "leg": self.leg, "state": self.state}


@dataclass
class Scene:
    """The desk and the other sides. place: the address that the case is about."""

    do: Gestures
    authority: CyberTipline
    hosts: Hosts
    relay: SmtpSink
    place: str
    case_id: int = 0
    timeline: list[Moment] = field(default_factory=list)

    @property
    def host(self) -> str:
        """The name of the host at the place."""
        return self.place.partition("://")[2].partition("/")[0]

    def saw(self, leg: Leg, state: str) -> None:
        """Nothing; this is what the leg has come to now. What did not change is not told again."""
        last = next((one.state for one in reversed(self.timeline) if one.leg == leg), None)
        if state != last:
            self.timeline.append(Moment(self.do.hands.now, leg, state))

    def draft(self, leg: Leg, recipient: str, answers: dict[str, str], **more: Any) -> int:
        """The id of a report that the senior drafted."""
        reporting = reporting_of(self.do.desk)
        with self.do.desk.database.writing() as writer:
            made = drafting.draft(
                writer,
                reporting,
                self.do.staff["senior"],
                self.case_id,
                recipient,
                self.do.hands.now,
                answers=answers,
                **more,
            )
        self.saw(leg, "draft")
        return made

    def drafted(self, recipient: str) -> int:
        """The report to this recipient that the worker drafted by itself. Raises Broken when there is none."""
        with self.do.desk.database.reading() as reader:
            rows = queries.of_case(reader, self.do.organisation, self.case_id)
        found = next((int(one["id"]) for one in rows if one["recipient"] == recipient), None)
        if found is None:
            raise Broken(f"no report to `{recipient}` was drafted by itself; please report this")
        return found

    def answer(self, report: int, answers: dict[str, str]) -> None:
        """Nothing; the senior answered questions of the draft."""
        do, reporting = self.do, reporting_of(self.do.desk)
        with do.desk.database.writing() as writer:
            drafting.answer(writer, reporting, do.staff["senior"], report, answers, do.hands.now)

    def approve(self, leg: Leg, report: int, *names: str) -> None:
        """Nothing; these people approved the report, some minutes apart. names: first of them who is asked."""
        reporting = reporting_of(self.do.desk)
        for name in names:
            self.do.pass_time(minutes=3)
            with self.do.desk.database.writing() as writer:
                drafting.approve(writer, reporting, self.do.staff[name], report, self.do.hands.now)
        self.saw(leg, self.state(report))

    def state(self, report: int) -> ReportState:
        """Where the report stands."""
        with self.do.desk.database.reading() as reader:
            row = queries.read(reader, self.do.organisation, report)
        assert row is not None  # noqa: S101 - it was drafted here
        found: ReportState = row["state"]
        return found
