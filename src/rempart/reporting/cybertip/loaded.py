"""The fields that say something which only a person may say, and what must have happened before they may be set."""

from dataclasses import dataclass
from typing import Any

from rempart.reporting.cybertip import model, model_people


@dataclass(frozen=True, slots=True)
class Loaded:
    """One such field. source: the logged act that it may come from; without it the field stays absent."""

    owner: type[Any]
    field: str
    source: str


JUDGED = "a decision of a reviewer who saw the file"
JUDGED_CASE = "a decision of a reviewer about the case"
RECORD = "the account's record at the service"
SERVED = "the register of orders"

LOADED = (
    Loaded(model.FileDetails, "file_viewed_by_esp", "the reveal ledger: the whole file was seen, or it was not"),
    Loaded(model.FileDetails, "exif_viewed_by_esp", "the reveal ledger: the metadata was seen, or it was not"),
    Loaded(model.FileDetails, "publicly_available", "a person who looked where the file stood"),
    Loaded(model.FileDetails, "file_relevance", "a decision of a reviewer; absent, the authority takes it as reported"),
    Loaded(model.FileDetails, "potential_meme", "never set: it is said in the annotations"),
    Loaded(model.FileDetails, "file_annotations", JUDGED),
    Loaded(model.FileDetails, "industry_classification", f"{JUDGED}, and an operator who signed the agreement"),
    *(Loaded(model.FileAnnotations, name, JUDGED) for name in model.FileAnnotations.__dataclass_fields__),
    *(Loaded(model.ReportAnnotations, name, JUDGED_CASE) for name in model.ReportAnnotations.__dataclass_fields__),
    Loaded(model.IncidentSummary, "incident_type", JUDGED_CASE),
    Loaded(model.IncidentSummary, "escalate_to_high_priority", "a named person who wrote the reason"),
    Loaded(model.IncidentSummary, "report_annotations", JUDGED_CASE),
    Loaded(model.BatchedReport, "reason", JUDGED_CASE),
    Loaded(model.Report, "batched_report", JUDGED_CASE),
    Loaded(model.WebPageIncident, "third_party_hosted_content", "a person who looked where the file stood"),
    Loaded(model.Report, "law_enforcement", SERVED),
    Loaded(model.LawEnforcement, "reported_to_le", SERVED),
    Loaded(model.LawEnforcement, "served_legal_process_domestic", SERVED),
    Loaded(model.LawEnforcement, "served_legal_process_international", SERVED),
    Loaded(model.ServedLegalProcessInternational, "value", SERVED),
    *(
        Loaded(owner, name, RECORD)
        for owner in (
            model_people.PersonOrUserReported,
            model_people.IntendedRecipient,
            model_people.Victim,
            model_people.AssociatedAccount,
        )
        for name in (
            "compromised_account",
            "all_emails_reported",
            "account_temporarily_disabled",
            "account_permanently_disabled",
        )
    ),
    Loaded(model_people.PersonOrUserReported, "third_party_user_reported", RECORD),
    Loaded(model_people.PersonOrUserReported, "group_identifier", JUDGED_CASE),
    Loaded(model_people.IntendedRecipient, "group_identifier", JUDGED_CASE),
    Loaded(model_people.AssociatedAccount, "group_identifier", JUDGED_CASE),
    Loaded(model_people.AccountPermanentlyDisabled, "value", RECORD),
    Loaded(model_people.AccountPermanentlyDisabled, "user_notified", RECORD),
    Loaded(model_people.AccountTemporarilyDisabled, "value", RECORD),
    Loaded(model_people.AccountTemporarilyDisabled, "user_notified", RECORD),
    Loaded(model_people.Person, "age", "what somebody said or a document shows; never a guess of ours"),
    Loaded(model_people.Person, "date_of_birth", "what somebody said or a document shows"),
    Loaded(model_people.AssociatedAccount, "approximate_age", "what somebody said or a document shows"),
    Loaded(model_people.AssociatedAccount, "date_of_birth", "what somebody said or a document shows"),
    Loaded(model_people.Email, "verified", RECORD),
    Loaded(model_people.Phone, "verified", RECORD),
    Loaded(model_people.EstimatedLocation, "verified", RECORD),
    Loaded(model_people.Platform, "third_party_user", RECORD),
    Loaded(model_people.IpCaptureEvent, "possible_proxy", "a look-up that says so"),
    Loaded(model_people.IpCaptureEvent, "event_name", "the log that the address comes from"),
    Loaded(model_people.DeviceId, "event_name", "the log that the number comes from"),
)
