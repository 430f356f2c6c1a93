"""Article 18 of the Digital Services Act: a threat to somebody's life or safety, told to the states concerned at once.

The state concerned is where the offence takes place, where the suspect is, or where the victim is; a host that can tell
none of them turns to the state where it is established, or to Europol.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rempart.facts.case import ActionKind
from rempart.facts.report import CaseView, Problem
from rempart.reporting.recipient import Answers, Draft, Question
from rempart.reporting.sheets import sheet, stating
from rempart.reporting.sheets.sheet import Block, Sheet

_STATE = re.compile(r"[A-Z]{2}")
_STATES = ("offence", "suspect", "victim")
_QUESTIONS = (
    Question(
        "threat",
        "What threatens whose life or safety, and how do you know?",
        "Qu’est-ce qui menace la vie ou la sécurité de qui, et comment le savez-vous ?",
        "long",
        required=True,
    ),
    Question(
        "state_offence",
        "In which state does it take place? (Two letters)",
        "Dans quel État cela a-t-il lieu ? (Deux lettres)",
    ),
    Question(
        "state_suspect",
        "In which state is the suspect? (Two letters)",
        "Dans quel État est le suspect ? (Deux lettres)",
    ),
    Question(
        "state_victim", "In which state is the victim? (Two letters)", "Dans quel État est la victime ? (Deux lettres)"
    ),
    Question("authority", "Which authority is told?", "Quelle autorité est informée ?", required=True),
    Question(
        "accounts",
        "Is what hosts told about the accounts handed over? It is personal data",
        "Les informations des hébergeurs sur les comptes sont-elles transmises ? Ce sont des données personnelles",
        "yesno",
        required=True,
    ),
)


class Article18(Sheet):
    """One record for each case and authority: who was told, of what, concerning which states."""

    name = "article-18"
    carries_out: ActionKind = "report_police"
    questions: tuple[Question, ...] = _QUESTIONS
    holds: tuple[str, ...] = ()

    def build(self, case: CaseView, answers: Answers, options: Mapping[str, Any]) -> Draft:
        """The record. Due at once: the article says promptly, and names no hours."""
        states = {one: answers.get(f"state_{one}", "").strip().upper() for one in _STATES}
        threat = stating.lines(answers.get("threat", ""))
        blocks = (
            Block("authority", "To", stating.one_line(answers.get("authority", ""))),
            Block("threat", "Suspected threat to life or safety", threat),
            Block("states", "States concerned", "\n".join(f"{one}: {code}" for one, code in states.items() if code)),
            Block("summary", "What is known", stating.summary(case, {}, "en", "UTC")),
            Block("places", "Where it was seen, and when", stating.places(case, "en", "UTC")),
            Block("files", "Files and fingerprints", stating.files(case, "en")),
            Block("accounts", "Accounts", stating.accounts(case) if answers.get("accounts") == "yes" else ""),
            Block("contact", "From", stating.contact(options)),
        )
        title = f"Regulation (EU) 2022/2065, article 18: suspicion of a threat to life or safety, case {case.case_id}"
        return sheet.draft("en", title, _notes(states), blocks, states=states, due_at=case.decided_at.isoformat())

    def problems(self, draft: Draft, options: Mapping[str, Any], now: datetime) -> list[Problem]:  # noqa: ARG002
        """A state that is none, or nobody whom the authority could ask."""
        found = [
            Problem(f"state_{one}", "a state is two letters, such as FR; leave it empty when it is not known")
            for one, code in draft["states"].items()
            if code and not _STATE.fullmatch(code)
        ]
        if not any(one["name"] == "contact" for one in draft["blocks"]):
            found.append(
                Problem("contact", "the organisation has no name or contact; set REMPART_REPORTING__DESK__NAME")
            )
        return found


def _notes(states: Mapping[str, str]) -> list[str]:
    where = "Tell the authorities of every state named below."
    if not any(states.values()):
        where = "No state is known: tell the authority of the state where you are established, or Europol."
    return ["Danger at this moment: call the emergency number first (112 in Europe).", where]


RECIPIENT = Article18()
