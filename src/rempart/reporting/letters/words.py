"""The words of notices by mail, in English and French. What a notice states about a case stands in its section."""

from collections.abc import Mapping
from typing import Literal

Kind = Literal["host", "owner", "registrar"]
Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")
LABELS: Mapping[Language, str] = {"en": "English", "fr": "Français"}

OPENING: Mapping[Kind, Mapping[Language, str]] = {
    "host": {
        "en": """To the abuse desk

{name} gives you notice of illegal content on your service or network.

What we ask of you:
- Take the content down, or make it inaccessible, with every copy that you find.
- Do not look at it, and do not pass it on: looking may be an offence where you are, and it does harm.
- Keep what your law tells you to keep for the police, and report where your law tells you to report.
- Answer this mail with the reference and what you have done.

This is a notice under Article 16 of Regulation (EU) 2022/2065 wherever that regulation applies to you.
The addresses below are written so that no programme opens them. The exact ones stand in the attached table.""",
        "fr": """À l’attention du service des abus

{name} vous notifie la présence de contenus illicites sur votre service ou votre réseau.

Nous vous demandons :
- de retirer ces contenus ou d’en bloquer l’accès, ainsi que toutes les copies que vous trouverez ;
- de ne pas les regarder ni les transmettre : les consulter peut être une infraction chez vous, et fait du mal ;
- de conserver ce que votre droit impose de conserver pour la police, et de signaler là où il l’impose ;
- de répondre à ce message en rappelant la référence et en indiquant ce que vous avez fait.

Ce message vaut notification au sens de l’article 16 du règlement (UE) 2022/2065, si ce règlement s’applique à vous.
Les adresses ci-dessous sont écrites de façon à ne pas s’ouvrir. Les adresses exactes figurent dans le tableau joint.""",
    },
    "owner": {
        "en": """To the owner of the site

{name} gives you notice of illegal content on your site.

What we ask of you:
- Take the content down, with every copy that you find.
- Do not look at it, and do not pass it on: looking may be an offence where you are, and it does harm.
- Keep what your law tells you to keep for the police.
- Answer this mail with the reference and what you have done.

The addresses below are written so that no programme opens them. The exact ones stand in the attached table.""",
        "fr": """À l’attention du propriétaire du site

{name} vous notifie la présence de contenus illicites sur votre site.

Nous vous demandons :
- de retirer ces contenus, ainsi que toutes les copies que vous trouverez ;
- de ne pas les regarder ni les transmettre : les consulter peut être une infraction chez vous, et fait du mal ;
- de conserver ce que votre droit impose de conserver pour la police ;
- de répondre à ce message en rappelant la référence et en indiquant ce que vous avez fait.

Les adresses ci-dessous sont écrites de façon à ne pas s’ouvrir. Les adresses exactes figurent dans le tableau joint.""",
    },
    "registrar": {
        "en": """To the abuse desk of the registrar

{name} gives you notice of illegal content under domain names that you register.

What we ask of you:
- Reach the holder of the name, and do what your terms and your law provide for.
- Do not look at the content, and do not pass it on: looking may be an offence where you are, and it does harm.
- Answer this mail with the reference and what you have done.

The addresses below are written so that no programme opens them. The exact ones stand in the attached table.""",
        "fr": """À l’attention du service des abus du bureau d’enregistrement

{name} vous notifie la présence de contenus illicites sous des noms de domaine que vous enregistrez.

Nous vous demandons :
- de joindre le titulaire du nom et d’appliquer ce que prévoient vos conditions et votre droit ;
- de ne pas regarder ces contenus ni les transmettre : les consulter peut être une infraction, et fait du mal ;
- de répondre à ce message en rappelant la référence et en indiquant ce que vous avez fait.

Les adresses ci-dessous sont écrites de façon à ne pas s’ouvrir. Les adresses exactes figurent dans le tableau joint.""",
    },
}
MACHINES: Mapping[Language, str] = {
    "en": "What machines can read of it is attached as XARF, version 4.",
    "fr": "La partie lisible par une machine est jointe au format XARF, version 4.",
}
CORRECTION: Mapping[Language, str] = {
    "en": """{name} takes back what it gave you notice of.

The content was looked at again and is not held to be illegal any more. If you removed it because of our notice, please
undo that as your terms and your law allow, and tell whoever was affected.""",
    "fr": """{name} retire la notification qui vous a été adressée.

Le contenu a été réexaminé et n’est plus considéré comme illicite. Si vous l’avez retiré à cause de notre notification,
veuillez revenir sur cette mesure dans le respect de vos conditions et de votre droit, et prévenir les personnes
concernées.""",
}
CLOSING: Mapping[Language, str] = {
    "en": "For {name}: {contact}",
    "fr": "Pour {name} : {contact}",
}
TEST: Mapping[Language, str] = {
    "en": "THIS IS A TEST. It would have gone to {meant}. Nothing has to be done.",
    "fr": "CECI EST UN ESSAI. Destinataire prévu : {meant}. Il n’y a rien à faire.",
}
SUBJECT: Mapping[Language, Mapping[str, str]] = {
    "en": {"notice": "Notice of illegal content", "correction": "Correction of a notice", "urgent": "Urgent"},
    "fr": {"notice": "Notification de contenu illicite", "correction": "Rectification", "urgent": "Urgent"},
}
SECTION: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "reference": "Reference {case}",
        "judged": "Judged on {when} by a person of ours: {label} ({code}, {taxonomy}).",
        "corrected": "Judged anew on {when} by a person of ours: {label} ({code}, {taxonomy}).",
        "explain": "Why: {what}",
        "faith": "We state in good faith that what this notice says is accurate and complete as far as we know.",
        "addresses": "Addresses:",
        "seen": "seen {when}",
        "server": "server {what}",
        "proxy": "this is a proxy; the server behind it is not known to us",
        "files": "Digests of the files:",
        "told_host": "The host was told on {when}.",
    },
    "fr": {
        "reference": "Référence {case}",
        "judged": "Qualifié le {when} par une personne de notre équipe : {label} ({code}, {taxonomy}).",
        "corrected": "Requalifié le {when} par une personne de notre équipe : {label} ({code}, {taxonomy}).",
        "explain": "Motif : {what}",
        "faith": "Nous déclarons de bonne foi que cette notification est, à notre connaissance, exacte et complète.",
        "addresses": "Adresses :",
        "seen": "constaté le {when}",
        "server": "serveur {what}",
        "proxy": "il s’agit d’un mandataire (proxy) ; le serveur derrière lui ne nous est pas connu",
        "files": "Empreintes des fichiers :",
        "told_host": "L’hébergeur a été prévenu le {when}.",
    },
}
