"""Which class of the model stands for which group of the grammar."""

from collections.abc import Mapping
from typing import Any

from rempart.reporting.cybertip import model, model_people

CLASSES: Mapping[str, type[Any]] = {
    "report": model.Report,
    "batchedReport": model.BatchedReport,
    "incidentSummary": model.IncidentSummary,
    "reportAnnotations": model.ReportAnnotations,
    "internetDetails": model.InternetDetails,
    "webPageIncident": model.WebPageIncident,
    "emailIncident": model.EmailIncident,
    "newsgroupIncident": model.NewsgroupIncident,
    "chatImIncident": model.ChatImIncident,
    "onlineGamingIncident": model.OnlineGamingIncident,
    "cellPhoneIncident": model.CellPhoneIncident,
    "nonInternetIncident": model.NonInternetIncident,
    "peer2peerIncident": model.Peer2peerIncident,
    "lawEnforcement": model.LawEnforcement,
    "servedLegalProcessInternational": model.ServedLegalProcessInternational,
    "reporter": model.Reporter,
    "personOrUserReported": model_people.PersonOrUserReported,
    "intendedRecipient": model_people.IntendedRecipient,
    "victim": model_people.Victim,
    "person": model_people.Person,
    "contactPerson": model_people.ContactPerson,
    "address": model_people.Address,
    "email": model_people.Email,
    "phone": model_people.Phone,
    "ipCaptureEvent": model_people.IpCaptureEvent,
    "deviceId": model_people.DeviceId,
    "accountTemporarilyDisabled": model_people.AccountTemporarilyDisabled,
    "accountPermanentlyDisabled": model_people.AccountPermanentlyDisabled,
    "estimatedLocation": model_people.EstimatedLocation,
    "associatedAccount": model_people.AssociatedAccount,
    "platform": model_people.Platform,
    "fileDetails": model.FileDetails,
    "fileAnnotations": model.FileAnnotations,
    "originalFileHash": model.OriginalFileHash,
    "details": model.Details,
    "nameValuePair": model.NameValuePair,
}
