"""The part of the grammar that describes people, accounts, devices and addresses."""

from rempart.reporting.cybertip.places import COUNTRIES, STATES
from rempart.reporting.cybertip.terms import Attribute, Group, Leaf, many, maybe, one, one_of, text

ANY_TEXT = text()
NOTE = text(3_000)  # additional information and terms: a client in production caps them so
BOOLEAN = Leaf("boolean")
MOMENT = Leaf("moment")
DATE = Leaf("date")
URL = Leaf("url", 2_083)
REPORT_ID = Leaf("integer", least=1, most=2**63 - 1)
AGE = Leaf("integer", least=0, most=150)
COUNTRY = one_of("", *COUNTRIES)
EVENT_NAMES = ("Login", "Registration", "Purchase", "Upload", "Other", "Unknown")

ADDRESS = Group(
    "address",
    (
        maybe("address", text(255)),
        maybe("city", text(100)),
        maybe("zipCode", text(20)),
        maybe("state", one_of("", *STATES)),
        maybe("nonUsaState", text(100)),
        maybe("country", COUNTRY),
    ),
    (Attribute("type", one_of("Home", "Business", "Billing", "Shipping", "Technical")),),
)
VERIFIED = (Attribute("verified", BOOLEAN), Attribute("verificationDate", MOMENT))
EMAIL = Group(
    "email",
    text=text(255),
    attributes=(Attribute("type", one_of("Home", "Work", "Business", "Recovery")), *VERIFIED),
)
PHONE = Group(
    "phone",
    text=text(50),
    attributes=(
        Attribute("type", one_of("Mobile", "Home", "Business", "Work", "Fax", "Internet", "Recovery")),
        *VERIFIED,
        Attribute("countryCallingCode", text(pattern=r"\+[0-9]{1,3}")),
        Attribute("extension", text(10, pattern=r"[0-9]+")),
    ),
)
REACHABLE = (
    maybe("firstName", text(100)),
    maybe("lastName", text(100)),
    many("phone", PHONE),
    many("email", EMAIL),
    many("address", ADDRESS),
)
CONTACT_PERSON = Group("contactPerson", REACHABLE)
PERSON = Group("person", (*REACHABLE, maybe("age", AGE), maybe("dateOfBirth", DATE)))

IP_CAPTURE_EVENT = Group(
    "ipCaptureEvent",
    (
        one("ipAddress", Leaf("ip")),
        maybe("eventName", one_of(*EVENT_NAMES)),
        maybe("dateTime", MOMENT),
        maybe("possibleProxy", BOOLEAN),
        maybe("port", Leaf("integer", least=1, most=65_535)),
    ),
)
DEVICE_ID = Group(
    "deviceId",
    (
        one("idType", text(255)),
        one("idValue", text(2_083)),
        maybe("eventName", one_of(*EVENT_NAMES)),
        maybe("dateTime", MOMENT),
    ),
)
DISABLED = (
    Attribute("disabledDate", MOMENT),
    Attribute("userNotified", BOOLEAN),
    Attribute("userNotifiedDate", MOMENT),
)
TEMPORARILY_DISABLED = Group(
    "accountTemporarilyDisabled", text=BOOLEAN, attributes=(*DISABLED, Attribute("reenabledDate", MOMENT))
)
PERMANENTLY_DISABLED = Group("accountPermanentlyDisabled", text=BOOLEAN, attributes=DISABLED)
ESTIMATED_LOCATION = Group(
    "estimatedLocation",
    (maybe("city", text(100)), maybe("region", text(100)), maybe("countryCode", COUNTRY)),
    (Attribute("verified", BOOLEAN), Attribute("timestamp", MOMENT)),
)
PLATFORM = Group("platform", text=text(256), attributes=(Attribute("thirdPartyUser", BOOLEAN),))
ASSOCIATED_ACCOUNT = Group(
    "associatedAccount",
    (
        maybe("platform", PLATFORM),
        maybe("firstName", text(100)),
        maybe("middleName", text(100)),
        maybe("lastName", text(100)),
        maybe("approximateAge", AGE),
        maybe("dateOfBirth", DATE),
        many("phone", PHONE),
        many("email", EMAIL),
        maybe("allEmailsReported", BOOLEAN),
        many("address", ADDRESS),
        maybe("espService", text(100)),
        maybe("espIdentifier", text(255)),
        many("profileUrl", URL),
        maybe("screenName", text(256)),
        many("displayName", text(256)),
        maybe("profileBio", ANY_TEXT),
        maybe("groupIdentifier", text(255)),
        maybe("compromisedAccount", BOOLEAN),
        maybe("accountTemporarilyDisabled", TEMPORARILY_DISABLED),
        maybe("accountPermanentlyDisabled", PERMANENTLY_DISABLED),
        many("ipCaptureEvent", IP_CAPTURE_EVENT),
        many("deviceId", DEVICE_ID),
        many("priorCTReport", REPORT_ID),
        maybe("additionalInfo", NOTE),
    ),
    (Attribute("type", one_of("Billing", "Linked", "Business", "Creator", "Parent/Guardian", "Other"), required=True),),
)
# What reported people, intended recipients and victims have in common, in the order of all three.
ACCOUNT = (
    maybe("espIdentifier", text(255)),
    maybe("espService", text(100)),
    maybe("compromisedAccount", BOOLEAN),
    maybe("screenName", text(256)),
    many("displayName", text(256)),
    many("profileUrl", URL),
    maybe("profileBio", ANY_TEXT),
    many("ipCaptureEvent", IP_CAPTURE_EVENT),
    many("deviceId", DEVICE_ID),
)
PRIOR_REPORTS = many("priorCTReports", REPORT_ID)
GROUP_IDENTIFIER = maybe("groupIdentifier", text(255))
STANDING = (
    maybe("accountTemporarilyDisabled", TEMPORARILY_DISABLED),
    maybe("accountPermanentlyDisabled", PERMANENTLY_DISABLED),
    maybe("estimatedLocation", ESTIMATED_LOCATION),
    maybe("allEmailsReported", BOOLEAN),
)
