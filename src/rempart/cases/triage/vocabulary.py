"""The closed vocabulary of features: what may be known about a case that bears on its rank, and who may say it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rempart.errors import UserMistake
from rempart.facts.case import Feature, FeatureValue
from rempart.storage.columns import FORMAT

Type = Literal["yes", "count", "word", "moment"]
# Who may say something: the part of a source before the first `:`, such as `list` in `list:partner@3`.
SAID = frozenset({"reporter", "provider", "partner", "authority", "person"})
SEEN = frozenset({"exif", "c2pa", "finding", "sensor"})
HOUSE = frozenset({"house"})
LISTS = frozenset({"list"})
MOST_TEXT = 80
MOST_COUNT = 2**53
GRADES = ("A", "B", "C", "D", "E")


@dataclass(frozen=True, slots=True)
class Word:
    """One feature: what it is called, what its value may be, and what it means.

    choices: the values of a `word` feature; empty when it is free (at most 80 characters).
    ai: evidence that the pixels are AI-made. Rules may use it to order equals and for nothing else.
    raises: AI evidence may be a part of it. Rules may use it to bring a case forward and for nothing else.
    """

    name: str
    type: Type
    en: str
    fr: str
    sources: frozenset[str]
    unit: str = ""
    choices: tuple[str, ...] = ()
    ai: bool = False
    raises: bool = False


_ALL = (
    Word("urgent", "yes", "marked urgent by who sent it", "signalé comme urgent par l’expéditeur", SAID),
    Word("threat_to_life", "yes", "a life or a child’s safety is threatened", "menace pour une vie ou un enfant", SAID),
    Word("live_stream", "yes", "streamed live", "diffusé en direct", SAID),
    Word("contact_in_progress", "yes", "enticement or extortion going on", "sollicitation ou chantage en cours", SAID),
    Word("victim_self_report", "yes", "the victim reports it", "signalé par la victime elle-même", SAID),
    Word("trusted_flagger", "yes", "sent by a trusted flagger", "envoyé par un signaleur de confiance", SAID | HOUSE),
    Word(
        "novelty",
        "word",
        "whether a medium meets a known-bad list: same bytes, near picture, doubtful (quarantined) entry, none, "
        "or not examined",
        "présence d’un média dans une liste : octets identiques, image proche, entrée douteuse (en quarantaine), "
        "aucune, ou non examiné",
        LISTS | SEEN | SAID,
        choices=("exact", "near", "doubtful", "none", "unexamined"),
    ),
    Word("distance_bits", "count", "how far the near picture is", "distance de l’image proche", LISTS, "bits of 256"),
    Word("list_age_days", "count", "age of the freshest list", "âge de la liste la plus fraîche", LISTS, "days"),
    Word("known_good", "yes", "the very bytes stand on a known-good list", "dans une liste de contenus sûrs", LISTS),
    Word("first_seen_here", "yes", "never seen at this desk before", "jamais vu à ce bureau", HOUSE),
    Word("submissions", "count", "how often others reported it", "nombre de signalements ailleurs", LISTS | SAID),
    Word("victim_identified", "yes", "the victim is identified", "victime identifiée", LISTS | SAID),
    Word("offender_identified", "yes", "the offender is identified", "auteur identifié", LISTS | SAID),
    Word("distributed", "yes", "known to be distributed", "diffusion connue", LISTS | SAID),
    Word("in_series", "yes", "belongs to a known series", "appartient à une série connue", LISTS | SAID),
    Word("baseline", "yes", "on an international baseline list", "dans la liste internationale de base", LISTS | SAID),
    Word(
        "capture_age_days",
        "count",
        "time from capture to arrival",
        "temps entre prise de vue et réception",
        SEEN | SAID,
        "days",
    ),
    Word(
        "camera_evidence",
        "word",
        "evidence of a camera: signed, matched to a sensor, coherent traits, or stated by a person",
        "indices d’appareil photo : signé, capteur reconnu, traits cohérents, ou dit par une personne",
        SEEN | SAID,
        choices=("signed", "sensor", "traits", "stated"),
    ),
    Word("first_generation", "yes", "looks like the camera’s own file", "semble un fichier d’origine", SEEN | SAID),
    Word("megapixels", "count", "size of the largest picture", "taille de la plus grande image", SEEN, "megapixels"),
    Word("frames", "count", "frames or pages", "images ou pages", SEEN),
    Word(
        "origin_contradicts",
        "yes",
        "evidence of origin contradicts itself",
        "origine contradictoire",
        SEEN,
        raises=True,
    ),
    Word(
        "derived_from_real",
        "yes",
        "AI made from a real picture: declared, or AI evidence near known material",
        "IA à partir d’une image réelle : déclaré, ou indices d’IA près de contenus connus",
        SEEN | LISTS | SAID,
        raises=True,
    ),
    Word("known_child", "yes", "shows a child somebody knows", "montre un enfant reconnu par quelqu’un", SAID),
    Word("prior_reports", "count", "earlier reports of the same account", "signalements du même compte", SAID | HOUSE),
    Word("actor_files", "count", "files of the same account", "fichiers du même compte", SAID | HOUSE),
    Word("account_age_days", "count", "age of the account", "âge du compte", SAID, "days"),
    Word("actor_identifiable", "yes", "the account leads to somebody", "le compte mène à quelqu’un", SAID | HOUSE),
    Word("access_to_children", "yes", "stated access to children", "accès à des enfants, selon la source", SAID),
    Word("minor_contact", "yes", "in contact with a minor’s account", "en contact avec un compte de mineur", SAID),
    Word("sharing", "word", "how it was shared", "mode de partage", SAID, choices=("private", "public")),
    Word("country", "word", "country the case leads to", "pays auquel mène l’affaire", SAID | HOUSE),
    Word("place", "word", "platform or host it was found on", "plateforme ou hébergeur", SAID | HOUSE),
    Word("address_usable", "yes", "address with port and time", "adresse avec port et heure", SAID | HOUSE),
    Word("behind_proxy", "yes", "address of a proxy", "adresse d’un mandataire", SAID | HOUSE),
    Word("evidence_expires", "moment", "the provider deletes it then", "effacement prévu par le fournisseur", SAID),
    Word("new_actor", "yes", "known material, new account", "contenu connu, nouveau compte", HOUSE | SAID),
    Word("new_place", "yes", "known material, new place", "contenu connu, nouveau lieu", HOUSE | SAID),
    Word("cluster_size", "count", "cases that belong together", "affaires liées entre elles", HOUSE),
    Word("decided_before", "word", "decision on the same content", "décision sur le même contenu", HOUSE),
    Word("viral", "yes", "spread as a meme", "diffusé comme un mème", SAID),
    Word(
        "grade",
        "word",
        "whether enough came with it to act on",
        "assez d’informations jointes pour agir ou non",
        SAID | HOUSE,
        choices=("referral", "informational"),
    ),
    Word(
        "ai_evidence",
        "word",
        "evidence of AI, from A (trusted signature) to E (somebody’s opinion); it only orders equals",
        "indices d’IA, de A (signature reconnue) à E (avis) ; départage seulement les égaux",
        SEEN | LISTS | SAID,
        choices=GRADES,
        ai=True,
    ),
)
VOCABULARY: dict[str, Word] = {word.name: word for word in _ALL}


def word(name: str) -> Word:
    """The feature of this name. Raises UserMistake when there is none."""
    if name not in VOCABULARY:
        raise UserMistake(f"there is no feature `{name}`; features are {', '.join(VOCABULARY)}")
    return VOCABULARY[name]


def feature(name: str, value: FeatureValue, source: str, at: datetime) -> Feature:
    """The feature, checked against the vocabulary. Raises UserMistake: an unknown name, value or source."""
    meant = word(name)
    if source.partition(":")[0] not in meant.sources:
        raise UserMistake(f"`{name}` cannot come from `{source.partition(':')[0]}`; from {_listed(meant.sources)}")
    check_value(meant, value)
    return Feature(name, value, source, at)


def check_value(meant: Word, value: object) -> None:
    """Nothing. Raises UserMistake when the feature cannot have this value."""
    fits = {
        "yes": isinstance(value, bool),
        "count": isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_COUNT,
        "word": isinstance(value, str) and len(value) <= MOST_TEXT and (not meant.choices or value in meant.choices),
        "moment": isinstance(value, str) and _is_moment(value),
    }[meant.type]
    if not fits:
        wanted = {"yes": "true or false", "count": "a whole number from 0", "moment": f"a time such as {_EXAMPLE}"}
        choices = f"one of {', '.join(meant.choices)}" if meant.choices else f"text of at most {MOST_TEXT} characters"
        raise UserMistake(f"`{meant.name}` cannot be that; give {wanted.get(meant.type, choices)}")


_EXAMPLE = "2026-11-22T09:30:00Z"


def _is_moment(text: str) -> bool:
    try:
        return datetime.strptime(text, FORMAT).strftime(FORMAT) == text
    except ValueError:
        return False


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))
