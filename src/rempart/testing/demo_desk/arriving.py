"""What comes in at the demo desk, as the form, the API and the register take it, at the time that its clock shows."""

import io
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from random import Random
from typing import Any

from rempart.cases.bundles import bundles
from rempart.cases.bundles.bundles import Bundle
from rempart.cases.intake.items import Screening, keep_item
from rempart.cases.intake.notices import receive
from rempart.cases.intake.submitted import About, Answer, Submission
from rempart.cases.intake.told import Attachment, Category, NoticeLanguage, Received, Told
from rempart.cases.intake.urls import normalise
from rempart.cases.orders import kinds, register
from rempart.cases.orders.records import Sent
from rempart.facts import Fingerprint
from rempart.facts.people import Actor, public
from rempart.testing.demo_desk.media import Picture
from rempart.testing.desk import Hands
from rempart.web.api.screening import BUSY, screen_now
from rempart.wiring.bundling import import_bundle
from rempart.wiring.desk import Desk

# Made-up hosts: RFC 2606 reserves `.example`.
HOSTS = ("castle.example", "village.example", "river.example", "tower.example")


@dataclass(frozen=True, slots=True)
class Arrivals:
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
            return receive(writer, self.desk.intake, public(self.organisation), told, self.hands.now)

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
            return keep_item(writer, self.desk.intake, self.host, submission, waiting, "closed", self.hands.now)

    def bundle(self, partner: str, rows: Iterable[Mapping[str, Any]], key: str) -> Bundle:
        """What became of the rows that a partner sent together."""
        content = "".join(json.dumps(row) + "\n" for row in rows).encode()
        sending = bundles.Sending(partner, "ndjson", "", sha256(content).digest(), len(content), key)
        with self.desk.database.writing() as writer:
            made, _ = bundles.receive(writer, self.desk.intake, self.host, sending, self.hands.now)
        return import_bundle(self.desk, self.host, made.id, lambda: io.BytesIO(content))

    def order(self, kind: str, reference: str, place: str, reasons: str, *, received_hours_ago: float = 0.5) -> str:
        """The number of an authority's order."""
        sent = Sent(
            kind=kind,
            authority="Office of Dragon Affairs (demo)",
            reference=reference,
            legal_basis=kinds.kind(kind).basis,
            received_at=self.hands.now - timedelta(hours=received_hours_ago),
            category="abuse_material",
            urls=(normalise(place),),
            reasons=reasons,
        )
        with self.desk.database.writing() as writer:
            added = register.add(writer, self.desk.intake, self.staff["supervisor"], sent, self.hands.now)
        return added.order.number
