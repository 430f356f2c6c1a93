"""What somebody who gave notice is told by mail: that it came, and what was decided. Never what it is about.

The words are the same for everybody, and nothing that the sender typed stands in them: an address that somebody else
typed in gets nothing that could hurt or advertise.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from rempart.reporting.letters.words import Language

What = Literal["notifier-receipt", "notifier-outcome"]
Outcome = Literal["illegal", "against_rules", "no_action", "not_assessable"]
_POLICY = SMTP.clone(cte_type="7bit")
_SUBJECT: dict[What, dict[Language, str]] = {
    "notifier-receipt": {"en": "Your notice {number} has arrived", "fr": "Votre signalement {number} est bien arrivé"},
    "notifier-outcome": {"en": "Your notice {number}: decision", "fr": "Votre signalement {number} : décision"},
}
_RECEIPT: dict[Language, str] = {
    "en": """We have your notice {number}, received on {when}.

A person looks at it. What is most dangerous for a child comes first.

This mail confirms receipt (Digital Services Act, article 16).""",
    "fr": """Nous avons bien reçu votre signalement {number}, le {when}.

Une personne l’examine. Les plus dangereux pour un enfant passent en premier.

Ce message confirme la réception (règlement sur les services numériques, article 16).""",
}
_OUTCOME: dict[Language, str] = {
    "en": """Your notice {number} was decided on {when}.

{outcome}

A person made the decision. Machines compare and sort notices; they decided nothing.""",
    "fr": """Votre signalement {number} a fait l’objet d’une décision le {when}.

{outcome}

Une personne a pris la décision. Les machines comparent et trient les signalements ; elles n’ont rien décidé.""",
}
_WORDS: dict[Language, dict[Outcome, str]] = {
    "en": {
        "illegal": "The content was found to be illegal. It is dealt with as the law asks.",
        "against_rules": (
            "The content was found to be against the rules of the service. It is dealt with as these rules say."
        ),
        "no_action": "The content was found not to be illegal. No action was taken.",
        "not_assessable": "The content could not be assessed: it was not there any more, or could not be opened.",
    },
    "fr": {
        "illegal": "Le contenu a été jugé illégal. Il est traité comme la loi le demande.",
        "against_rules": (
            "Le contenu a été jugé contraire aux règles du service. Il est traité comme elles le prévoient."
        ),
        "no_action": "Le contenu n’a pas été jugé illégal. Aucune mesure n’a été prise.",
        "not_assessable": (
            "Le contenu n’a pas pu être examiné : il n’était plus en ligne ou ne pouvait pas être ouvert."
        ),
    },
}
_REDRESS: dict[Language, str] = {
    "en": """If you do not agree, you can ask until {day} that somebody else looks at it again.
It costs nothing.{bodies}
You can also turn to a certified out-of-court dispute settlement body, or to a court.""",
    "fr": """Si vous n’êtes pas d’accord, vous pouvez demander jusqu’au {day} qu’une autre personne réexamine
le signalement. C’est gratuit.{bodies}
Vous pouvez aussi saisir un organe certifié de règlement extrajudiciaire des litiges, ou un tribunal.""",
}
_BODIES: dict[Language, str] = {
    "en": "\nOut-of-court bodies: {bodies}.",
    "fr": "\nOrganes extrajudiciaires : {bodies}.",
}
_FOLLOW: dict[Language, str] = {
    "en": "With this number and the secret code that you were given when you sent it, you can see it here:\n{address}",
    "fr": "Avec ce numéro et le code secret remis lors de l’envoi, vous pouvez le suivre ici :\n{address}",
}
_FOOT: dict[Language, str] = {
    "en": """This mail was written by a machine; please do not answer it, and send no content by mail.
If you gave no notice, somebody typed in your address by mistake: nothing has to be done.""",
    "fr": """Ce message est automatique ; merci de ne pas y répondre et de n’envoyer aucun contenu par courriel.
Si vous n’avez rien signalé, votre adresse a été saisie par erreur : il n’y a rien à faire.""",
}


def receipt(language: Language, number: str, received_at: datetime, status_address: str) -> str:
    """That the notice came. status_address: of the page to follow it; empty: none is named."""
    return _joined(
        _RECEIPT[language].format(number=number, when=_moment(received_at)), _follow(language, status_address), language
    )


def outcome(
    language: Language,
    number: str,
    what: Outcome,
    at: datetime,
    appeal_until: datetime,
    bodies: Sequence[str],
    status_address: str,
) -> str:
    """What was decided, that a person did, and where it is contested until when."""
    told = _OUTCOME[language].format(number=number, when=_moment(at), outcome=_WORDS[language][what])
    named = _BODIES[language].format(bodies="; ".join(bodies)) if bodies else ""
    redress = _REDRESS[language].format(day=f"{appeal_until.astimezone(UTC):%Y-%m-%d}", bodies=named)
    return _joined(f"{told}\n\n{redress}", _follow(language, status_address), language)


def letter(
    what: What, language: Language, number: str, text: str, sender: tuple[str, str], to: str, message: str, at: datetime
) -> EmailMessage:
    """The mail. sender: name and address. message: its Message-ID. No programme answers it by itself."""
    made = EmailMessage(policy=_POLICY)
    made["From"] = Address(display_name=sender[0], addr_spec=sender[1])
    made["To"] = Address(addr_spec=to)
    made["Subject"] = _SUBJECT[what][language].format(number=number)
    made["Date"] = format_datetime(at)
    made["Message-ID"] = message
    made["Auto-Submitted"] = "auto-replied" if what == "notifier-receipt" else "auto-generated"
    made.set_content(text, cte="quoted-printable")
    return made


def _follow(language: Language, address: str) -> str:
    return _FOLLOW[language].format(address=address) if address else ""


def _joined(told: str, follow: str, language: Language) -> str:
    return "\n\n".join(filter(None, (told, follow, _FOOT[language]))) + "\n"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
