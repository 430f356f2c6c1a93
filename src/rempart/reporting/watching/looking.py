"""One look at a place: the name first, then the headers of its answer, then whoever hosts it. Never its content."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol
from urllib.parse import urlsplit

from rempart.errors import NotAllowed, Unavailable, UserMistake
from rempart.net.answers import Answer
from rempart.net.dns import Lookup
from rempart.reporting.hosting.databases import Address
from rempart.reporting.watching.machine import Result, Seen

GONE = (404, 410, 451)
BROKEN = 500


class HostApi(Protocol):
    """What a host offers to be asked. An operator plugs theirs in; none ships."""

    def __call__(self, url: str) -> Literal["there", "gone", "unknown"]:
        """What the host says of the address. Raises Unavailable."""


@dataclass(frozen=True, slots=True)
class Looking:
    """What a look needs.

    ask: name of each resolver -> what it says of a host. head: raises NotAllowed when looking is switched off.
    placed: address -> (country, network), empty where not known. apis: host -> its interface.
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
        finds = {name: one for name, one in said.items() if one.outcome == "found" and one.addresses}
        denies = frozenset(name for name, one in said.items() if one.outcome in ("no_such_name", "no_address"))
        if not finds:
            return Seen(now, "gone", denies) if denies else Seen(now, "unsure")
        address = next(iter(finds.values())).addresses[0]
        country, network = self.placed(address)
        result = self._asked(host, url)
        agree = frozenset(finds) if result == "gone" else frozenset()
        return Seen(now, result, agree, str(address), country, network)

    def _asked(self, host: str, url: str) -> Result:
        """What the host says, where it can be asked; else what its server answers to a question for headers alone."""
        if host in self.apis:
            try:
                answer = self.apis[host](url)
            except Unavailable:
                answer = "unknown"
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


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower().rstrip(".")
    except ValueError:
        return ""
