"""Every word of the evidence page, in English and French. Wording: who declares what, never what is."""

import re

from rempart.batch.report.words import Language, reason_words

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Evidence of origin",
        "notice": "This does not tell whether a real child is shown or used.",
        "verdict": "Verdict",
        "why": "Why",
        "raises": "This verdict raises the urgency of a case.",
        "stays": "This verdict leaves the urgency of a case where it is. No verdict lowers it.",
        "evidence": "Evidence",
        "none": "Nothing in the file says how its pixels were made.",
        "claim": "what is declared or seen",
        "who": "who says so",
        "where": "where",
        "add": "to add it to any picture",
        "strip": "to strip it",
        "state": "check",
        "file": "the file",
        "chain": "Chain of manifests",
        "not_checked": "What was not checked",
        "made": "Rempart {version}, rules {rules}. People decide what this means; two sign before “AI” enters a report.",
        "unknown_signer": "unknown signer",
        "calls_itself": "an unknown signer that calls itself “{name}”",
        "prompt": "holds text that is not shown",
        "fields": "fields",
    },
    "fr": {
        "title": "Indices sur l'origine",
        "notice": "Ceci ne dit pas si un enfant réel est montré ou utilisé.",
        "verdict": "Conclusion",
        "why": "Pourquoi",
        "raises": "Cette conclusion augmente l'urgence d'un dossier.",
        "stays": "Cette conclusion laisse l'urgence d'un dossier inchangée. Aucune ne l'abaisse.",
        "evidence": "Indices",
        "none": "Rien dans le fichier ne dit comment ses pixels ont été produits.",
        "claim": "ce qui est déclaré ou observé",
        "who": "qui le dit",
        "where": "où",
        "add": "pour l'ajouter à une image",
        "strip": "pour l'enlever",
        "state": "contrôle",
        "file": "le fichier",
        "chain": "Chaîne des manifestes",
        "not_checked": "Ce qui n'a pas été contrôlé",
        "made": "Rempart {version}, règles {rules}. Des personnes décident de ce que cela veut dire ; deux signent avant que « IA » figure dans un rapport.",
        "unknown_signer": "signataire inconnu",
        "calls_itself": "un signataire inconnu qui se dit « {name} »",
        "prompt": "contient un texte qui n'est pas montré",
        "fields": "champs",
    },
}
VERDICTS: dict[Language, dict[str, str]] = {
    "en": {
        "captured.signed": "A trusted signer declares a camera capture",
        "captured.indicated": "Traits of a camera, which can be copied",
        "ai.signed.full": "A trusted signer declares the whole picture AI-made",
        "ai.signed.derived": "A trusted signer declares AI made from another picture",
        "ai.declared": "The file declares AI, which anyone can add",
        "edited": "The file declares editing or drawing",
        "screen_or_copy": "The file declares a copy, a screen or a composite",
        "broken": "A signature is there and fails its check",
        "conflict": "The evidence contradicts itself: handled as real",
        "unknown": "Unknown",
    },
    "fr": {
        "captured.signed": "Un signataire reconnu déclare une prise de vue",
        "captured.indicated": "Traits d'un appareil photo, qui peuvent être copiés",
        "ai.signed.full": "Un signataire reconnu déclare l'image entièrement produite par IA",
        "ai.signed.derived": "Un signataire reconnu déclare une IA appliquée à une autre image",
        "ai.declared": "Le fichier déclare une IA, ce que chacun peut ajouter",
        "edited": "Le fichier déclare une retouche ou un dessin",
        "screen_or_copy": "Le fichier déclare une copie, un écran ou un montage",
        "broken": "Une signature est présente et échoue au contrôle",
        "conflict": "Les indices se contredisent : traité comme réel",
        "unknown": "Inconnu",
    },
}
CLAIMS: dict[Language, dict[str, str]] = {
    "en": {
        "capturedMedia": "captured by a camera",
        "capturedMediaStitched": "captured in several shots",
        "nonGenAIDigitalCreation": "drawn without generative AI",
        "fullyGenAIMedia": "made by generative AI",
        "partlyGenAICreation": "partly made by generative AI",
        "compositionMayContainGenAI": "composite, may contain generative AI",
        "screenCaptureMayContainGenAI": "capture of a screen",
        "mediaUnknownProvenance": "made from a picture of unknown origin",
        "digitisedMedia": "digitised print or film",
        "edited": "edited",
        "cameraTraits": "traits of a camera",
        "anotherPictureInside": "the thumbnail shows another picture",
        "noStatement": "no statement",
    },
    "fr": {
        "capturedMedia": "pris par un appareil photo",
        "capturedMediaStitched": "pris en plusieurs vues",
        "nonGenAIDigitalCreation": "dessiné sans IA générative",
        "fullyGenAIMedia": "produit par une IA générative",
        "partlyGenAICreation": "produit en partie par une IA générative",
        "compositionMayContainGenAI": "montage, peut contenir de l'IA générative",
        "screenCaptureMayContainGenAI": "capture d'écran",
        "mediaUnknownProvenance": "fait à partir d'une image d'origine inconnue",
        "digitisedMedia": "tirage ou film numérisé",
        "edited": "retouché",
        "cameraTraits": "traits d'un appareil photo",
        "anotherPictureInside": "la vignette montre une autre image",
        "noStatement": "aucune déclaration",
    },
}
COSTS: dict[Language, dict[str, str]] = {
    "en": {"trivial": "trivial", "tool": "takes a tool", "needs_key": "needs a key", "hard": "hard"},
    "fr": {"trivial": "immédiat", "tool": "demande un outil", "needs_key": "demande une clé", "hard": "difficile"},
}
STATES: dict[Language, dict[str, str]] = {
    "en": {
        "trusted": "trusted: chain and pixels hold",
        "valid": "whole, signer unknown",
        "broken": "broken",
        "not_examined": "not examined",
        "": "anyone can write this",
    },
    "fr": {
        "trusted": "reconnu : chaîne et pixels concordent",
        "valid": "intact, signataire inconnu",
        "broken": "rompu",
        "not_examined": "non examiné",
        "": "chacun peut l'écrire",
    },
}
NOT_CHECKED_FR: dict[str, str] = {
    "revocation of certificates (there is no network)": "la révocation des certificats (il n'y a pas de réseau)",
    "closed watermarks (SynthID, Content Seal, Digimarc)": "les filigranes fermés (SynthID, Content Seal, Digimarc)",
    "statistical detectors (none is shipped: they call real photographs AI)": "les détecteurs statistiques (aucun n'est fourni : ils prennent de vraies photos pour de l'IA)",
    "watermarks, signatures and thumbnails that need decoded pixels (not asked for)": "filigranes, signatures et vignettes qui demandent les pixels décodés (non demandé)",
}

_WHO_FR = ((r"signer (.+?)(?= declares| shows| contradicts)", r"le signataire \1"), (r"the file \(", "le fichier ("))
_RULES_FR: tuple[tuple[str, str], ...] = (
    (r"(.+) contradicts itself or may not say this", r"\1 se contredit ou n'a pas le droit de le dire"),
    (
        r"(.+) declares AI beside camera evidence: handled as real",
        r"\1 déclare une IA à côté d'indices d'appareil photo : traité comme réel",
    ),
    (
        r"a manifest or signature is there and fails its check",
        "un manifeste ou une signature est présent et échoue au contrôle",
    ),
    (r"(.+) declares a camera capture", r"\1 déclare une prise de vue"),
    (r"(.+) declares AI made from another picture", r"\1 déclare une IA appliquée à une autre image"),
    (r"(.+) declares the whole picture AI-made", r"\1 déclare l'image entièrement produite par IA"),
    (
        r"(.+) shows camera traits, which can be copied",
        r"\1 montre des traits d'appareil photo, qui peuvent être copiés",
    ),
    (
        r"(.+) declares AI, which anyone can add: urgency stays",
        r"\1 déclare une IA, ce que chacun peut ajouter : l'urgence reste",
    ),
    (r"(.+) declares a copy or composite", r"\1 déclare une copie ou un montage"),
    (r"(.+) declares editing or drawing", r"\1 déclare une retouche ou un dessin"),
    (
        r"nothing in the file says how its pixels were made",
        "rien dans le fichier ne dit comment ses pixels ont été produits",
    ),
    (
        r"a detector's score was seen and counts for nothing by itself",
        "le score d'un détecteur a été vu et ne compte pour rien à lui seul",
    ),
)


def rule_words(rule: str, language: Language) -> str:
    """A rule of the verdict for a reader of that language; who says so keeps the name."""
    if language == "en":
        return rule
    letter, _, sentence = rule.partition(": ")
    if letter == "not examined":
        return f"non examiné : {reason_words(sentence, language)}"
    for english, french in _RULES_FR:
        if re.fullmatch(english, sentence):
            sentence = re.sub(english, french, _named_in_french(sentence))
            break
    return f"{'par défaut' if letter == 'default' else letter} : {sentence}"


def _named_in_french(sentence: str) -> str:
    for english, french in _WHO_FR:
        sentence = re.sub(english, french, sentence)
    return sentence
