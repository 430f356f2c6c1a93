"""A correction: whoever has a finished report about a case that was judged anew is told so.

None of the recipients that we know of takes a finished report back through its interface, so a person tells them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rempart.facts.case import ActionKind
from rempart.facts.report import CaseView, Problem
from rempart.reporting.recipient import Answers, Draft, Question
from rempart.reporting.sheets import sheet, stating
from rempart.reporting.sheets.sheet import Block, Sheet

_QUESTIONS = (
    Question("language", "In which language?", "Dans quelle langue ?", "choice", ("en", "fr"), required=True),
    Question(
        "means",
        "What is asked: to withdraw the report, or to note that it changed?",
        "Que demande-t-on : retirer le signalement, ou noter qu’il a changé ?",
        "choice",
        ("withdraw", "change"),
        required=True,
    ),
    Question("note", "Anything else that they should know?", "Autre chose à leur signaler ?", "long"),
)
_WORDS = {
    "en": {
        "title": "Correction of earlier reports, case {case}",
        "hand": "Tell each of them through the channel that the report went through.",
        "reports": "Reports concerned",
        "now": "How it is judged now",
        "judged": "{outcome}, {code} ({taxonomy}), decided on {when} by a person.",
        "asked": "What we ask",
        "withdraw": "Please treat these reports as withdrawn: what we reported was judged anew and does not stand.",
        "change": "Please note that what we reported was judged anew, as stated above.",
        "note": "Besides",
        "contact": "From",
    },
    "fr": {
        "title": "Rectification de signalements antérieurs, dossier {case}",
        "hand": "Informer chacun par la voie du signalement initial.",
        "reports": "Signalements concernés",
        "now": "Qualification actuelle",
        "judged": "{outcome}, {code} ({taxonomy}), décidé le {when} par une personne.",
        "asked": "Notre demande",
        "withdraw": "Merci de considérer ces signalements comme retirés : réexaminés, ils ne tiennent plus.",
        "change": "Merci de noter que le contenu signalé a été réexaminé, comme indiqué ci-dessus.",
        "note": "En outre",
        "contact": "Émetteur",
    },
}


class Correction(Sheet):
    """One sheet for all finished reports about a case."""

    name = "correction"
    carries_out: ActionKind = "correct_report"
    questions: tuple[Question, ...] = _QUESTIONS
    holds: tuple[str, ...] = ()

    def build(self, case: CaseView, answers: Answers, options: Mapping[str, Any]) -> Draft:
        """The numbers of the reports, the judgement in force, and what a person asks for."""
        language = answers.get("language", "en")
        words = _WORDS[language]
        when = stating.moment(case.decided_at, "UTC")
        judged = words["judged"].format(outcome=case.outcome, code=case.code, taxonomy=case.taxonomy, when=when)
        reports = "\n".join(
            f"{one.recipient}: {stating.one_line(one.external_id) or '-'}, {stating.moment(one.ended_at, 'UTC')}"
            for one in case.reported
            if one.state == "finished" and one.ended_at is not None
        )
        note = stating.lines(answers.get("note", ""))
        blocks = (
            Block("reports", words["reports"], reports),
            Block("now", words["now"], judged),
            Block("asked", words["asked"], words.get(answers.get("means", ""), "")),
            Block("note", words["note"], note),
            Block("contact", words["contact"], stating.contact(options)),
        )
        illegal = case.outcome in ("illegal_baseline", "illegal_national")
        title = words["title"].format(case=case.case_id)
        withdraws = illegal and answers.get("means") == "withdraw"
        return sheet.draft(language, title, [words["hand"]], blocks, withdraws_what_stands=withdraws)

    def problems(self, draft: Draft, options: Mapping[str, Any], now: datetime) -> list[Problem]:  # noqa: ARG002
        """Nothing was reported, or what stands would be taken back."""
        found = []
        if not any(one["name"] == "reports" for one in draft["blocks"]):
            found.append(Problem("reports", "no report about this case is finished, so there is nothing to correct"))
        if draft["withdraws_what_stands"]:
            found.append(Problem("means", "the case is still judged illegal; its reports change and are not withdrawn"))
        return found


RECIPIENT = Correction()
