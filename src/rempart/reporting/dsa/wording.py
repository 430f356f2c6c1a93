"""The sentences of a statement of reasons, in English and French."""

from collections.abc import Mapping
from typing import Any

WORDS: Mapping[str, Mapping[str, Any]] = {
    "en": {
        "subject": "Why we acted on content that you provided",
        "removed": "We removed the content.",
        "disabled": "We disabled access to the content.",
        "restricted": "We restricted who can see the content.",
        "demoted": "We show the content less prominently.",
        "account_suspended": "We suspended your account.",
        "account_terminated": "We closed your account.",
        "where": "This applies: {where}.",
        "indefinite": "It applies until further notice.",
        "until": "It applies until {until}.",
        "illegal": "Ground: we consider the content illegal under {reference}.",
        "terms": "Ground: the content is incompatible with our terms, {reference}.",
        "facts": "Why: {why}",
        "found": {
            True: "The content was found by automated means: by comparing it with lists of known material.",
            False: "The content was not found by automated means.",
        },
        "decided": "A person decided, not a program, on {at:%Y-%m-%d %H:%M} UTC.",
        "appeal": (
            "You can contest this free of charge within {days} days at {address}, with the number and the code that "
            "come with this message. Somebody who had no part in the decision will look at it."
        ),
        "bodies": "You can also turn to a certified out-of-court dispute settlement body.",
        "such_as": "We work with: {names}.",
        "court": "You can go to court in any case.",
    },
    "fr": {
        "subject": "Pourquoi nous avons pris une mesure sur un contenu que vous avez fourni",
        "removed": "Nous avons retiré le contenu.",
        "disabled": "Nous avons rendu le contenu inaccessible.",
        "restricted": "Nous avons restreint la visibilité du contenu.",
        "demoted": "Nous avons rétrogradé le contenu.",
        "account_suspended": "Nous avons suspendu votre compte.",
        "account_terminated": "Nous avons fermé votre compte.",
        "where": "Portée territoriale : {where}.",
        "indefinite": "La mesure s’applique jusqu’à nouvel ordre.",
        "until": "La mesure s’applique jusqu’au {until}.",
        "illegal": "Fondement : nous considérons le contenu comme illicite au regard de {reference}.",
        "terms": "Fondement : le contenu est incompatible avec nos conditions d’utilisation, {reference}.",
        "facts": "Motifs : {why}",
        "found": {
            True: "Le contenu a été repéré par des moyens automatisés : par comparaison avec des listes connues.",
            False: "Le contenu n’a pas été repéré par des moyens automatisés.",
        },
        "decided": "La décision a été prise par une personne et non par un programme, le {at:%Y-%m-%d %H:%M} UTC.",
        "appeal": (
            "Vous pouvez contester cette décision gratuitement pendant {days} jours à l’adresse {address}, avec le "
            "numéro et le code joints à ce message. Une personne qui n’a pas pris part à la décision l’examinera."
        ),
        "bodies": "Vous pouvez aussi saisir un organe certifié de règlement extrajudiciaire des litiges.",
        "such_as": "Nous travaillons avec : {names}.",
        "court": "Vous pouvez dans tous les cas saisir un tribunal.",
    },
}
