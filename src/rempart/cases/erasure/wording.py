"""What who asked is told: for each thing whether it is gone, and if not, why, until when, and by which law."""

from collections.abc import Sequence
from typing import Literal

from rempart.cases.erasure.looking import Reason, Subject
from rempart.law import laws

Language = Literal["en", "fr"]
_WORDS: dict[str, tuple[str, str]] = {
    "lead": ("You asked us to erase what we keep about you.", "Vous avez demandé l’effacement de vos données."),
    "case": ("Content under number {id}", "Contenu sous le numéro {id}"),
    "notice": ("Your notice {id}", "Votre signalement {id}"),
    "nothing": (
        "There is nothing of which we could tell you more.",
        "Il n’y a rien dont nous puissions vous dire davantage.",
    ),
    # It stands in every answer, so that nothing follows from it.
    "always": (
        "In some cases the law forbids us to say whether we keep something. This sentence is in all of our answers.",
        "Dans certains cas, la loi nous interdit de dire si nous conservons quelque chose. Cette phrase figure dans "
        "toutes nos réponses.",
    ),
    "gone": ("nothing of it is kept any more.", "plus rien n’en est conservé."),
    "erased": ("it was erased today.", "effacé ce jour."),
    "kept": ("it cannot be erased yet:", "ne peut pas encore être effacé :"),
    "hold": (
        "the law, or an authority, obliges us to preserve it ({basis})",
        "la loi ou une autorité nous oblige à le conserver ({basis})",
    ),
    "open": (
        "it is being looked at, and the law obliges us to decide",
        "il est en cours d’examen et la loi nous oblige à décider",
    ),
    "appeal": ("a complaint about it has no answer yet", "une réclamation à ce sujet est sans réponse"),
    "window": (
        "a complaint about the decision may be brought still",
        "une réclamation contre la décision est encore possible",
    ),
    "order": ("an authority’s order speaks of it", "une injonction d’une autorité s’y rapporte"),
    "until": ("until {day}", "jusqu’au {day}"),
    "later": (
        "What cannot be erased yet is erased as soon as nothing keeps it; you need not ask again.",
        "Ce qui ne peut pas encore l’être sera effacé dès que rien ne l’impose plus, sans nouvelle demande.",
    ),
    "redress": (
        "Exceptions follow article 17(3)(b) and (e) of Regulation (EU) 2016/679. You may complain to your data "
        "protection authority, or go to court.",
        "Les exceptions relèvent de l’article 17, paragraphe 3, points b) et e), du règlement (UE) 2016/679. "
        "Vous pouvez saisir l’autorité de protection des données ou un tribunal.",
    ),
}


def answer(language: Language, subjects: Sequence[Subject]) -> str:
    """The whole answer, ready to be sent: reasoned, and without any content."""
    told = [one for one in subjects if one.told]
    lines = [_say(language, "lead"), ""]
    lines += [_line(language, one) for one in told] or [_say(language, "nothing")]
    if any(one.reasons for one in told):
        lines += ["", _say(language, "later")]
    lines += ["", _say(language, "always"), _say(language, "redress")]
    return "\n".join(lines)


def _line(language: Language, one: Subject) -> str:
    name = _say(language, one.kind, id=one.id)
    colon = "\u00a0: " if language == "fr" else ": "
    if not one.reasons:
        return f"- {name}{colon}{_say(language, 'gone' if one.gone else 'erased')}"
    reasons = "; ".join(_reason(language, reason) for reason in one.reasons)
    return f"- {name}{colon}{_say(language, 'kept')} {reasons}."


def _reason(language: Language, one: Reason) -> str:
    law = laws().get(one.basis)
    basis = law.source if law else _basis(one.basis)
    until = f", {_say(language, 'until', day=one.until.strftime('%Y-%m-%d'))}" if one.until else ""
    return _say(language, one.code, basis=basis) + until


def _basis(basis: str) -> str:
    """What may be told of a basis that is no rule of law: never who asked for it."""
    return basis if basis.startswith("order:") else "legal hold" if basis.startswith("legal_hold") else basis


def _say(language: Language, key: str, **values: str) -> str:
    return _WORDS[key][language == "fr"].format(**values)
