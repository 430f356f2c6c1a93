"""One look at a place: the name first, then the headers of its answer, then whoever hosts it. Never its content."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol
from urllib.parse import urlsplit

import structlog

from rempart.errors import NotAllowed, Unavailable, UserMistake
from rempart.net.answers import Answer
from rempart.net.dns import Lookup
from rempart.reporting.hosting.databases import Address
from rempart.reporting.watching.machine import Result, Seen

log = structlog.get_logger("rempart.watching")

GONE = (404, 410, 451)
BROKEN = 500


class HostApi(Protocol):
    """What a host offers to be asked. An operator plugs theirs in (see `apis`); none ships."""

    def __call__(self, url: str) -> Literal["there", "gone", "unknown"]:
        """What the host says of the address. Raises Unavailable."""


@dataclass(frozen=True, slots=True)
class Looking:
    """What a look needs.

    ask: name of each resolver -> what it says of a host. head: raises NotAllowed when looking is switched off.
    placed: address -> (country, network), empty where not known. apis: host -> its interface; it stands for the names
    below that host, too.
    """

    ask: Callable[[str], Mapping[str, Lookup]]
    head: Callable[[str], Answer]
    placed: Callable[[Address], tuple[str, str]]
    apis: Mapping[str, HostApi] = field(default_factory=dict)

    def look(self, url: str, now: datetime) -> Seen:
        """What is there now, as far as anybody can say. Nothing is stored but that."""
        host = _host(url)
        if not host:
            return Seen(now, "unsure")
        said = self.ask(host)
        finds = {name: found for name, one in said.items() if (found := _somewhere(one))}
        denies = frozenset(name for name, one in said.items() if one.outcome != "unavailable" and name not in finds)
        if not finds:
            return Seen(now, "gone", denies) if denies else Seen(now, "unsure")
        address = next(iter(finds.values()))[0]
        country, network = self.placed(address)
        result = self._asked(host, url)
        agree = frozenset(finds) if result == "gone" else frozenset()
        return Seen(now, result, agree, str(address), country, network)

    def _asked(self, host: str, url: str) -> Result:
        """What the host says, where it can be asked; else what its server answers to a question for headers alone."""
        for name, api in self.apis.items():
            if host == name or host.endswith(f".{name}"):
                answer = said_by(api, url)
                if answer != "unknown":
                    return answer
        try:
            status = self.head(url).status
        except NotAllowed:
            return "unsure"
        except (Unavailable, UserMistake):
            return "unreachable"
        if status in GONE:
            return "gone"
        return "unreachable" if status >= BROKEN else "there"


def said_by(api: HostApi, url: str) -> Literal["there", "gone", "unknown"]:
    """What the host's interface says; unknown when it fails in any way, so that its web server is asked."""
    try:
        said = api(url)
    except Exception as error:  # noqa: BLE001 - the plug-in call; only the type is told, the text may hold content
        log.warning("host_api.failed", family=type(error).__name__)
        return "unknown"
    return said if said in ("there", "gone") else "unknown"


def _somewhere(lookup: Lookup) -> tuple[Address, ...]:
    """The addresses but those of whoever asks: a name that leads to them was taken out of use."""
    return tuple(one for one in lookup.addresses if not (one.is_loopback or one.is_unspecified or one.is_link_local))


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower().rstrip(".")
    except ValueError:
        return ""
