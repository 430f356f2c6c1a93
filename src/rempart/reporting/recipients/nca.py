"""The United Kingdom's National Crime Agency: a sheet for its portal, with what Schedule 1 asks for where it is there.

No public description of the portal's interface is known, so a person copies the sheet. Whoever reports to NCMEC goes on
reporting there: the same case is not reported twice.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from rempart.facts.case import ActionKind
from rempart.facts.report import CaseView, Problem
from rempart.reporting.recipient import Answers, Draft, Question
from rempart.reporting.sheets import sheet, stating
from rempart.reporting.sheets.sheet import Block, Sheet

ZONE = "Europe/London"
_PRIORITIES = {"1": "immediately", "2": "as soon as reasonably practicable", "3": "without undue delay"}
_QUESTIONS = (
    Question(
        "priority",
        "Which priority? 1 immediately, 2 as soon as reasonably practicable, 3 without undue delay",
        "Quelle priorité ? 1 immédiatement, 2 dès que raisonnablement possible, 3 sans retard injustifié",
        "choice",
        tuple(_PRIORITIES),
        required=True,
    ),
    Question(
        "danger_now",
        "Is a child in danger at this moment?",
        "Un enfant est-il en danger en ce moment même ?",
        "yesno",
        required=True,
    ),
    Question(
        "uk_link",
        "What links the content to the United Kingdom? (A provider from elsewhere reports linked content only)",
        "Quel lien le contenu a-t-il avec le Royaume-Uni ? (Un service établi ailleurs ne signale que ce contenu)",
    ),
    Question("detected", "How was it found?", "Comment a-t-il été trouvé ?", required=True),
    Question(
        "accounts",
        "Is what hosts told about the accounts handed over? It is personal data",
        "Les informations des hébergeurs sur les comptes sont-elles transmises ? Ce sont des données personnelles",
        "yesno",
        required=True,
    ),
    Question("note", "Anything else that they should know?", "Autre chose à leur signaler ?", "long"),
)
_REGISTRATION = ("organisation_reference", "administrator", "replacement")


class Nca(Sheet):
    """One sheet for each case; held content a year, its reference five."""

    name = "nca"
    carries_out: ActionKind = "report_police"
    questions: tuple[Question, ...] = _QUESTIONS
    holds: tuple[str, ...] = ("uk.content", "uk.reference")

    def build(self, case: CaseView, answers: Answers, options: Mapping[str, Any]) -> Draft:
        """Schedule 1's information where it is there; nothing is collected for it."""
        priority = answers.get("priority", "")
        texts = (
            Block("registration", "Organisation, as registered", _registration(options)),
            Block("contact", "Contact", stating.contact(options)),
            Block("priority", "Priority", f"{priority}: {_PRIORITIES[priority]}" if priority else ""),
            Block("uk_link", "Link to the United Kingdom", stating.one_line(answers.get("uk_link", ""))),
            Block("detected", "How it was detected", stating.one_line(answers.get("detected", ""))),
            Block("summary", "What is reported", stating.summary(case, answers, "en", ZONE)),
            Block("judged", "How it was judged", f"{case.code} ({case.taxonomy})"),
            Block("places", "Platform, address, time", stating.places(case, "en", ZONE)),
            Block("files", "Files and hash values", stating.files(case, "en")),
            Block("accounts", "Accounts", stating.accounts(case) if answers.get("accounts") == "yes" else ""),
        )
        return sheet.draft(
            "en",
            f"NCA report, case {case.case_id}",
            _notes(case, answers, priority),
            texts,
            reported_to=sorted({one.recipient for one in case.reported}),
            due_at=_due(case, priority, options),
        )

    def problems(self, draft: Draft, options: Mapping[str, Any], now: datetime) -> list[Problem]:  # noqa: ARG002
        """What forbids it: nobody is registered, NCMEC has the case, or nothing links it to the United Kingdom."""
        found = [
            Problem(
                f"registration.{field}",
                f"register with the NCA before the first report, then set REMPART_REPORTING__NCA__{field.upper()}",
            )
            for field in _REGISTRATION
            if not options.get(field)
        ]
        if "cybertip" in draft["reported_to"]:
            found.append(
                Problem("duplicate", "this case is reported to NCMEC, or about to be; the NCA asks for no duplicate")
            )
        country = options.get("desk", {}).get("country", "").upper()
        if country != "GB" and not any(one["name"] == "uk_link" for one in draft["blocks"]):
            says = "a provider from elsewhere reports only what is linked to the United Kingdom; say what the link is"
            found.append(Problem("uk_link", says))
        return found


def _registration(options: Mapping[str, Any]) -> str:
    return "\n".join(str(options[field]) for field in _REGISTRATION if options.get(field))


def _notes(case: CaseView, answers: Answers, priority: str) -> list[str]:
    return [
        *(["Imminent risk to life: call 999 first."] if stating.is_urgent(case, answers) else []),
        *(["Priority 1: report immediately."] if priority == "1" else []),
        "Copy each block into the NCA portal; send what you learn later as a supplement.",
    ]


def _due(case: CaseView, priority: str, options: Mapping[str, Any]) -> str | None:
    """By when, as this desk set itself: the law names no number of hours. At once for priority 1."""
    minutes = {"1": 0, "2": options.get("second_minutes"), "3": options.get("third_minutes")}.get(priority)
    return None if minutes is None else (case.decided_at + timedelta(minutes=minutes)).isoformat()


RECIPIENT = Nca()
