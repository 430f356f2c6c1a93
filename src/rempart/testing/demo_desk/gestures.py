"""What people do at the demo desk, each gesture as the pages do it, at the time that its clock shows."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random

from rempart.cases.appeals import answering, bringing, working
from rempart.cases.appeals.bringing import Appellant
from rempart.cases.appeals.codes import make_code
from rempart.cases.intake.told import NoticeLanguage
from rempart.cases.orders import register
from rempart.cases.review import claim, decide, flags, reveal, undo
from rempart.cases.review.decide import Decided, Judgement
from rempart.cases.review.queries import reveals
from rempart.facts.case import Outcome
from rempart.facts.people import Actor
from rempart.people import queries
from rempart.testing.demo_desk.arriving import Arrivals
from rempart.testing.desk import Hands
from rempart.wiring.desk import Desk
from rempart.worker.duties import DUTIES
from rempart.worker.loop import attend
from rempart.worker.performing import perform_due


class Gestures(Arrivals):
    """The same desk in the hands of its people."""

    __slots__ = ()

    def verify_order(self, number: str) -> None:
        """Nothing; the sender of the order is verified."""
        with self.desk.database.writing() as writer:
            register.authenticate(
                writer, self.desk.fields, self.staff["supervisor"], number, "call_back", "", self.hands.now
            )

    def carry_out_order(self, number: str, effect: str) -> None:
        """Nothing; effect was given to the order."""
        with self.desk.database.writing() as writer:
            register.execute(
                writer, self.desk.fields, self.staff["supervisor"], number, effect, self.hands.now, self.hands.now
            )

    def appeal(self, number: str, code: str, grounds: str, *, language: NoticeLanguage = "en") -> int:
        """The appeal of who has this number and code."""
        said = Appellant(number, code, grounds, language)
        settings = self.desk.settings.desk
        with self.desk.database.writing() as writer:
            return bringing.bring(
                writer,
                self.desk.fields,
                said,
                appeal_days=settings.appeal_days,
                answer_days=settings.appeal_answer_days,
                now=self.hands.now,
            ).appeal

    def code_for_user(self, case_id: int) -> tuple[str, str]:
        """The number and the code that a host hands to the user whose content the case is about."""
        days = self.desk.settings.desk.appeal_days
        with self.desk.database.writing() as writer:
            made = make_code(writer, self.desk.fields, self.staff["senior"], case_id, days=days, now=self.hands.now)
        return made.number, made.code

    def answer(self, who: str, appeal: int, outcome: str, reasons: str, code_of: Outcome | None = None) -> None:
        """Nothing; the person has answered the appeal. code_of: the outcome that stands from now on."""
        code = next((one.name for one in self.desk.taxonomy.codes if one.outcome == code_of), "")
        with self.desk.database.writing() as writer:
            working.claim(writer, self.staff[who], appeal, self.hands.now)
        self.pass_time(minutes=11)
        with self.desk.database.writing() as writer:
            answering.answer(
                writer,
                self.desk.fields,
                self.staff[who],
                appeal,
                answering.Answer(outcome, reasons, code),
                taxonomy=self.desk.taxonomy,
                now=self.hands.now,
            )
        self.work()

    def work(self) -> None:
        """Nothing; the worker has performed what is due."""
        perform_due(self.desk)

    def attend(self) -> None:
        """Nothing; the worker has done the duties whose time has come, and what follows from them."""
        for duty in DUTIES:
            attend(self.desk, duty)
        self.work()

    def next_case(self, who: str) -> int | None:
        """The case that this person claims next."""
        rules = self.desk.rules
        settings = self.desk.settings.desk
        with self.desk.database.writing() as writer:
            return claim.claim_next(
                writer,
                self.staff[who],
                lease_minutes=settings.lease_minutes,
                now=self.hands.now,
                sampling=rules.sampling,
                sample_share=settings.sample_share,
                due_soon=timedelta(hours=settings.due_soon_hours),
                due_now=timedelta(minutes=settings.due_now_minutes),
            )

    def take(self, who: str, case_id: int) -> None:
        """Nothing; the person holds this case."""
        with self.desk.database.writing() as writer:
            claim.claim(
                writer,
                self.staff[who],
                case_id,
                lease_minutes=self.desk.settings.desk.lease_minutes,
                now=self.hands.now,
            )

    def look(self, who: str, case_id: int, *, original: bool = False) -> None:
        """Nothing; the person has been shown the case's media for some seconds: the preview, or the original."""
        with self.desk.database.reading() as reader:
            media = reveals.media_of(reader, self.organisation, [case_id])
        for row in media[:2]:
            if original and row["vault_id"] is not None:
                self._original(who, case_id, row["id"])
            elif row["preview_sealed"] is not None:
                self._preview(who, case_id, row["id"])

    def _preview(self, who: str, case_id: int, media_id: int) -> None:
        actor = self.staff[who]
        with self.desk.database.writing() as writer:
            made = reveal.preview(writer, actor, case_id, media_id, self.hands.now)
            reveal.preview_bytes(writer, self.desk.fields, actor, made, self.hands.now)
        self._close(actor, made, self.draw.randint(2, 9))

    def _original(self, who: str, case_id: int, media_id: int) -> None:
        actor = self.staff[who]
        with self.desk.database.writing() as writer:
            ticket = reveal.ask(writer, actor, case_id, media_id, "classify", self.hands.now)
        with self.desk.database.writing() as writer:
            opened = reveal.redeem(writer, self.desk.vault, ticket.word, self.hands.now)
            reveal.shown(writer, opened, self.hands.now)
        self._close(actor, ticket.reveal, self.draw.randint(4, 25))

    def _close(self, actor: Actor, reveal_id: int, seconds: int) -> None:
        self.pass_time(seconds=seconds)
        with self.desk.database.writing() as writer:
            reveal.close(writer, actor, reveal_id, seconds)

    def judge(self, who: str, case_id: int, outcome: Outcome, reason: str = "", **answers: str) -> Decided:
        """What became of the person's judgement on a case that they hold."""
        code = next(one.name for one in self.desk.taxonomy.codes if one.outcome == outcome)
        self.pass_time(seconds=self.draw.randint(15, 90))
        settings = self.desk.settings.desk
        with self.desk.database.writing() as writer:
            made = decide.decide(
                writer,
                self.staff[who],
                case_id,
                Judgement(code, reason, answers),
                taxonomy=self.desk.taxonomy,
                second_review=settings.second_review,
                undo_seconds=settings.undo_seconds,
                now=self.hands.now,
            )
        self.pass_time(seconds=2)
        return made

    def settle(
        self, who: str, case_id: int, outcome: Outcome, reason: str = "", *, original: bool = False, **answers: str
    ) -> Decided:
        """What became of a case that the person claims, looks at and decides, once it cannot be undone any more."""
        self.take(who, case_id)
        self.look(who, case_id, original=original)
        made = self.judge(who, case_id, outcome, reason, **answers)
        self.pass_time(seconds=self.desk.settings.desk.undo_seconds + 1)
        self.work()
        return made

    def take_back(self, who: str, made: Decided) -> None:
        """Nothing; the person has undone this decision."""
        with self.desk.database.writing() as writer:
            undo.undo(writer, self.staff[who], made.decision, self.hands.now)

    def skip(self, who: str, case_id: int, reason: str) -> None:
        """Nothing; the person passes the case on."""
        with self.desk.database.writing() as writer:
            claim.skip(writer, self.staff[who], case_id, reason, self.hands.now)

    def escalate(self, who: str, case_id: int, reason: str) -> None:
        """Nothing; the case waits for a senior."""
        with self.desk.database.writing() as writer:
            flags.escalate(writer, self.staff[who], case_id, reason, self.hands.now)

    def police_first(self, who: str, case_id: int, reason: str) -> None:
        """Nothing; the police hear of the case before any host does."""
        with self.desk.database.writing() as writer:
            flags.set_police_first(writer, self.staff[who], case_id, reason, self.hands.now)

    def note(self, who: str, case_id: int, text: str) -> None:
        """Nothing; the note stands on the case."""
        with self.desk.database.writing() as writer:
            flags.add_note(writer, self.desk.fields, self.staff[who], case_id, text, self.hands.now)


def gestures_at(desk: Desk, hands: Hands, organisation: int, staff: Mapping[str, Actor], token: str) -> Gestures:
    """The gestures of these people. token: the pseudonym of the host's service token."""
    with desk.database.reading() as reader:
        host = next(one.actor for one in queries.tokens_of(reader, organisation) if one.pid == token)
    return Gestures(desk, hands, organisation, staff, host, Random(7))  # noqa: S311 - a story, not a secret
