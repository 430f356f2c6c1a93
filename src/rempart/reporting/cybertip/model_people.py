"""People, accounts, devices and addresses of a report. A field that is None stays absent: nothing is ever assumed."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where somebody lives or is billed. type: Home, Business, Billing, Shipping or Technical."""

    address: str | None = None
    city: str | None = None
    zip_code: str | None = None
    state: str | None = None
    non_usa_state: str | None = None
    country: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """An e-mail address. type: Home, Work, Business or Recovery."""

    value: str
    type: str | None = None
    verified: bool | None = None
    verification_date: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A telephone number. type: Mobile, Home, Business, Work, Fax, Internet or Recovery."""

    value: str
    type: str | None = None
    verified: bool | None = None
    verification_date: datetime | None = None
    country_calling_code: str | None = None
    extension: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPerson:
    """Whom to ask."""

    first_name: str | None = None
    last_name: str | None = None
    phones: tuple[Phone, ...] = ()
    emails: tuple[Email, ...] = ()
    addresses: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(ContactPerson):
    """A reported person, an intended recipient, a victim, or who reports."""

    age: int | None = None
    date_of_birth: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IpCaptureEvent:
    """An address of the network and when it was used. event_name: Login, Registration, Purchase, Upload, ..."""

    ip_address: str
    event_name: str | None = None
    date_time: datetime | None = None
    possible_proxy: bool | None = None
    port: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceId:
    """A number of a device and when it was used."""

    id_type: str
    id_value: str
    event_name: str | None = None
    date_time: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPermanentlyDisabled:
    """Whether the account was closed for good."""

    value: bool
    disabled_date: datetime | None = None
    user_notified: bool | None = None
    user_notified_date: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountTemporarilyDisabled(AccountPermanentlyDisabled):
    """Whether the account was closed for a time."""

    reenabled_date: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatedLocation:
    """Where the reporter believes that somebody is."""

    city: str | None = None
    region: str | None = None
    country_code: str | None = None
    verified: bool | None = None
    timestamp: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A service where an associated account is."""

    value: str
    third_party_user: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    esp_identifier: str | None = None
    esp_service: str | None = None
    compromised_account: bool | None = None
    screen_name: str | None = None
    display_names: tuple[str, ...] = ()
    profile_urls: tuple[str, ...] = ()
    profile_bio: str | None = None
    ip_capture_events: tuple[IpCaptureEvent, ...] = ()
    device_ids: tuple[DeviceId, ...] = ()
    account_temporarily_disabled: AccountTemporarilyDisabled | None = None
    account_permanently_disabled: AccountPermanentlyDisabled | None = None
    all_emails_reported: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssociatedAccount(_Account):
    """Another account of somebody. type: Billing, Linked, Business, Creator, Parent/Guardian or Other."""

    type: str
    platform: Platform | None = None
    first_name: str | None = None
    middle_name: str | None = None
    last_name: str | None = None
    approximate_age: int | None = None
    date_of_birth: date | None = None
    phones: tuple[Phone, ...] = ()
    emails: tuple[Email, ...] = ()
    addresses: tuple[Address, ...] = ()
    group_identifier: str | None = None
    prior_ct_reports: tuple[int, ...] = ()
    additional_info: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonOrUserReported(_Account):
    """Somebody whom the report is about. prior_ct_reports: earlier reports about the same person."""

    person_or_user_reported_person: Person | None = None
    vehicle_description: str | None = None
    third_party_user_reported: bool | None = None
    prior_ct_reports: tuple[int, ...] = ()
    group_identifier: str | None = None
    estimated_location: EstimatedLocation | None = None
    associated_accounts: tuple[AssociatedAccount, ...] = ()
    additional_info: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntendedRecipient(_Account):
    """Somebody whom the material was meant for."""

    intended_recipient_person: Person | None = None
    prior_ct_reports: tuple[int, ...] = ()
    group_identifier: str | None = None
    estimated_location: EstimatedLocation | None = None
    additional_infos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Victim(_Account):
    """A child who was harmed."""

    victim_person: Person
    school_name: str | None = None
    prior_ct_reports: tuple[int, ...] = ()
    estimated_location: EstimatedLocation | None = None
    associated_accounts: tuple[AssociatedAccount, ...] = ()
    additional_info: str | None = None
