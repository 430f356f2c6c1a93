"""PHAROS, the French police's platform for public content: a sheet to copy into its form, in French.

The form has no interface for programs, and nothing of ours fills it in. It takes public content only.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rempart.facts.case import ActionKind
from rempart.facts.report import CaseView, Problem
from rempart.reporting.recipient import Answers, Draft, Question
from rempart.reporting.sheets import sheet, stating
from rempart.reporting.sheets.sheet import Block, Sheet

ADDRESS = "https://www.internet-signalement.gouv.fr/"
ZONE = "Europe/Paris"
_DANGER = "Danger immédiat : appeler d’abord le 17 ou le 112 ; PHAROS n’est pas un numéro d’urgence."
_ARTICLES = ("227-23", "226-8-1")
_QUESTIONS = (
    Question(
        "public",
        "Can anybody see the content without being invited? PHAROS takes public content only",
        "Tout le monde peut-il voir le contenu sans invitation ? PHAROS ne traite que le contenu public",
        "yesno",
    ),
    Question(
        "danger_now",
        "Is a child in danger at this moment?",
        "Un enfant est-il en danger en ce moment même ?",
        "yesno",
        required=True,
    ),
    Question(
        "article",
        "Which article of the penal code do you name? (Leave empty to name none)",
        "Quel article du code pénal citez-vous ? (Laisser vide pour n’en citer aucun)",
        "choice",
        _ARTICLES,
    ),
    Question(
        "contact",
        "Report in the organisation's name, or anonymously?",
        "Signaler au nom de l’organisation, ou anonymement ?",
        "choice",
        ("organisation", "anonymous"),
        required=True,
    ),
    Question("note", "Anything else that they should know?", "Autre chose à leur signaler ?", "long"),
)


class Pharos(Sheet):
    """One sheet for each case; the public addresses in it, and no file."""

    name = "pharos"
    carries_out: ActionKind = "report_police"
    questions: tuple[Question, ...] = _QUESTIONS
    holds: tuple[str, ...] = ()

    def build(self, case: CaseView, answers: Answers, options: Mapping[str, Any]) -> Draft:
        """The fields in the order of the form: category, description, contact."""
        article = answers.get("article")
        named = options.get("desk", {}).get("contact_email", "")
        contact = stating.contact(options) if answers.get("contact") == "organisation" else ""
        return sheet.draft(
            "fr",
            f"PHAROS : fiche à recopier, dossier {case.case_id}",
            _notes(case, answers),
            (
                Block("category", "Catégorie (l’intitulé exact du formulaire peut différer)", "Atteinte aux mineurs"),
                Block("address", "Adresse (URL)", stating.addresses(case)),
                Block("when", "Date, heure et fuseau du constat", stating.places(case, "fr", ZONE)),
                Block("description", "Description", stating.summary(case, answers, "fr", ZONE)),
                Block("article", "Texte", f"Code pénal, article {article}" if article else ""),
                Block("contact", "Vos coordonnées", contact),
            ),
            public=_public(case, answers),
            contact_known=bool(named) or answers.get("contact") != "organisation",
        )

    def problems(self, draft: Draft, options: Mapping[str, Any], now: datetime) -> list[Problem]:  # noqa: ARG002
        """Content that PHAROS does not take, and what the form cannot do without."""
        found = []
        if draft["public"] is None:
            found.append(Problem("public", "nobody said whether the content is public; answer the question"))
        elif not draft["public"]:
            found.append(Problem("public", "PHAROS takes public content only; use the sheet `police` instead"))
        if not any(one["name"] == "address" for one in draft["blocks"]):
            found.append(Problem("address", "no address is known; use the sheet `police` instead"))
        if not draft["contact_known"]:
            found.append(
                Problem("contact", "the organisation has no contact; set REMPART_REPORTING__DESK__CONTACT_EMAIL")
            )
        return found


def _public(case: CaseView, answers: Answers) -> bool | None:
    """What was answered here, or else what the deciding person said; None when nobody did."""
    said = answers.get("public")
    return case.answers.get("public") if said is None else said == "yes"


def _notes(case: CaseView, answers: Answers) -> list[str]:
    return [
        *([_DANGER] if stating.is_urgent(case, answers) else []),
        f"Ouvrir {ADDRESS} et recopier chaque bloc dans son champ.",
        "Ne joindre aucun fichier : la plateforme consulte et conserve elle-même le contenu.",
    ]


RECIPIENT = Pharos()
