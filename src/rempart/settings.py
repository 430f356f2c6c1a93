"""The settings: one typed tree, read once from the environment, frozen. The only reader of the environment.

Every setting is a variable `REMPART_...`; nested ones use two underscores (`REMPART_LIMITS__MAX_SECONDS`).
"""

import os
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from rempart.errors import UserMistake
from rempart.facts import Limits

_DEFAULTS = Limits()
Positive = Annotated[int, Field(gt=0)]


class LimitSettings(BaseModel):
    """What opening one untrusted file may cost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_bytes: Positive = Field(_DEFAULTS.max_bytes, description="largest file, in bytes")
    max_archive_bytes: Positive = Field(
        _DEFAULTS.max_archive_bytes, description="largest archive, in bytes; its members are held to max_bytes"
    )
    max_pixels: Positive = Field(_DEFAULTS.max_pixels, description="largest picture, in pixels")
    max_frames: Positive = Field(_DEFAULTS.max_frames, description="most distinct frames or pages of one item")
    max_seconds: float = Field(
        _DEFAULTS.max_seconds, gt=0, le=86_400, description="longest examination of one item, in seconds"
    )
    max_members: Positive = Field(
        _DEFAULTS.max_members, description="most members of one archive, or one per 4 KiB of it"
    )
    max_member_bytes_total: Positive = Field(
        _DEFAULTS.max_member_bytes_total, description="most unpacked bytes of one archive, or four times its size"
    )
    max_nesting: Positive = Field(
        _DEFAULTS.max_nesting, description="archive levels opened: 2 is an archive in an archive"
    )
    max_memory_bytes: Positive = Field(_DEFAULTS.max_memory_bytes, description="address space of one child, in bytes")

    def as_limits(self) -> Limits:
        """The same numbers as the plain fact that the rooms take."""
        return Limits(**self.model_dump())


class ServeSettings(BaseModel):
    """How the desk is served."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="address that the console listens on")
    port: int = Field(8000, ge=1, le=65_535, description="port that the console listens on")
    public_url: str = Field("", description="address that people type, such as https://desk.example; default: as asked")
    media_origin: str = Field("", description="another address of this server, for revealed pictures only")
    trusted_proxies: tuple[str, ...] = Field((), description="addresses of proxies whose X-Forwarded-For is believed")
    secure_cookies: bool = Field(False, description="send cookies over HTTPS only; set it behind a TLS proxy")
    max_request_bytes: Positive = Field(64 * 2**20, description="largest request, in bytes")
    session_minutes: Positive = Field(12 * 60, description="longest session, in minutes")
    idle_minutes: Positive = Field(30, description="a session nobody used for so long ends, in minutes")
    public_requests_per_hour: Positive = Field(60, description="public forms one address may send an hour")
    sign_in_attempts: Positive = Field(5, description="wrong passwords or codes before an account is locked")
    lock_minutes: Positive = Field(15, description="how long it is locked, in minutes")

    @property
    def address(self) -> str:
        """What people type to come here, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url.rstrip("/") or f"http://{host}:{self.port}"


class IntakeSettings(BaseModel):
    """What comes in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    budget_seconds: float = Field(5.0, gt=0, le=600, description="longest a caller waits for an item's screening")
    when_unable: Literal["open", "closed"] = Field(
        "closed", description="answer for an item that could not be screened: let through (open) or hold back (closed)"
    )
    duplicates: Literal["never", "same_url", "same_content", "same_url_or_content"] = Field(
        "same_url_or_content", description="when a notice counts as a duplicate of an earlier one"
    )
    duplicate_days: Positive = Field(30, description="how long a notice can have duplicates, in days")
    max_attachments: Positive = Field(5, description="most attachments of one public notice")
    attachment_bytes: Positive = Field(16 * 2**20, description="largest attachment, in bytes")
    country: str = Field("", description="country of this desk, such as FR: its helplines are shown to the public")


HookName = Annotated[str, Field(pattern=r"^[a-z0-9](-?[a-z0-9]){0,9}$")]


# So much of it stands in the ledger, as who sent an item.
HOOK_NAME_SHOWN = 10


class WebhookSettings(BaseModel):
    """One host that sends signed webhooks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    secret: SecretStr = Field(min_length=16, description="secret that the host signs with")
    hosts: tuple[str, ...] = Field(description="hosts that its media are fetched from; in net.allowed_hosts, too")
    organisation: str = Field("", description="short name of the organisation; needed when there are several")


class FolderSettings(BaseModel):
    """One folder of media that nginx serves and asks about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path = Field(description="the folder, which only needs to be readable")
    prefix: str = Field(pattern=r"^/(.*/)?$", description="how addresses of its files begin, such as /media/")
    organisation: str = Field("", description="short name of the organisation; needed when there are several")


class HookSettings(BaseModel):
    """What other programmes ask and tell of themselves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    webhooks: dict[HookName, WebhookSettings] = Field(
        {}, description="signed webhooks by name, JSON; the first 10 characters tell them apart; default: none"
    )
    folders: dict[HookName, FolderSettings] = Field({}, description="folders of nginx by name, JSON; default: none")
    replay_minutes: Positive = Field(24 * 60, description="oldest webhook that is taken, in minutes")
    media_bytes: Positive = Field(64 * 2**20, description="largest media that is fetched, in bytes")
    requests_per_hour: Positive = Field(20_000, description="webhooks one address may send an hour")

    @field_validator("webhooks")
    @classmethod
    def _told_apart(cls, webhooks: dict[str, WebhookSettings]) -> dict[str, WebhookSettings]:
        """The webhooks: two that begin alike would be one and the same sender in the ledger."""
        if len({name[:HOOK_NAME_SHOWN] for name in webhooks}) < len(webhooks):
            raise ValueError(f"two webhooks begin with the same {HOOK_NAME_SHOWN} characters; rename one")
        return webhooks


class DeskSettings(BaseModel):
    """How cases are judged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lease_minutes: Positive = Field(10, description="how long a claimed case is one person's, in minutes")
    undo_seconds: Positive = Field(30, description="how long a decision can be undone, in seconds")
    second_review: Literal["never", "illegal", "always"] = Field(
        "illegal",
        description="which decisions a second person has to make, too; illegal: those, and every one in tiers 0 and 1",
    )
    taxonomy: str = Field("baseline", description="taxonomy profile: the codes that reviewers choose from")
    rules_file: Path | None = Field(None, description="triage rules of your own, TOML; default: those that ship")
    due_soon_hours: float = Field(6.0, gt=0, description="a clock that ends within so many hours is due soon")
    due_now_minutes: Positive = Field(
        60, description="a clock that ends within so many minutes comes before danger (tier 0)"
    )
    sample_share: float = Field(0.05, ge=0, le=1, description="share of looks given to random cases of low tiers")
    appeal_days: Positive = Field(
        184, description="how long a decision can be appealed, in days (at least six months, which may have 184)"
    )
    appeal_answer_days: Positive = Field(14, description="how soon an appeal is to be answered, in days")
    keep_not_illegal_days: Positive = Field(
        30, description="how long media of cases found not illegal are kept, in days; previews and fingerprints, too"
    )
    keep_after_holds_days: Positive = Field(
        30, description="how long media of illegal cases are kept after the last duty to preserve them, in days"
    )
    keep_reporter_days: Positive = Field(
        184, description="how long a reporter's words and contact are kept after the outcome was told, in days"
    )
    dispute_bodies: tuple[str, ...] = Field(
        (), description="out-of-court bodies (name and address) told with the answer to an appeal, as a JSON list"
    )
    reveals_per_day: int | None = Field(None, description="reveals a day after which a pause is suggested; default: no")
    own_list: str = Field("desk", description="list that confirmed media are added to")


class NetSettings(BaseModel):
    """What may leave the machine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    allowed_hosts: tuple[str, ...] = Field(
        (),
        description="hosts that may be called, as host, host:port or, for one inside, host:port=address; default: none",
    )
    look: bool = Field(False, description="ask any public web server whether reported content is still there (HEAD)")
    resolvers: tuple[str, ...] = Field((), description="addresses of DNS servers that the takedown monitor asks")
    timeout_seconds: float = Field(10.0, gt=0, le=600, description="longest wait for a sign of life, in seconds")
    total_seconds: float = Field(60.0, gt=0, le=86_400, description="longest that one call may take, in seconds")
    max_answer_bytes: Positive = Field(8 * 2**20, description="largest answer read, in bytes")
    ca_file: Path | None = Field(None, description="certificates of authorities of your own, PEM, believed besides")


class MailSettings(BaseModel):
    """The relay that mail is handed to. Its host must be in net.allowed_hosts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field("", description="mail relay; empty: no mail is sent")
    port: int = Field(587, ge=1, le=65_535, description="port of the relay")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="how the way to the relay is encrypted; none only on this machine"
    )
    login: str = Field("", description="login at the relay; empty: none")
    password: SecretStr = Field(SecretStr(""), description="password at the relay")
    sender: str = Field("", description="address that mail comes from")
    notifiers: bool = Field(
        True, description="tell who gave notice and left an address that it came, and what was decided"
    )


class OwnSettings(BaseModel):
    """Who reports: this goes into reports as it stands here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field("", description="name of the organisation, as authorities know it")
    country: str = Field("", description="country where it is established, two letters such as FR")
    contact_name: str = Field("", description="person whom authorities may ask")
    contact_email: str = Field("", description="their e-mail address")
    contact_phone: str = Field("", description="their telephone number")
    legal_url: str = Field("", description="address of the terms of service")
    size: Literal["micro", "small", "larger"] | None = Field(
        None,
        description="size of the enterprise in EU law: micro and small are exempt from DSA articles 15 and 20 to 24; "
        "not said: no exemption is assumed",
    )


class CybertipSettings(BaseModel):
    """Reports to NCMEC's CyberTipline."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    username: str = Field("", description="name that NCMEC gave for the environment in use")
    password: SecretStr = Field(SecretStr(""), description="its password")
    emulator_address: str = Field("", description="loopback address of the emulator (`rempart emulate cybertip`)")
    production_allowed: bool = Field(False, description="reports may go to production; needs signed_off_by, too")
    industry_hash_sharing_signed: bool = Field(
        False, description="the organisation signed the Industry Hash Sharing agreement: its classification may be sent"
    )


class NcaSettings(BaseModel):
    """Reports to the United Kingdom's National Crime Agency, which registers whoever reports before the first one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation_reference: str = Field("", description="reference that the NCA gave at registration")
    administrator: str = Field("", description="the senior manager registered as administrator")
    replacement: str = Field("", description="who is registered as the administrator's replacement")
    second_minutes: Positive = Field(24 * 60, description="this desk's own limit for priority 2, in minutes")
    third_minutes: Positive = Field(72 * 60, description="this desk's own limit for priority 3, in minutes")


class TransparencyDatabaseSettings(BaseModel):
    """Statements of reasons to the Transparency Database of the Digital Services Act."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: SecretStr = Field(SecretStr(""), description="token that the database gave for the environment in use")
    emulator_address: str = Field("", description="loopback address of the emulator (`rempart emulate transparency`)")
    sandbox_address: str = Field("", description="address of the sandbox, with /api/v1, as the Commission gave it")
    production_allowed: bool = Field(False, description="statements may be published; needs signed_off_by, too")


class HostingSettings(BaseModel):
    """How it is found out where content is hosted, and who is told then."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    databases: tuple[Path, ...] = Field(
        (), description="files that say whose an address is: MaxMind's format (.mmdb) or CSV, as a JSON list"
    )
    proxies: Path | None = Field(None, description="proxies of your own, TOML, besides those that ship")
    own_hosts: tuple[str, ...] = Field((), description="hosts of your own platform, as a JSON list")
    notices_abroad: bool = Field(False, description="hosts in countries without a member hotline are told, too")
    hold_hours: Positive = Field(24, description="how long notices to hosts wait when the police come first, in hours")
    host_apis: dict[str, str] = Field(
        {}, description="host to the entry point (group rempart.host_apis) that knows what is still there, as JSON"
    )


class NoticeSettings(BaseModel):
    """Notices by mail to hosts, site owners and registrars."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Literal["en", "fr", "both"] = Field("both", description="language of notices where nobody chose one")
    production_allowed: bool = Field(False, description="notices may go to real hosts; needs signed_off_by, too")
    test_address: str = Field("", description="your own address that all notices go to in the environment test")
    group_hours: float = Field(
        24.0, ge=0, le=24 * 30, description="an address gets one mail in so many hours; the first one leaves at once"
    )
    most_repeats: int = Field(
        30, ge=0, le=1000, description="how often a notice is repeated before a person has to do something else"
    )
    zone: str = Field("UTC", description="time zone of the office hours, such as Europe/Paris")
    office_hours: str = Field("00:00-24:00", description="when notices leave, such as 11:00-18:00; urgent ones always")
    office_days: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field(
        (1, 2, 3, 4, 5, 6, 7), description="days on which notices leave, 1 is Monday, as a JSON list"
    )
    holidays: tuple[str, ...] = Field((), description="countries on whose holidays none leave, such as FR, a JSON list")
    blocked_days: tuple[date, ...] = Field((), description="other days on which none leave, as a JSON list of dates")


class HostNoticeSettings(BaseModel):
    """Notices to whoever hosts the content."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contacts: dict[str, str] = Field(
        {}, description="host, domain or provider -> the mail address that takes its notices, JSON; default: none"
    )


class SiteOwnerNoticeSettings(BaseModel):
    """Notices to whoever owns the site."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contacts: dict[str, str] = Field({}, description="host or domain -> mail address of its owner, JSON; default: none")


class RegistrarNoticeSettings(BaseModel):
    """Notices to whoever registers the domain name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contacts: dict[str, str] = Field(
        {}, description="host or domain -> mail address of its registrar, JSON; default: none"
    )


class ReportingSettings(BaseModel):
    """Where reports go. A recipient's own settings stand under its name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    environment: Literal["emulator", "test", "production"] | None = Field(
        None, description="where reports go: emulator, test or production; until it is chosen none can be drafted"
    )
    signed_off_by: str = Field("", description="who answers for reports to production; needed there")
    desk: OwnSettings = Field(default_factory=lambda: OwnSettings(), description="who reports")
    cybertip: CybertipSettings = Field(default_factory=lambda: CybertipSettings(), description="the CyberTipline")
    hosting: HostingSettings = Field(
        default_factory=lambda: HostingSettings(), description="where content is hosted, and who is told then"
    )
    nca: NcaSettings = Field(default_factory=lambda: NcaSettings(), description="the National Crime Agency")
    transparency_database: TransparencyDatabaseSettings = Field(
        default_factory=lambda: TransparencyDatabaseSettings(), description="the Transparency Database"
    )
    notices: NoticeSettings = Field(default_factory=lambda: NoticeSettings(), description="notices by mail")
    host_notice: HostNoticeSettings = Field(
        default_factory=lambda: HostNoticeSettings(), description="notices to hosts"
    )
    site_owner_notice: SiteOwnerNoticeSettings = Field(
        default_factory=lambda: SiteOwnerNoticeSettings(), description="notices to site owners"
    )
    registrar_notice: RegistrarNoticeSettings = Field(
        default_factory=lambda: RegistrarNoticeSettings(), description="notices to registrars"
    )


class OidcSettings(BaseModel):
    """Signing in through the organisation's own identity provider."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str = Field("", description="address of the provider; empty: off. Its host must be in net.allowed_hosts")
    client_id: str = Field("", description="name of this desk at the provider")
    client_secret: SecretStr = Field(SecretStr(""), description="secret of this desk at the provider")
    claim: Literal["email", "preferred_username"] = Field(
        "email", description="what the provider names a login with; an e-mail address has to be verified there"
    )


class Settings(BaseSettings):
    """All settings with their defaults."""

    model_config = SettingsConfigDict(env_prefix="REMPART_", env_nested_delimiter="__", frozen=True, extra="forbid")

    data_folder: Path = Field(
        default_factory=lambda: Path.home() / ".local/share/rempart", description="folder of the sealed lists and keys"
    )
    memory_folder: Path = Field(
        default_factory=lambda: Path(f"/dev/shm/rempart-{os.getuid()}"),  # noqa: S108 - it has to be memory
        description="memory-backed folder of the mapped list snapshots",
    )
    key_file: Path | None = Field(None, description="file of the keys; default: keys/ring.json in the data folder")
    key: SecretStr | None = Field(None, description="the keys themselves, instead of a file")
    key_command: tuple[str, ...] | None = Field(
        None, description="command whose output is the keys, as a JSON list of words, instead of a file"
    )
    workers: Positive = Field(
        default_factory=lambda: len(os.sched_getaffinity(0)), description="child processes that open files at once"
    )
    exact: bool = Field(False, description="PDQ bit for bit as the reference computes it, from colour pixels; slower")
    origin: Literal["no", "carriers", "pixels"] = Field(
        "carriers",
        description="evidence of how pixels were made: none, from what the file carries, or from its pixels, too",
    )
    detector: str | None = Field(
        None, description="entry point of a statistical detector of your own; its score is noted and decides nothing"
    )
    language: Literal["en", "fr"] = Field("en", description="language of reports")
    database_url: SecretStr | None = Field(
        None, description="database, such as postgresql+psycopg://…; default: a SQLite file in the data folder"
    )
    limits: LimitSettings = Field(default_factory=lambda: LimitSettings(), description="limits for one item")
    serve: ServeSettings = Field(default_factory=lambda: ServeSettings(), description="how the desk is served")
    intake: IntakeSettings = Field(default_factory=lambda: IntakeSettings(), description="what comes in")
    hooks: HookSettings = Field(default_factory=lambda: HookSettings(), description="upload hooks of other programmes")
    desk: DeskSettings = Field(default_factory=lambda: DeskSettings(), description="how cases are judged")
    net: NetSettings = Field(default_factory=lambda: NetSettings(), description="what may leave the machine")
    mail: MailSettings = Field(default_factory=lambda: MailSettings(), description="the mail relay")
    reporting: ReportingSettings = Field(default_factory=lambda: ReportingSettings(), description="reports")
    oidc: OidcSettings = Field(default_factory=lambda: OidcSettings(), description="signing in from elsewhere")


def read() -> Settings:
    """The settings in force. Raises UserMistake naming each variable that cannot be understood."""
    try:
        return Settings()
    except ValidationError as error:
        raise UserMistake(_explain(error)) from None


def _explain(error: ValidationError) -> str:
    parts = []
    for problem in error.errors(include_input=False, include_url=False):
        name = "REMPART_" + "__".join(str(step) for step in problem["loc"]).upper()
        parts.append(f"{name}: {problem['msg'].lower()}")
    return "settings cannot be understood; correct or unset: " + "; ".join(parts)


def table(settings: Settings) -> list[tuple[str, str, str]]:
    """Rows (variable, value in force, help) of the whole tree; secrets masked."""
    return [row for name in type(settings).model_fields for row in _rows(settings, name, "REMPART_")]


def _rows(owner: BaseModel, name: str, prefix: str) -> list[tuple[str, str, str]]:
    value: Any = getattr(owner, name)
    if isinstance(value, BaseModel):
        inner = type(value).model_fields
        return [row for child in inner for row in _rows(value, child, f"{prefix}{name.upper()}__")]
    shown = "" if value is None else str(value)
    return [(prefix + name.upper(), shown, type(owner).model_fields[name].description or "")]
