"""Makers for reporting: decided cases, and recipients that do as they are told."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr

from rempart.audit.queries import append
from rempart.facts.case import ActionKind
from rempart.facts.people import Actor
from rempart.facts.report import CaseView, Payload, Problem
from rempart.migrations.schema import METADATA
from rempart.reporting.recipient import Answers, Approvals, Draft, Question, Receipt, Sending, Sent, Way
from rempart.settings import CybertipSettings, NetSettings, OwnSettings, ReportingSettings, Settings
from rempart.storage.database import Writer
from rempart.storage.fields import Fields
from rempart.testing.desk import NOW, make_actor, make_case, make_media
from rempart.testing.emulators.cybertip import PASSWORD, USER
from rempart.testing.serving import environment_of
from rempart.vault import Vault

OWN = OwnSettings(name="Dragon Desk", contact_email="desk@desk.example")


def make_decided(
    writer: Writer,
    fields: Fields,
    organisation: int,
    *,
    vault: Vault | None = None,
    outcome: str = "illegal_baseline",
    code: str = "baseline",
    answers: Mapping[str, str | None] | None = None,
    media: int = 1,
    urls: tuple[str, ...] = ("https://dragon.example/purple",),
    reviewer: str = "R-ADA",
    now: datetime = NOW,
    **columns: Any,
) -> int:
    """The id of a decided case with media and places; the decision is final."""
    final = now - timedelta(minutes=1)
    case_id = make_case(
        writer, organisation, state="decided", now=final, outcome=outcome, decided_at=final, final_at=final, **columns
    )
    for number in range(media):
        make_media(writer, fields, organisation, case_id, vault=vault, seed=case_id * 100 + number, now=final)
    for url in urls:
        make_location(writer, fields, organisation, case_id, url, now=final)
    made = writer.insert(
        METADATA.tables["decision"],
        organisation=organisation,
        case_id=case_id,
        reviewer=reviewer,
        round="first",
        lane="tier",
        taxonomy="baseline",
        taxonomy_version="1",
        code=code,
        outcome=outcome,
        answers=dict(answers or {}),
        reason="a purple dragon",
        viewed="none",
        seconds=10,
        at=final,
        final_at=final,
        before={},
    )
    actor = make_actor(organisation, reviewer)
    append(writer, actor, "case", case_id, "case.decided", {"decision": made, "outcome": outcome, "code": code}, final)
    return case_id


def make_location(
    writer: Writer, fields: Fields, organisation: int, case_id: int, url: str, *, now: datetime = NOW
) -> int:
    """The id of a place where the case stands."""
    host = url.partition("://")[2].partition("/")[0]
    return writer.insert(
        METADATA.tables["location"],
        organisation=organisation,
        case_id=case_id,
        url_sealed=fields.seal_text("url", url),
        url_key=fields.blind("url", url.encode()),
        host=host,
        seen_at=now,
    )


def senior(organisation: int, pid: str = "R-EVE") -> Actor:
    """Somebody who may approve."""
    return make_actor(organisation, pid, "senior")


@dataclass(slots=True)
class FakeRecipient:
    """A recipient whose sending is a list of what happens, one entry a call; the last one repeats."""

    name: str = "dragons"
    transport: Way = "http"
    approvals: Approvals = 1
    carries_out: ActionKind = "report_police"
    questions: tuple[Question, ...] = (Question("colour", "Which colour?", "Quelle couleur ?", required=True),)
    holds: tuple[str, ...] = ("us.2258a.h",)
    plan: list[Callable[[Sending], Sent]] = field(default_factory=list)
    sent: list[Sending] = field(default_factory=list)

    def build(self, case: CaseView, answers: Answers, options: Mapping[str, Any]) -> Draft:
        """What is known."""
        known = {"case": case.case_id, "prior": list(case.prior), "desk": options.get("desk", {}).get("name", "")}
        return {"version": 1, **known, **({"colour": answers["colour"]} if "colour" in answers else {})}

    def problems(self, draft: Draft, options: Mapping[str, Any], now: datetime) -> list[Problem]:  # noqa: ARG002
        """Green dragons cannot be reported."""
        return [Problem("colour", "green is no colour of a dragon")] if draft.get("colour") == "green" else []

    def render(self, draft: Draft, now: datetime) -> Payload:  # noqa: ARG002
        """The draft as JSON."""
        return Payload(json.dumps(draft).encode(), "application/json", "dragon.json")

    def send(self, sending: Sending) -> Sent:
        """What the plan says of this call."""
        self.sent.append(sending)
        step = self.plan[min(len(self.sent), len(self.plan)) - 1]
        return step(sending)


def finishes(sending: Sending) -> Sent:
    """The recipient took it."""
    sending.keep({"step": "done"}, Receipt("finished", b"<ok/>", "request-1"))
    return Sent("finished", "D-1")


def reporting_to(settings: Settings, address: str) -> Settings:
    """The settings of a desk that reports to this emulator."""
    host = address.partition("://")[2].partition("/")[0]
    return settings.model_copy(
        update={
            "reporting": ReportingSettings(
                environment="emulator",
                desk=OWN,
                cybertip=CybertipSettings(username=USER, password=SecretStr(PASSWORD), emulator_address=address),
            ),
            "net": NetSettings(allowed_hosts=(host,)),
        }
    )


def variables_of(settings: Settings) -> dict[str, str]:
    """The environment of a worker of that desk."""
    reporting, [host] = settings.reporting, settings.net.allowed_hosts
    return environment_of(settings) | {
        "REMPART_REPORTING__ENVIRONMENT": "emulator",
        "REMPART_REPORTING__DESK__NAME": OWN.name,
        "REMPART_REPORTING__DESK__CONTACT_EMAIL": OWN.contact_email,
        "REMPART_REPORTING__CYBERTIP__EMULATOR_ADDRESS": reporting.cybertip.emulator_address,
        "REMPART_REPORTING__CYBERTIP__USERNAME": USER,
        "REMPART_REPORTING__CYBERTIP__PASSWORD": PASSWORD,
        "REMPART_NET__ALLOWED_HOSTS": f'["{host}"]',
    }
