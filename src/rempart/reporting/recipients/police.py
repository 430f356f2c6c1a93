"""A police force anywhere: a sheet with what the case holds, for an authority that a person names."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rempart.facts.case import ActionKind
from rempart.facts.report import CaseView, Problem
from rempart.reporting.recipient import Answers, Draft, Question
from rempart.reporting.sheets import sheet, stating
from rempart.reporting.sheets.sheet import Block, Sheet

_QUESTIONS = (
    Question("authority", "Which authority?", "Quelle autorité ?", required=True),
    Question("language", "In which language?", "Dans quelle langue ?", "choice", ("en", "fr"), required=True),
    Question(
        "basis",
        "On which legal basis? (Leave empty to name none)",
        "Sur quel fondement juridique ? (Laisser vide pour n’en citer aucun)",
    ),
    Question(
        "danger_now",
        "Is a child in danger at this moment?",
        "Un enfant est-il en danger en ce moment même ?",
        "yesno",
        required=True,
    ),
    Question(
        "accounts",
        "May what hosts told about the accounts be handed over? It is personal data",
        "Peut-on transmettre ce que les hébergeurs disent des comptes ? Ce sont des données personnelles",
        "yesno",
        required=True,
    ),
    Question("note", "Anything else that they should know?", "Autre chose à leur signaler ?", "long"),
)
_LABELS = {
    "en": {
        "title": "Report to the police, case {case}",
        "danger": "Immediate danger: call the emergency number first (112 in Europe).",
        "hand": "Hand this over in person or through a channel that the authority named; no file is enclosed.",
        "authority": "To",
        "basis": "Legal basis",
        "summary": "What is reported",
        "judged": "How it was judged",
        "places": "Where it was seen, and when",
        "files": "Files and fingerprints",
        "accounts": "Accounts, as hosts told",
        "contact": "From",
    },
    "fr": {
        "title": "Signalement à la police, dossier {case}",
        "danger": "Danger immédiat : appeler d’abord le numéro d’urgence (112 en Europe).",
        "hand": "À remettre en main propre ou par une voie indiquée par l’autorité ; aucun fichier n’est joint.",
        "authority": "Destinataire",
        "basis": "Fondement juridique",
        "summary": "Objet du signalement",
        "judged": "Qualification retenue",
        "places": "Lieux et dates du constat",
        "files": "Fichiers et empreintes",
        "accounts": "Comptes, selon les hébergeurs",
        "contact": "Émetteur",
    },
}


class Police(Sheet):
    """One sheet for each case."""

    name = "police"
    carries_out: ActionKind = "report_police"
    questions: tuple[Question, ...] = _QUESTIONS
    holds: tuple[str, ...] = ()

    def build(self, case: CaseView, answers: Answers, options: Mapping[str, Any]) -> Draft:
        """What the case holds; the accounts only where a person said that they may be handed over. Times in UTC."""
        language = answers.get("language", "en")
        label = _LABELS[language]
        texts = {
            "authority": stating.one_line(answers.get("authority", "")),
            "basis": stating.one_line(answers.get("basis", "")),
            "summary": stating.summary(case, answers, language, "UTC"),
            "judged": f"{case.code} ({case.taxonomy})",
            "places": stating.places(case, language, "UTC"),
            "files": stating.files(case, language),
            "accounts": stating.accounts(case) if answers.get("accounts") == "yes" else "",
            "contact": stating.contact(options),
        }
        notes = [*([label["danger"]] if stating.is_urgent(case, answers) else []), label["hand"]]
        blocks = [Block(name, label[name], text) for name, text in texts.items()]
        return sheet.draft(language, label["title"].format(case=case.case_id), notes, blocks)

    def problems(self, draft: Draft, options: Mapping[str, Any], now: datetime) -> list[Problem]:  # noqa: ARG002
        """None but this: police have to be able to answer."""
        if any(one["name"] == "contact" for one in draft["blocks"]):
            return []
        return [Problem("contact", "the organisation has no name or contact; set REMPART_REPORTING__DESK__NAME")]


RECIPIENT = Police()
