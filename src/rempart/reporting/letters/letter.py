"""What the three notices by mail have in common: one draft a case, mailed with others to the same address."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from rempart.errors import Conflict
from rempart.facts.case import ActionKind
from rempart.facts.report import CaseView, Payload, PlaceView, Problem
from rempart.reporting.letters import composing, rows, sections, xarf_part
from rempart.reporting.letters.addresses import common_contact, is_plain
from rempart.reporting.letters.words import LABELS, LANGUAGES, Kind, Language
from rempart.reporting.recipient import Answers, Approvals, Draft, Question, Sending, Sent, Way
from rempart.reporting.sheets.stating import one_line

VERSION = 1
MOST_PLACES = 200
ILLEGAL = ("illegal_baseline", "illegal_national")
# Our own platform is told by other ways, and nobody hosts an onion address that could be asked.
NOBODYS = ("own", "onion")
MAIL = "REMPART_MAIL__HOST"
_QUESTIONS = (
    Question(
        "to",
        "Mail address (empty: the one that the settings name for the host)",
        "Adresse électronique (vide : celle que les réglages indiquent pour l’hébergeur)",
    ),
    Question(
        "host",
        "Only addresses at this host (empty: all of the case)",
        "Uniquement les adresses chez cet hôte (vide : toutes celles du dossier)",
    ),
    Question("language", "In which language?", "Dans quelle langue ?", "choice", ("en", "fr", "both")),
    Question(
        "good_faith",
        "Do you state in good faith that what the notice says is accurate and complete?",
        "Déclarez-vous de bonne foi que la notification est exacte et complète ?",
        "yesno",
    ),
    Question(
        "police_told",
        "The police come first in this case. May the addressee be told now?",
        "La police passe d’abord dans ce dossier. Le destinataire peut-il être prévenu maintenant ?",
        "yesno",
    ),
    Question(
        "explain",
        "Why is it illegal, in a few words? It is sent",
        "Pourquoi est-ce illicite ? Ce texte est envoyé",
        "long",
    ),
)
_MACHINE = (
    Question(
        "classification",
        "Classification for machines (XARF); none: without that part",
        "Classification lisible par machine (XARF) ; aucune : sans cette partie",
        "choice",
        (*xarf_part.CLASSIFICATIONS, "none"),
    ),
    Question(
        "detection",
        "How was it detected? It is sent to machines (XARF)",
        "Comment le contenu a-t-il été détecté ? (XARF)",
        "choice",
        xarf_part.DETECTIONS,
    ),
)


class Letter:
    """One notice by mail. kind: whom it goes to. every_days: how often it is repeated while the content is there.

    digests: whether it names the files' digests. Whoever may have put the content there is not told them.
    """

    name: str
    kind: Kind
    carries_out: ActionKind
    every_days: int
    digests: bool = False
    machines: bool = False
    transport: Way = "mail"
    approvals: Approvals = 1
    holds: tuple[str, ...] = ()
    questions: tuple[Question, ...] = _QUESTIONS

    def build(self, case: CaseView, answers: Answers, options: Mapping[str, Any]) -> Draft:
        """What the case holds about the places that the notice is about, in the words that will be sent."""
        places = [one for one in case.places if one.kind not in NOBODYS and _is_at(one, answers.get("host", ""))]
        letter: Literal["notice", "correction"] = "notice" if case.outcome in ILLEGAL else "correction"
        meant = answers.get("to", "") or common_contact(places, options.get("contacts") or {})
        is_test = options.get("environment") == "test"
        desk, general = options.get("desk") or {}, options.get("notices") or {}
        files = case.files if self.digests and letter == "notice" else ()
        languages = _languages(answers.get("language") or general.get("language", "both"))
        draft: Draft = {
            "version": VERSION,
            "letter": letter,
            "kind": self.kind,
            "case": case.case_id,
            "outcome": case.outcome,
            "told_before": bool(case.prior),
            "urgent": case.urgent,
            "police_first": case.police_first,
            "police_told": answers.get("police_told", ""),
            "good_faith": answers.get("good_faith", ""),
            "from": options.get("sender", ""),
            "from_name": one_line(desk.get("name", "")),
            "contact": one_line(desk.get("contact_name", "")),
            "reply_to": desk.get("contact_email", ""),
            "to": general.get("test_address", "") if is_test else meant,
            "meant_for": one_line(meant) if is_test else "",
            "languages": languages,
            "places": [{"location": one.location_id, "url": one.url, "network": _network(one)} for one in places],
            "sections": {
                one: sections.section(
                    case,
                    places,
                    files,
                    answers,
                    one,
                    correction=letter == "correction",
                    names_host=self.kind != "host",
                )
                for one in languages
            },
            "rows": [rows.row_of(one, f"reference {case.case_id}") for one in places],
            "xarf": [],
            "xarf_missing": "",
        }
        if letter == "notice" and self.machines:
            draft |= self._for_machines(case, places, answers, draft)
        return draft | {"blocks": _to_be_read(draft)}

    def problems(self, draft: Draft, options: Mapping[str, Any], now: datetime) -> list[Problem]:  # noqa: ARG002
        """Whatever keeps it from leaving."""
        return [*_of_the_case(draft), *_of_the_way(draft, options), *_of_machines(draft)]

    def render(self, draft: Draft, now: datetime) -> Payload:  # noqa: ARG002 - the mail has its time when it leaves
        """The mail as it would leave alone, but for its time and its number, which it has when it leaves."""
        content = composing.compose([draft]).as_bytes()
        return Payload(content, "message/rfc822", f"{self.name}-{draft['case']}.eml")

    def send(self, sending: Sending) -> Sent:
        """Never by itself: it leaves together with others to the same address. Raises Conflict."""
        raise Conflict(f"report {sending.report_id} is a mail; it leaves with others to the same address")

    def _for_machines(
        self, case: CaseView, places: Sequence[PlaceView], answers: Answers, draft: Draft
    ) -> dict[str, Any]:
        classification = xarf_part.classification_of(case, answers.get("classification", ""))
        detection = xarf_part.detection_of(case, answers.get("detection", ""))
        if classification == "none":
            return {}
        missing = "classification" if not classification else "detection" if not detection else ""
        if missing or not is_plain(draft["reply_to"]) or not draft["from_name"]:
            return {"xarf_missing": missing}
        who = {"name": draft["from_name"], "contact_email": draft["reply_to"]}
        files = case.files if self.digests else ()
        return {
            "xarf": [
                xarf_part.document(case, one, files, who, classification, detection) for one in places[:MOST_PLACES]
            ]
        }


def machine_questions() -> tuple[Question, ...]:
    """The questions of a notice with a part for machines."""
    return (*_QUESTIONS, *_MACHINE)


def _languages(chosen: str) -> list[Language]:
    return [one for one in LANGUAGES if chosen in (one, "both")]


def _is_at(place: PlaceView, host: str) -> bool:
    """Whether the place is at this host, or at one below it; every place is for no host."""
    wanted = host.strip().lower().removesuffix(".")
    return not wanted or place.host == wanted or place.host.endswith(f".{wanted}")


def _to_be_read(draft: Draft) -> list[dict[str, str]]:
    """The mail as a person reads it before it leaves: who it goes to, and what it says."""
    heads = [("To", draft["to"]), ("From", draft["from"]), ("Reply-To", draft["reply_to"])]
    lines = [f"{name}: {value or '–'}" for name, value in heads]
    lines.append(f"Subject: {composing.subject([draft], draft['languages'])}")
    return [
        {"name": "heads", "label": "@", "text": "\n".join(lines)},
        *({"name": one, "label": LABELS[one], "text": composing.text_in([draft], one)} for one in draft["languages"]),
    ]


def _network(place: PlaceView) -> str:
    """The network that the place was in when the notice was drafted: `AS64500`; empty when that is not known."""
    return place.provider.partition(" ")[0] if place.provider.startswith("AS") else ""


def _of_the_case(draft: Draft) -> Iterator[Problem]:
    if draft["letter"] == "correction" and draft["outcome"] != "not_illegal":
        yield Problem("outcome", "only what was judged illegal is given notice of; decide the case, or withdraw this")
    if draft["letter"] == "correction" and not draft["told_before"]:
        yield Problem("outcome", "nobody was given notice of it this way, so that there is nothing to take back")
    if draft["letter"] == "notice" and draft["good_faith"] != "yes":
        yield Problem("good_faith", "nobody states that it is accurate and complete; a notice needs that")
    if draft["police_first"] and draft["police_told"] != "yes" and draft["letter"] == "notice":
        yield Problem("police_told", "the police come first; answer when the addressee may be told")
    if not draft["places"]:
        yield Problem("host", "the case has no address there; correct the host, or add the address to the case")
    if len(draft["places"]) > MOST_PLACES:
        yield Problem("host", f"these are more than {MOST_PLACES} addresses; draft one notice for each host")


def _of_the_way(draft: Draft, options: Mapping[str, Any]) -> Iterator[Problem]:
    general = options.get("notices") or {}
    if not draft["to"] and options.get("environment") == "test":
        yield Problem("to", "tests go to an address of yours; set REMPART_REPORTING__NOTICES__TEST_ADDRESS")
    elif not is_plain(draft["to"]):
        yield Problem("to", "nobody named one mail address for these hosts; answer the question, or set `contacts`")
    if draft["meant_for"] and not is_plain(draft["meant_for"]):
        yield Problem("to", "this is no mail address; correct the answer")
    if not is_plain(draft["from"]):
        yield Problem("from", f"no mail can be sent; set {MAIL} and REMPART_MAIL__SENDER")
    if not draft["from_name"] or not is_plain(draft["reply_to"]):
        yield Problem("contact", "nobody says who gives notice; set REMPART_REPORTING__DESK__NAME and __CONTACT_EMAIL")
    if options.get("environment") == "production" and not general.get("production_allowed"):
        yield Problem(
            "environment", "no notice goes to a real host yet; set REMPART_REPORTING__NOTICES__PRODUCTION_ALLOWED"
        )


def _of_machines(draft: Draft) -> Iterator[Problem]:
    if draft["xarf_missing"]:
        yield Problem(draft["xarf_missing"], "nobody said it; answer the question, or choose the classification `none`")
    for one in draft["xarf"]:
        wrong = xarf_part.wrong_in(one)
        if wrong:
            yield Problem("classification", f"the part for machines is not valid ({wrong[:120]}); choose `none`")
            return
