"""What people do at the demo desk, each gesture as the pages and the API do it, at the time that its clock shows."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from rempart.cases.intake.items import Screening, keep_item
from rempart.cases.intake.notices import receive
from rempart.cases.intake.submitted import About, Answer, Submission
from rempart.cases.intake.told import Attachment, Category, NoticeLanguage, Received, Told
from rempart.cases.intake.urls import normalise
from rempart.cases.review import claim, decide, flags, reveal, undo
from rempart.cases.review.decide import Decided, Judgement
from rempart.cases.review.queries import reveals
from rempart.facts import Fingerprint
from rempart.facts.case import Outcome
from rempart.facts.people import Actor, public
from rempart.people import queries
from rempart.testing.demo_desk.media import Picture
from rempart.testing.desk import Hands
from rempart.web.api.screening import BUSY, intake_of, screen_now
from rempart.wiring.desk import Desk
from rempart.worker.duties import DUTIES
from rempart.worker.loop import attend
from rempart.worker.performing import perform_due

# Made-up hosts: RFC 2606 reserves `.example`.
HOSTS = ("castle.example", "village.example", "river.example", "tower.example")


@dataclass(frozen=True, slots=True)
class Gestures:
    """The desk, the clock that moves with what is done, and who is there."""

    desk: Desk
    hands: Hands
    organisation: int
    staff: Mapping[str, Actor]
    host: Actor
    draw: Random

    def pass_time(self, **span: float) -> None:
        """Nothing; so much time has passed."""
        self.hands.now += timedelta(**span)

    def notice(
        self,
        text: str,
        *,
        key: str,
        place: str = "",
        category: Category = "abuse_material",
        language: NoticeLanguage = "en",
        attached: tuple[Picture, ...] = (),
        urgent: bool = False,
        self_report: bool = False,
        email: str = "",
    ) -> Received:
        """What a member of the public is given for this notice. key: the same notice is received once."""
        files = tuple(
            Attachment(one.name, self.desk.vault.seal(one.content), sha256(one.content).digest()) for one in attached
        )
        told = Told(
            category,
            (normalise(place),) if place else (),
            text,
            urgent=urgent,
            self_report=self_report,
            email=email,
            good_faith=True,
            language=language,
            attachments=files,
            request_key=key,
        )
        with self.desk.database.writing() as writer:
            return receive(writer, intake_of(self.desk), public(self.organisation), told, self.hands.now)

    def item(self, picture: Picture, key: str, **about: Any) -> Answer:
        """What the host is told of an upload, screened in a sandboxed child."""
        submission = Submission(
            picture.content, (), About(picture.name, **about), sha256(picture.content).digest(), request_key=key
        )
        return screen_now(self.desk, self.host, submission, time.monotonic())

    def prints(self, prints: tuple[Fingerprint, ...], key: str, **about: Any) -> Answer:
        """What the host is told of an upload whose bytes it keeps to itself."""
        return screen_now(
            self.desk, self.host, Submission(None, prints, About("kept", **about), request_key=key), time.monotonic()
        )

    def late_item(self, picture: Picture, key: str) -> Answer:
        """What the host is told of an upload that could not be screened in time, and waits for the worker."""
        submission = Submission(
            picture.content, (), About(picture.name), sha256(picture.content).digest(), request_key=key
        )
        waiting = Screening(None, BUSY, self.desk.vault.seal(picture.content))
        with self.desk.database.writing() as writer:
            return keep_item(writer, intake_of(self.desk), self.host, submission, waiting, "closed", self.hands.now)

    def work(self) -> None:
        """Nothing; the worker has performed what is due, and done the duties whose time has come."""
        perform_due(self.desk)
        for duty in DUTIES:
            attend(self.desk, duty)
        perform_due(self.desk)

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

    def settle(self, who: str, case_id: int, outcome: Outcome, reason: str = "", **answers: str) -> Decided:
        """What became of a case that the person claims, looks at and decides, once it cannot be undone any more."""
        self.take(who, case_id)
        self.look(who, case_id)
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


def day(start: datetime, days: int, hours: float) -> datetime:
    """The time of that day of the story."""
    return start + timedelta(days=days, hours=hours)
