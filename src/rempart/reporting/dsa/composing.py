"""One statement of reasons as the Transparency Database takes it: from the record, and from what people answered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rempart.facts.report import CaseView
from rempart.reporting.dsa import vocabulary as words
from rempart.reporting.dsa.scrubbing import doubts, known_of, scrubbed
from rempart.reporting.recipient import Answers, Question

Statement = dict[str, Any]
PROGRAMS = ("api", "hook", "batch")


@dataclass(frozen=True, slots=True)
class Composed:
    """One statement without its number. removed, doubtful: field -> what was taken out of it, or may still be in it."""

    statement: Statement
    removed: Mapping[str, tuple[str, ...]]
    doubtful: Mapping[str, tuple[str, ...]]


def _choice(name: str, en: str, fr: str, choices: tuple[str, ...], *, required: bool = False) -> Question:
    return Question(name, en, fr, "choice", choices, required=required)


QUESTIONS = (
    _choice(
        "visibility", "What was done to the content?", "Quelle mesure sur le contenu ?", ("none", *words.VISIBILITY),
        required=True,
    ),
    Question("visibility_other", "If something else: what?", "Si c’est une autre mesure : laquelle ?"),
    _choice("account", "What was done to the account?", "Quelle mesure sur le compte ?", ("none", *words.ACCOUNT),
            required=True),
    _choice("service", "What was done to the service for this user?", "Quelle mesure sur le service fourni ?",
            ("none", *words.PROVISION)),
    _choice("payments", "What was done to payments?", "Quelle mesure sur les paiements ?", ("none", *words.MONETARY)),
    Question("payments_other", "If something else: what?", "Si c’est une autre mesure : laquelle ?"),
    _choice(
        "ground",
        "On which ground: illegal content, or content against the terms?",
        "Sur quel fondement : contenu illicite, ou contraire aux conditions d’utilisation ?",
        tuple(words.GROUNDS),
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
        "Why does the content fall under it? It is published: nothing about anybody",
        "Pourquoi le contenu en relève-t-il ? Ce texte est publié : rien sur personne",
        "long",
        required=True,
    ),
    _choice("also_illegal", "Against the terms: is it illegal, too?",
            "Contraire aux conditions : est-ce aussi illicite ?", ("yes", "no")),
    Question(
        "facts",
        "Which facts and circumstances? They are published: nothing about anybody",
        "Quels faits et circonstances ? Ce texte est publié : rien sur personne",
        "long",
        required=True,
    ),
    _choice("category", "Which category?", "Quelle catégorie ?", words.CATEGORIES, required=True),
    _choice("keyword", "Which keyword of the protection of minors?", "Quel mot-clé de la protection des mineurs ?",
            ("none", *words.KEYWORDS)),
    _choice("content_type", "What kind of content, where the files do not say?",
            "Quel type de contenu, quand les fichiers ne le disent pas ?", tuple(words.CONTENT_TYPES)),
    Question("content_type_other", "If another kind: which?", "Si c’est un autre type : lequel ?"),
    Question("content_date", "When was it provided (2026-11-22), if the record does not say?",
             "Quand a-t-il été fourni (2026-11-22), si le dossier ne le dit pas ?"),
    Question("applied_on", "Since when does the measure apply (2026-11-22)?",
             "Depuis quand la mesure s’applique-t-elle (2026-11-22) ?", required=True),
    _choice("duration", "For how long: until further notice, or until a day?",
            "Pour combien de temps : jusqu’à nouvel ordre, ou jusqu’à une date ?", ("indefinite", "until"),
            required=True),
    Question("until", "Until which day (2026-12-22)?", "Jusqu’à quelle date (2026-12-22) ?"),
    Question(
        "territory",
        "In which countries: EU, EEA, or codes such as FR, DE?",
        "Dans quels pays : EU, EEA, ou des codes comme FR, DE ?",
        required=True,
    ),
    Question("content_language", "In which language is it (two letters), if it has one?",
             "Dans quelle langue est-il (deux lettres), s’il en a une ?"),
    _choice("account_type", "Is the account a business?", "Le compte est-il professionnel ?",
            tuple(words.ACCOUNT_TYPES)),
    _choice("source", "Through what did it come, if the record does not say?",
            "Par quelle voie est-il arrivé, si le dossier ne le dit pas ?", tuple(words.SOURCES)),
    _choice("detected_by_program", "Was it detected by automated means, if the record does not say?",
            "A-t-il été détecté automatiquement, si le dossier ne le dit pas ?", ("yes", "no")),
    _choice(
        "police_agree",
        "Police come first in this case: do they agree that this is published now?",
        "La police est prioritaire dans ce dossier : accepte-t-elle la publication maintenant ?",
        ("yes", "no"),
    ),
)  # fmt: skip


def compose(case: CaseView, answers: Answers) -> Composed:
    """The statement. What nobody said and the record does not hold is left out."""
    known = known_of(case)
    said: Statement = {
        **_measures(answers),
        **_ground(answers),
        **_content(case, answers),
        **_times(case, answers),
        **_found(case, answers),
        "category": _word({one: words.CATEGORY + one.upper() for one in words.CATEGORIES}, answers, "category"),
        "category_specification": _listed(_word(words.KEYWORDS, answers, "keyword")),
        "territorial_scope": _countries(answers.get("territory", "")),
        "account_type": _word(words.ACCOUNT_TYPES, answers, "account_type"),
        "decision_facts": answers.get("facts"),
        "automated_decision": words.BY_PEOPLE if case.reviewer else None,
    }
    said = {name: value for name, value in said.items() if value not in (None, "", [])}
    texts = {name: scrubbed(said[name], known) for name in words.TEXTS if name in said}
    said |= {name: text for name, (text, _) in texts.items()}
    doubtful = {name: doubts(text, known) for name, (text, _) in texts.items()}
    return Composed(
        said,
        {name: kinds for name, (_, kinds) in texts.items() if kinds},
        {name: found for name, found in doubtful.items() if found},
    )


def _measures(answers: Answers) -> Statement:
    visibility, monetary = (answers.get(name) for name in ("visibility", "payments"))
    return {
        "decision_visibility": _listed(_word(words.VISIBILITY, answers, "visibility")),
        "decision_visibility_other": answers.get("visibility_other") if visibility == "other" else None,
        "decision_monetary": _word(words.MONETARY, answers, "payments"),
        "decision_monetary_other": answers.get("payments_other") if monetary == "other" else None,
        "decision_provision": _word(words.PROVISION, answers, "service"),
        "decision_account": _word(words.ACCOUNT, answers, "account"),
    }


def _ground(answers: Answers) -> Statement:
    ground, reference, why = (answers.get(name) for name in ("ground", "reference", "explanation"))
    if ground == "illegal":
        return {
            "decision_ground": words.ILLEGAL,
            "illegal_content_legal_ground": reference,
            "illegal_content_explanation": why,
        }
    if ground == "terms":
        return {
            "decision_ground": words.INCOMPATIBLE,
            "incompatible_content_ground": reference,
            "incompatible_content_explanation": why,
            "incompatible_content_illegal": _yes_no(answers.get("also_illegal")),
        }
    return {}


def _content(case: CaseView, answers: Answers) -> Statement:
    """What kind of content: what the files are, and what a person said. AI-made only where a person said so."""
    kinds = {one.media_type.partition("/")[0] for one in case.files} & {"audio", "image", "text", "video"}
    kinds |= {"synthetic_media"} if any(one.ai for one in case.files) else set()
    kinds |= {answers["content_type"]} if answers.get("content_type") else set()
    language = answers.get("content_language", "").upper()
    return {
        "content_type": sorted(words.CONTENT_TYPES[one] for one in kinds),
        "content_type_other": answers.get("content_type_other") if "other" in kinds else None,
        "content_language": language,
    }


def _times(case: CaseView, answers: Answers) -> Statement:
    uploaded = [one.uploaded_at for one in case.files if one.uploaded_at is not None]
    provided = answers.get("content_date") or (min(uploaded).date().isoformat() if uploaded else None)
    until = answers.get("until") if answers.get("duration") == "until" else None
    taken = _measures(answers)
    ends = {end: until for measure, end in words.END_DATES.items() if until and taken[measure]}
    return {"content_date": provided, "application_date": answers.get("applied_on"), **ends}


def _found(case: CaseView, answers: Answers) -> Statement:
    """How it came, by the first notice of the record; a person answers only where there is none."""
    first = min(case.notices, key=lambda one: one.received_at, default=None)
    if first is None:
        return {
            "source_type": _word(words.SOURCES, answers, "source"),
            "automated_detection": _yes_no(answers.get("detected_by_program")),
        }
    by_program = first.channel in PROGRAMS
    source = words.SOURCES["other_notice"]
    if by_program:
        source = words.SOURCES["own_initiative"]
    elif first.trusted:
        source = words.SOURCES["trusted_flagger"]
    elif first.channel == "public":
        source = words.SOURCES["article_16"]
    return {"source_type": source, "automated_detection": "Yes" if by_program else "No"}


def _countries(text: str) -> list[str]:
    """The codes, sorted; what is none stays as it was said, for the checks to name."""
    found: set[str] = set()
    for one in re.split(r"[\s,;]+", text.strip().upper()):
        found |= {"EU": set(words.EU), "EEA": set(words.EEA)}.get(one, {one} if one else set())
    return sorted(found)


def _word(vocabulary: Mapping[str, str], answers: Answers, name: str) -> str | None:
    return vocabulary.get(answers.get(name, ""))


def _listed(word: str | None) -> list[str] | None:
    return None if word is None else [word]


def _yes_no(said: str | None) -> str | None:
    return {"yes": "Yes", "no": "No"}.get(said or "")


def day_of(text: object) -> date | None:
    """The day, written as the database wants it; None when it is none."""
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
