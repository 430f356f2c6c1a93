"""Our own table of the CyberTipline grammar: elements, order, how often, types, lengths, words, attributes.

Source: facts of the authority's schema of 10 November 2025 and its documentation as read by others; lengths that
only other clients report are taken as limits all the same. The authority's schema file itself is not part of Rempart:
`rempart.reporting.cybertip.xsd` fetches it for an operator with credentials.
"""

from rempart.reporting.cybertip.grammar_people import (
    ACCOUNT,
    ADDRESS,
    ANY_TEXT,
    ASSOCIATED_ACCOUNT,
    BOOLEAN,
    CONTACT_PERSON,
    COUNTRY,
    DEVICE_ID,
    EMAIL,
    GROUP_IDENTIFIER,
    IP_CAPTURE_EVENT,
    MOMENT,
    NOTE,
    PERSON,
    PHONE,
    PRIOR_REPORTS,
    REPORT_ID,
    STANDING,
    URL,
)
from rempart.reporting.cybertip.terms import Attribute, Group, Leaf, Part, flags, many, maybe, one, one_of, text

# Words of the authority's protocol, verbatim: the only place where they stand.
INCIDENT_TYPES = (
    "Child Pornography (possession, manufacture, and distribution)",
    "Child Sex Trafficking",
    "Child Sex Tourism",
    "Child Sexual Molestation",
    "Misleading Domain Name",
    "Misleading Words or Digital Images on the Internet",
    "Online Enticement of Children for Sexual Acts",
    "Unsolicited Obscene Material Sent to a Child",
)
SUPPLEMENTAL = "Supplemental Reported"

PERSON_OR_USER_REPORTED = Group(
    "personOrUserReported",
    (
        maybe("personOrUserReportedPerson", PERSON),
        maybe("vehicleDescription", text(300)),
        *ACCOUNT,
        maybe("thirdPartyUserReported", BOOLEAN),
        PRIOR_REPORTS,
        GROUP_IDENTIFIER,
        *STANDING,
        many("associatedAccount", ASSOCIATED_ACCOUNT),
        maybe("additionalInfo", NOTE),
    ),
)
INTENDED_RECIPIENT = Group(
    "intendedRecipient",
    (
        maybe("intendedRecipientPerson", PERSON),
        *ACCOUNT,
        PRIOR_REPORTS,
        GROUP_IDENTIFIER,
        *STANDING,
        many("additionalInfo", NOTE),
    ),
)
VICTIM = Group(
    "victim",
    (
        one("victimPerson", PERSON),
        *ACCOUNT,
        maybe("schoolName", text(255)),
        PRIOR_REPORTS,
        *STANDING,
        many("associatedAccount", ASSOCIATED_ACCOUNT),
        maybe("additionalInfo", NOTE),
    ),
)


def _incident(name: str, *parts: Part, attributes: tuple[Attribute, ...] = ()) -> Part:
    return maybe(name, Group(name, (*parts, maybe("additionalInfo", NOTE)), attributes))


INTERNET_DETAILS = Group(
    "internetDetails",
    (
        _incident("webPageIncident", many("url", URL), attributes=(Attribute("thirdPartyHostedContent", BOOLEAN),)),
        _incident("emailIncident", many("emailAddress", EMAIL), maybe("content", ANY_TEXT)),
        _incident(
            "newsgroupIncident",
            maybe("name", text(255)),
            many("emailAddress", EMAIL),
            maybe("content", ANY_TEXT),
        ),
        _incident(
            "chatImIncident",
            maybe("chatClient", text(255)),
            maybe("chatRoomName", text(255)),
            maybe("content", ANY_TEXT),
        ),
        _incident(
            "onlineGamingIncident",
            maybe("gameName", text(255)),
            maybe("console", text(255)),
            maybe("content", ANY_TEXT),
        ),
        _incident(
            "cellPhoneIncident",
            maybe("phoneNumber", PHONE),
            maybe("latitude", Leaf("number", least=-90, most=90)),
            maybe("longitude", Leaf("number", least=-180, most=180)),
        ),
        _incident("nonInternetIncident", maybe("locationName", text(255)), many("incidentAddress", ADDRESS)),
        _incident(
            "peer2peerIncident",
            maybe("client", text(255)),
            many("ipCaptureEvent", IP_CAPTURE_EVENT),
            maybe("fileNames", ANY_TEXT),
        ),
    ),
    order="choice",
)
REPORT_ANNOTATIONS = flags(
    "reportAnnotations",
    "sextortion",
    "csamSolicitation",
    "minorToMinorInteraction",
    "spam",
    "sadisticOnlineExploitation",
)
INCIDENT_SUMMARY = Group(
    "incidentSummary",
    (
        one("incidentType", one_of(*INCIDENT_TYPES)),
        maybe("platform", text(256)),
        maybe("escalateToHighPriority", text(3_000)),
        maybe("reportAnnotations", REPORT_ANNOTATIONS),
        one("incidentDateTime", MOMENT),
        maybe("incidentDateTimeDescription", text(3_000)),
    ),
)
SERVED_INTERNATIONAL = Group(
    "servedLegalProcessInternational", text=BOOLEAN, attributes=(Attribute("fleaCountry", COUNTRY),)
)
LAW_ENFORCEMENT = Group(
    "lawEnforcement",
    (
        one("agencyName", text(255)),
        maybe("caseNumber", text(100)),
        maybe("officerContact", CONTACT_PERSON),
        maybe("reportedToLe", BOOLEAN),
        maybe("servedLegalProcessDomestic", BOOLEAN),
        maybe("servedLegalProcessInternational", SERVED_INTERNATIONAL),
    ),
)
REPORTER = Group(
    "reporter",
    (
        one("reportingPerson", PERSON),
        maybe("contactPerson", CONTACT_PERSON),
        maybe("companyTemplate", ANY_TEXT),
        maybe("termsOfService", NOTE),
        maybe("legalURL", URL),
    ),
)
BATCHED_REPORT = Group("batchedReport", attributes=(Attribute("reason", one_of("VIRAL_POTENTIAL_MEME")),))
REPORT = Group(
    "report",
    (
        maybe("batchedReport", BATCHED_REPORT),
        one("incidentSummary", INCIDENT_SUMMARY),
        many("internetDetails", INTERNET_DETAILS),
        maybe("lawEnforcement", LAW_ENFORCEMENT),
        one("reporter", REPORTER),
        many("personOrUserReported", PERSON_OR_USER_REPORTED),
        many("intendedRecipient", INTENDED_RECIPIENT),
        many("victim", VICTIM),
        maybe("additionalInfo", NOTE),
    ),
)

FILE_ANNOTATIONS = flags(
    "fileAnnotations",
    "animeDrawingVirtualHentai",
    "potentialMeme",
    "viral",
    "possibleSelfProduction",
    "physicalHarm",
    "violenceGore",
    "bestiality",
    "liveStreaming",
    "infant",
    "generativeAi",
)
NAME_VALUE_PAIR = Group("nameValuePair", (one("name", text(64)), one("value", ANY_TEXT)))
FILE_HASH = Group("originalFileHash", text=ANY_TEXT, attributes=(Attribute("hashType", text(64), required=True),))
DETAILS = Group(
    "details",
    (many("nameValuePair", NAME_VALUE_PAIR, least=1),),
    (Attribute("type", one_of("EXIF", "HASH")),),
)
FILE_DETAILS = Group(
    "fileDetails",
    (
        one("reportId", REPORT_ID),
        one("fileId", text(255)),
        maybe("fileName", text(2_056)),
        maybe("originalFileName", text(2_056)),
        maybe("uploadedToEspTimestamp", MOMENT),
        maybe("locationOfFile", URL),
        maybe("fileViewedByEsp", BOOLEAN),
        maybe("exifViewedByEsp", BOOLEAN),
        maybe("publiclyAvailable", BOOLEAN),
        maybe("fileRelevance", one_of("Reported", SUPPLEMENTAL)),
        maybe("potentialMeme", BOOLEAN),
        maybe("fileAnnotations", FILE_ANNOTATIONS),
        maybe("industryClassification", one_of("A1", "A2", "B1", "B2")),
        many("originalFileHash", FILE_HASH),
        maybe("ipCaptureEvent", IP_CAPTURE_EVENT),
        many("deviceId", DEVICE_ID),
        many("details", DETAILS),
        many("additionalInfo", NOTE),
    ),
    not_both=("potentialMeme", "fileAnnotations"),
)
