"""From a decided case to a report in the authority's words: pure, and nothing in it that nobody said.

What only a person can say is a question. What a person answers with `no` to a flag stays absent: a flag cannot say no.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rempart.facts.report import CaseView, FileView
from rempart.reporting.cybertip.grammar import INCIDENT_TYPES
from rempart.reporting.cybertip.model import (
    ChatImIncident,
    EmailIncident,
    FileAnnotations,
    FileDetails,
    IncidentSummary,
    InternetDetails,
    NonInternetIncident,
    OnlineGamingIncident,
    OriginalFileHash,
    Report,
    ReportAnnotations,
    Reporter,
    WebPageIncident,
)
from rempart.reporting.cybertip.model_people import (
    ContactPerson,
    Email,
    IntendedRecipient,
    IpCaptureEvent,
    Person,
    PersonOrUserReported,
    Phone,
    Victim,
)
from rempart.reporting.recipient import Answers, Question

PLACES = ("web", "chat", "email", "game", "elsewhere")
_EVENTS = {one.lower(): one for one in ("Login", "Registration", "Purchase", "Upload", "Other", "Unknown")}
_REPORT_FLAGS = (
    ("sextortion", "Is somebody being blackmailed?", "Quelqu’un est-il victime de chantage ?"),
    ("csam_solicitation", "Does somebody ask for such material?", "Quelqu’un demande-t-il de tels contenus ?"),
    ("minor_to_minor_interaction", "Is it between minors only?", "Est-ce entre mineurs seulement ?"),
    ("spam", "Is it spam?", "Est-ce du courrier indésirable ?"),
    ("sadistic_online_exploitation", "Is it sadistic exploitation?", "Est-ce une exploitation sadique ?"),
)
_FILE_FLAGS = (
    ("anime_drawing_virtual_hentai", "drawn or animated", "dessiné ou animé"),
    ("viral", "spread virally", "diffusé de façon virale"),
    ("possible_self_production", "possibly made by the child", "peut-être produit par l’enfant"),
    ("physical_harm", "physical harm", "violences physiques"),
    ("violence_gore", "violence or gore", "violence ou gore"),
    ("bestiality", "animals", "animaux"),
    ("live_streaming", "live streaming", "diffusion en direct"),
    ("infant", "an infant", "un nourrisson"),
)
QUESTIONS: tuple[Question, ...] = (
    Question(
        "incident_type",
        "What kind of incident is it?",
        "De quel type d’incident s’agit-il ?",
        "choice",
        INCIDENT_TYPES,
        required=True,
    ),
    Question("incident_at", "When did it happen, if you know?", "Quand cela s’est-il passé, si on le sait ?", "moment"),
    Question("place", "Where did it happen?", "Où cela s’est-il passé ?", "choice", PLACES),
    Question("place_name", "Name of the chat, game or place", "Nom de la messagerie, du jeu ou du lieu"),
    Question(
        "escalate",
        "Why must they look at it at once? (Leave empty unless a child is in danger now)",
        "Pourquoi faut-il l’examiner immédiatement ? (Laisser vide sauf danger actuel pour un enfant)",
        "long",
    ),
    *(Question(name, en, fr, "yesno") for name, en, fr in _REPORT_FLAGS),
    *(
        Question(
            f"file_{name}", f"Does every file show this: {en}?", f"Chaque fichier montre-t-il ceci : {fr} ?", "yesno"
        )
        for name, en, fr in _FILE_FLAGS
    ),
    Question("note", "Anything else that they should know?", "Autre chose à leur signaler ?", "long"),
)


def compose(
    case: CaseView, answers: Answers, options: Mapping[str, Any]
) -> tuple[Report | None, tuple[tuple[FileView, FileDetails], ...]]:
    """(the report, its files with what is known of each). None while nobody said what kind of incident it is."""
    files = tuple((one, _details(one, case, answers, options)) for one in case.files if one.vault_id is not None)
    if "incident_type" not in answers:
        return None, files
    return _report(case, answers, options), files


def _report(case: CaseView, answers: Answers, options: Mapping[str, Any]) -> Report:
    prior = tuple(int(number) for number in case.prior if number.isdecimal())
    return Report(
        incident_summary=_summary(case, answers, options),
        reporter=_reporter(options),
        internet_details=_places(case, answers),
        people_reported=tuple(
            PersonOrUserReported(**_account(one), person_or_user_reported_person=_person(one), prior_ct_reports=prior)
            for one in _with_role(case, "reported")
        ),
        intended_recipients=tuple(
            IntendedRecipient(**_account(one), intended_recipient_person=_person(one))
            for one in _with_role(case, "recipient")
        ),
        victims=tuple(
            Victim(**_account(one), victim_person=_person(one) or Person()) for one in _with_role(case, "victim")
        ),
        additional_info=_note(case, answers, prior),
    )


def _summary(case: CaseView, answers: Answers, options: Mapping[str, Any]) -> IncidentSummary:
    flags = {name: True for name, _, _ in _REPORT_FLAGS if answers.get(name) == "yes"}
    at, description = _incident_at(case, answers)
    return IncidentSummary(
        incident_type=answers["incident_type"],
        incident_date_time=at,
        incident_date_time_description=description,
        platform=options.get("desk", {}).get("name") or None,
        escalate_to_high_priority=answers.get("escalate"),
        report_annotations=ReportAnnotations(**flags) if flags else None,  # type: ignore[arg-type]
    )


def _incident_at(case: CaseView, answers: Answers) -> tuple[datetime, str]:
    """When it happened, and whose statement that is."""
    if "incident_at" in answers:
        return datetime.fromisoformat(answers["incident_at"]), "as stated by the person who reports"
    uploads = [one.uploaded_at for one in case.files if one.uploaded_at is not None]
    if uploads:
        return min(uploads), "when the first file was uploaded, by the record of the service"
    return case.opened_at, "when it became known here; when it happened is not known"


def _places(case: CaseView, answers: Answers) -> tuple[InternetDetails, ...]:
    """Where: as somebody said, else the pages where it stands."""
    urls = tuple(dict.fromkeys(one.url for one in case.places))
    pages = (InternetDetails(web_page_incident=WebPageIncident(urls=urls)),) if urls else ()
    name = answers.get("place_name")
    match answers.get("place"):
        case "chat":
            return (InternetDetails(chat_im_incident=ChatImIncident(chat_client=name)), *pages)
        case "email":
            return (InternetDetails(email_incident=EmailIncident()), *pages)
        case "game":
            return (InternetDetails(online_gaming_incident=OnlineGamingIncident(game_name=name)), *pages)
        case "elsewhere":
            return (InternetDetails(non_internet_incident=NonInternetIncident(location_name=name)), *pages)
        case _:
            return pages


def _reporter(options: Mapping[str, Any]) -> Reporter:
    desk: Mapping[str, str] = options.get("desk", {})
    contact = ContactPerson(
        last_name=desk.get("contact_name") or None,
        emails=tuple(Email(value=one) for one in (desk.get("contact_email"),) if one),
        phones=tuple(Phone(value=one) for one in (desk.get("contact_phone"),) if one),
    )
    return Reporter(
        reporting_person=Person(
            last_name=desk.get("name") or None,
            emails=tuple(Email(value=one) for one in (desk.get("contact_email"),) if one),
        ),
        contact_person=contact if contact != ContactPerson() else None,
        legal_url=desk.get("legal_url") or None,
    )


def _details(one: FileView, case: CaseView, answers: Answers, options: Mapping[str, Any]) -> FileDetails:
    flags = {name: True for name, _, _ in _FILE_FLAGS if answers.get(f"file_{name}") == "yes"}
    if one.ai is True:  # a person said so; our own evidence never does
        flags["generative_ai"] = True
    signed = bool(options.get("industry_hash_sharing_signed"))
    return FileDetails(
        original_file_name=one.name or None,
        uploaded_to_esp_timestamp=one.uploaded_at,
        file_viewed_by_esp=one.viewed,
        publicly_available=one.public,
        file_annotations=FileAnnotations(**flags) if flags else None,  # type: ignore[arg-type]
        industry_classification=case.mapping.get("ncmec") if signed else None,
        original_file_hashes=tuple(
            OriginalFileHash(value=value, hash_type=kind.upper()) for kind, value in sorted(one.digests.items())
        ),
        additional_infos=(f"Evidence of origin found by software, not a judgement: {one.ai_evidence}",)
        if one.ai_evidence
        else (),
    )


def _account(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "esp_identifier": one.get("id"),
        "esp_service": one.get("service"),
        "screen_name": one.get("screen_name"),
        "display_names": _words(one.get("display_name")),
        "profile_urls": _words(one.get("profile_url")),
        "profile_bio": one.get("profile_bio"),
        "ip_capture_events": tuple(_capture(entry) for entry in one.get("addresses", ())),
    }


def _capture(entry: Mapping[str, Any]) -> IpCaptureEvent:
    at, event = entry.get("at"), entry.get("event")
    return IpCaptureEvent(
        ip_address=entry["address"],
        event_name=_EVENTS[event] if event is not None else None,
        date_time=datetime.fromisoformat(at) if at is not None else None,
        possible_proxy=entry.get("behind_proxy"),
        port=entry.get("port"),
    )


def _person(one: Mapping[str, Any]) -> Person | None:
    made = Person(
        emails=tuple(Email(value=value) for value in one.get("emails", ())),
        phones=tuple(Phone(value=value) for value in one.get("phones", ())),
    )
    return made if made != Person() else None


def _with_role(case: CaseView, role: str) -> Iterable[Mapping[str, Any]]:
    return (one for one in case.accounts if one.get("role") == role)


def _words(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _note(case: CaseView, answers: Answers, prior: tuple[int, ...]) -> str:
    lines = [f"Case {case.case_id} of the reporter, decided {case.decided_at:%Y-%m-%dT%H:%M:%SZ}."]
    if prior:
        lines.append(f"Earlier reports about the same accounts: {', '.join(map(str, prior))}.")
    if case.notices:
        lines.append(f"Notices about it: {len(case.notices)}.")
    return "\n".join([*lines, *_words(answers.get("note"))])
