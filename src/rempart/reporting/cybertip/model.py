"""A report as the desk knows it, in the authority's own words.

Every field with legal weight (viewed, EXIF viewed, publicly available, made by AI, a classification, an escalation,
...) is None until a logged human act says otherwise, and None stays absent. A flag is said (True) or left absent.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rempart.reporting.cybertip.model_people import (
    Address,
    ContactPerson,
    DeviceId,
    Email,
    IntendedRecipient,
    IpCaptureEvent,
    Person,
    PersonOrUserReported,
    Phone,
    Victim,
)

Said = Literal[True] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchedReport:
    """Why otherwise separate reports stand in one."""

    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAnnotations:
    """What somebody judged the incident to be about."""

    sextortion: Said = None
    csam_solicitation: Said = None
    minor_to_minor_interaction: Said = None
    spam: Said = None
    sadistic_online_exploitation: Said = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentSummary:
    """What happened, and when. escalate_to_high_priority: the reason; a text here escalates the report."""

    incident_type: str
    incident_date_time: datetime
    platform: str | None = None
    escalate_to_high_priority: str | None = None
    report_annotations: ReportAnnotations | None = None
    incident_date_time_description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPageIncident:
    """It happened on web pages."""

    urls: tuple[str, ...] = ()
    third_party_hosted_content: bool | None = None
    additional_info: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailIncident:
    """It happened in e-mail."""

    email_addresses: tuple[Email, ...] = ()
    content: str | None = None
    additional_info: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsgroupIncident(EmailIncident):
    """It happened in a newsgroup."""

    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatImIncident:
    """It happened in a chat."""

    chat_client: str | None = None
    chat_room_name: str | None = None
    content: str | None = None
    additional_info: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineGamingIncident:
    """It happened in a game."""

    game_name: str | None = None
    console: str | None = None
    content: str | None = None
    additional_info: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellPhoneIncident:
    """It happened by telephone."""

    phone_number: Phone | None = None
    latitude: float | None = None
    longitude: float | None = None
    additional_info: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NonInternetIncident:
    """It happened at a place."""

    location_name: str | None = None
    incident_addresses: tuple[Address, ...] = ()
    additional_info: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer2peerIncident:
    """It happened in a network of peers."""

    client: str | None = None
    ip_capture_events: tuple[IpCaptureEvent, ...] = ()
    file_names: str | None = None
    additional_info: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InternetDetails:
    """Where it happened: exactly one of these."""

    web_page_incident: WebPageIncident | None = None
    email_incident: EmailIncident | None = None
    newsgroup_incident: NewsgroupIncident | None = None
    chat_im_incident: ChatImIncident | None = None
    online_gaming_incident: OnlineGamingIncident | None = None
    cell_phone_incident: CellPhoneIncident | None = None
    non_internet_incident: NonInternetIncident | None = None
    peer2peer_incident: Peer2peerIncident | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedLegalProcessInternational:
    """Whether a foreign authority served legal process, and from which country."""

    value: bool
    flea_country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LawEnforcement:
    """Which police is involved."""

    agency_name: str
    case_number: str | None = None
    officer_contact: ContactPerson | None = None
    reported_to_le: bool | None = None
    served_legal_process_domestic: bool | None = None
    served_legal_process_international: ServedLegalProcessInternational | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Who reports."""

    reporting_person: Person
    contact_person: ContactPerson | None = None
    company_template: str | None = None
    terms_of_service: str | None = None
    legal_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report; its files follow apart."""

    incident_summary: IncidentSummary
    reporter: Reporter
    internet_details: tuple[InternetDetails, ...] = ()
    batched_report: BatchedReport | None = None
    law_enforcement: LawEnforcement | None = None
    people_reported: tuple[PersonOrUserReported, ...] = ()
    intended_recipients: tuple[IntendedRecipient, ...] = ()
    victims: tuple[Victim, ...] = ()
    additional_info: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAnnotations:
    """What a person judged the file to show. generative_ai: a human decision, never a verdict of ours."""

    anime_drawing_virtual_hentai: Said = None
    potential_meme: Said = None
    viral: Said = None
    possible_self_production: Said = None
    physical_harm: Said = None
    violence_gore: Said = None
    bestiality: Said = None
    live_streaming: Said = None
    infant: Said = None
    generative_ai: Said = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalFileHash:
    """A hash of the file before the company changed anything. hash_type: MD5, SHA1, ..."""

    value: str
    hash_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NameValuePair:
    """One line of metadata."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Metadata of a file. type: EXIF or HASH."""

    name_value_pairs: tuple[NameValuePair, ...]
    type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDetails:
    """What is known about one file. report_id and file_id are filled in when the authority has given them."""

    report_id: int | None = None
    file_id: str | None = None
    file_name: str | None = None
    original_file_name: str | None = None
    uploaded_to_esp_timestamp: datetime | None = None
    location_of_file: str | None = None
    file_viewed_by_esp: bool | None = None
    exif_viewed_by_esp: bool | None = None
    publicly_available: bool | None = None
    file_relevance: str | None = None
    potential_meme: bool | None = None
    file_annotations: FileAnnotations | None = None
    industry_classification: str | None = None
    original_file_hashes: tuple[OriginalFileHash, ...] = ()
    ip_capture_event: IpCaptureEvent | None = None
    device_ids: tuple[DeviceId, ...] = ()
    details: tuple[Details, ...] = ()
    additional_infos: tuple[str, ...] = ()


__all__ = ["FileDetails", "IntendedRecipient", "PersonOrUserReported", "Report", "Victim"]
