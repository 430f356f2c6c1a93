"""Article 17 of the Digital Services Act: the statement of reasons to the user whose content was acted on.

The host knows its user and we do not: the approved text goes with the action `statement_of_reasons` to the host, who
delivers it and says so.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rempart.facts.case import ActionKind
from rempart.facts.report import CaseView, Payload, Problem
from rempart.reporting.dsa.wording import WORDS
from rempart.reporting.recipient import Answers, Approvals, Draft, Question, Sending, Sent, Way
from rempart.reporting.sheets.stating import one_line

VERSION = 1
RESTRICTIONS = ("removed", "disabled", "restricted", "demoted", "account_suspended", "account_terminated")
_PROGRAMS = ("api", "hook", "batch")
QUESTIONS = (
    Question("language", "In which language?", "Dans quelle langue ?", "choice", ("en", "fr"), required=True),
    Question(
        "ground",
        "On which ground: illegal content, or content against the terms?",
        "Sur quel fondement : contenu illicite, ou contraire aux conditions d’utilisation ?",
        "choice",
        ("illegal", "terms"),
        required=True,
    ),
    Question(
        "reference",
        "Which law and article, or which clause of the terms?",
        "Quel texte et quel article, ou quelle clause des conditions ?",
        required=True,
    ),
    Question(
        "explanation",
        "Why does the content fall under it? (Never who gave notice)",
        "Pourquoi le contenu en relève-t-il ? (Jamais qui l’a signalé)",
        "long",
        required=True,
    ),
    Question("restriction", "What was done?", "Quelle mesure a été prise ?", "choice", RESTRICTIONS, required=True),
    Question(
        "territory",
        "Where does the measure apply? (Such as: everywhere)",
        "Où la mesure s’applique-t-elle ? (Par exemple : partout)",
        required=True,
    ),
    Question(
        "duration",
        "For how long: until further notice, or until a time?",
        "Pour combien de temps : jusqu’à nouvel ordre, ou jusqu’à une date ?",
        "choice",
        ("indefinite", "until"),
        required=True,
    ),
    Question("until", "Until when?", "Jusqu’à quand ?", "moment"),
    Question(
        "police_agree",
        "Police come first in this case: do they agree that the user is told now?",
        "La police est prioritaire dans ce dossier : accepte-t-elle que l’utilisateur soit informé maintenant ?",
        "yesno",
    ),
)


class Statement:
    """One statement for each case, in the words that a person approved."""

    name = "statement"
    carries_out: ActionKind = "statement_of_reasons"
    transport: Way = "host"
    approvals: Approvals = 1
    questions: tuple[Question, ...] = QUESTIONS
    holds: tuple[str, ...] = ()

    def build(self, case: CaseView, answers: Answers, options: Mapping[str, Any]) -> Draft:
        """What people answered, and what the record says: how the case came, and that a person decided."""
        notices = [one.channel for one in sorted(case.notices, key=lambda one: one.received_at)]
        return {
            "version": VERSION,
            "case": case.case_id,
            "said": {one.name: answers[one.name] for one in QUESTIONS if answers.get(one.name)},
            "detected_by_program": notices[0] in _PROGRAMS if notices else None,
            "by_notice": any(one not in _PROGRAMS for one in notices) if notices else None,
            "by_order": "order" in notices,
            "police_first": case.police_first,
            "decided_at": case.decided_at.isoformat(),
            "redress": dict(options.get("redress", {})),
            "duties": options.get("desk", {}).get("size") not in ("micro", "small"),
        }

    def problems(self, draft: Draft, options: Mapping[str, Any], now: datetime) -> list[Problem]:
        """What article 17 forbids or cannot do without."""
        said, found = draft["said"], []
        if draft["by_order"]:
            says = "an authority ordered this, and article 17 does not apply; the user is told as the order allows"
            found.append(Problem("order", says))
        if draft["police_first"] and said.get("police_agree") != "yes":
            says = "police come first, and a statement would warn the user; wait until they agree, then answer yes"
            found.append(Problem("police_agree", says))
        if said.get("duration") == "until":
            if not said.get("until"):
                found.append(Problem("until", "say until when the measure applies"))
            elif datetime.fromisoformat(said["until"]) <= now:
                found.append(Problem("until", "that time has passed; say until when the measure applies"))
        if not options.get("redress", {}).get("address"):
            found.append(Problem("redress", "nobody knows where to contest it; set REMPART_SERVE__PUBLIC_URL"))
        return found

    def render(self, draft: Draft, now: datetime) -> Payload:  # noqa: ARG002 - the times in it are those of the record
        """What the host is handed: the text for its user, as JSON."""
        text = statement_text(draft)
        subject, body = text.split("\n\n", 1)
        told = {"version": VERSION, "language": draft["said"].get("language", "en"), "subject": subject, "text": body}
        content = json.dumps(told, ensure_ascii=False, indent=1).encode()
        return Payload(content, "application/json", f"statement-{draft['case']}.json")

    def send(self, sending: Sending) -> Sent:
        """Never by the worker: the host fetches it with the action and says what became of it."""
        return Sent("needs_people", problem=f"the host fetches statement {sending.report_id} with its action")


def statement_text(draft: Draft) -> str:
    """The whole text, its subject as the first line. What nobody knows is left out."""
    said = draft["said"]
    words = WORDS[said.get("language", "en")]
    paragraphs = [
        words["subject"],
        _measure(said, words),
        _ground(said, words),
        words["facts"].format(why=one_line(said["explanation"])) if "explanation" in said else "",
        words["found"][draft["detected_by_program"]] if draft["detected_by_program"] is not None else "",
        words["decided"].format(at=datetime.fromisoformat(draft["decided_at"])),
        *_redress(draft, words),
    ]
    return "\n\n".join(one for one in paragraphs if one)


def _measure(said: Mapping[str, str], words: Mapping[str, Any]) -> str:
    if not {"restriction", "territory", "duration"} <= said.keys():
        return ""
    until = f"{datetime.fromisoformat(said['until']):%Y-%m-%d %H:%M %Z}" if said.get("until") else "?"
    how_long = words["until"].format(until=until) if said["duration"] == "until" else words["indefinite"]
    return f"{words[said['restriction']]} {words['where'].format(where=one_line(said['territory']))} {how_long}"


def _ground(said: Mapping[str, str], words: Mapping[str, Any]) -> str:
    if not {"ground", "reference"} <= said.keys():
        return ""
    return str(words[said["ground"]]).format(reference=one_line(said["reference"]))


def _redress(draft: Draft, words: Mapping[str, Any]) -> list[str]:
    redress = draft["redress"]
    if not redress.get("address"):
        return []
    ways = [words["appeal"].format(address=redress["address"], days=redress.get("days", ""))]
    if draft["duties"]:
        names = "; ".join(one_line(one) for one in redress.get("bodies", ()))
        ways.append(" ".join([words["bodies"], words["such_as"].format(names=names)] if names else [words["bodies"]]))
    return [*ways, words["court"]]


RECIPIENT = Statement()
