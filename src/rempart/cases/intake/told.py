"""What a reporter tells: the closed words of the notice form, and the notice as it is received."""

from dataclasses import dataclass, field
from typing import Literal

from rempart.cases.intake.urls import Url
from rempart.facts.case import Channel
from rempart.vault.objects import Sealed

Category = Literal["abuse_material", "ai_material", "contact", "blackmail", "live", "place", "other"]
CATEGORIES: tuple[Category, ...] = ("abuse_material", "ai_material", "contact", "blackmail", "live", "place", "other")
# Offences of articles 3 to 7 of Directive 2011/93: their notices may be anonymous (DSA article 16(2)(c)).
ABOUT_ABUSE = frozenset(CATEGORIES) - {"other"}
# What is still going on: a child can be helped now.
GOING_ON = frozenset({"contact", "blackmail", "live"})
NoticeLanguage = Literal["en", "fr"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a notice, sealed before anything looked at it.

    sha256: of its bytes, for the duplicate rule. It is opened by the worker, in a sandboxed child, and nowhere else.
    """

    name: str = field(repr=False)
    sealed: Sealed
    sha256: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """One notice as somebody told it. Everything in words is sealed where it is kept.

    urgent: somebody says a child is in danger now. self_report: the reporter says that it shows them.
    request_key: the same for the same sending of the same words; None where nothing tells.
    sender: the pid of a partner or service; None for a member of the public.
    accounts: what the accounts are called at the host.
    """

    category: Category
    urls: tuple[Url, ...] = field(default=(), repr=False)
    description: str = field(default="", repr=False)
    seen_at: str = field(default="", repr=False)
    urgent: bool = False
    self_report: bool = False
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    good_faith: bool = False
    language: NoticeLanguage = "en"
    attachments: tuple[Attachment, ...] = ()
    channel: Channel = "public"
    request_key: str | None = None
    sender: str | None = None
    trusted: bool = False
    accounts: tuple[str, ...] = field(default=(), repr=False)

    def words(self) -> dict[str, object]:
        """What is sealed: the reporter's words, contact and addresses."""
        return {
            "version": 1,
            "urls": [url.text for url in self.urls],
            "text": self.description,
            "seen_at": self.seen_at,
            "self_report": self.self_report,
            "name": self.name,
            "email": self.email,
            "good_faith": self.good_faith,
        }


@dataclass(frozen=True, slots=True)
class Received:
    """What the reporter keeps.

    code: secret, given out here and stored nowhere. case: for us, never for the reporter.
    """

    number: str
    code: str = field(repr=False)
    notice: int
    case: int
    duplicate: bool = False
