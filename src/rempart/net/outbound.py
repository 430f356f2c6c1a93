"""The one way out: every call of the house over HTTP goes through an Outbound."""

import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from rempart.clock import Clock, utc_now
from rempart.errors import Broken, NotAllowed, UserMistake
from rempart.net import allowed as allowing
from rempart.net.addresses import Address
from rempart.net.allowed import Allowed
from rempart.net.answers import Answer
from rempart.net.limits import Limits
from rempart.net.places import Place, place_of
from rempart.net.resolving import Resolve, system_resolve
from rempart.net.trying import repeatedly

FORM = "application/x-www-form-urlencoded"


@cache
def public_authorities() -> ssl.SSLContext:
    """The certificate authorities that browsers know, and nothing from the environment."""
    return believing()


def believing(own: Path | None = None) -> ssl.SSLContext:
    """The authorities that browsers know, and those in the operator's own file. Raises UserMistake for no such file."""
    import httpx

    context = httpx.create_ssl_context(trust_env=False)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if own is not None:
            context.load_verify_locations(cafile=own)
    except (OSError, ssl.SSLError):
        raise UserMistake(
            f"the certificates in `{own}` cannot be read; correct REMPART_NET__CA_FILE, which is a file in PEM"
        ) from None
    return context


@dataclass(frozen=True, slots=True)
class Outbound:
    """What may leave, and how. One for each process; safe to use from several threads.

    looks: whether `head` may ask any public host. tls: whose certificates are believed.
    """

    allowed: Allowed = field(default_factory=Allowed)
    limits: Limits = field(default_factory=Limits)
    looks: bool = False
    tls: Callable[[], ssl.SSLContext] = public_authorities
    resolve: Resolve = system_resolve
    pause: Callable[[float], None] = time.sleep
    clock: Clock = utc_now

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | Iterable[bytes] = b"",
        size_bytes: int | None = None,
        again: bool = False,
        max_answer_bytes: int | None = None,
        total_seconds: float | None = None,
    ) -> Answer:
        """The answer, whatever its status; a redirect is an answer. Raises NotAllowed, NotSent or NoAnswer.

        body: bytes, or pieces of them with their whole size, read once, never all in memory. again: asking twice does
        no harm, so it is asked again when no answer comes. An answer that is too large comes cut.
        """
        place = place_of(url)
        allowing.check_scheme(place, self.allowed.named(place.host, place.port))
        if again and not isinstance(body, bytes):
            raise Broken("a body in pieces can be sent only once; please report this")
        limits = self._limits(max_answer_bytes, total_seconds)

        def once() -> Answer:
            addresses = self.addresses_of(place.host, place.port)
            return self._exchange(method, place, addresses, headers or {}, body, size_bytes, limits)

        return repeatedly(once, self.pause, self.clock) if again else once()

    def post_form(self, url: str, fields: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Answer:
        """The answer to a POST of form fields, URL-encoded."""
        content = urlencode(fields).encode()
        return self.request("POST", url, headers={**(headers or {}), "Content-Type": FORM}, body=content)

    def head(self, url: str, *, headers: Mapping[str, str] | None = None, total_seconds: float | None = None) -> Answer:
        """Whether something answers at an address of the public web, and how: its status and headers, no content.

        Raises NotAllowed unless the operator lets us look, and for whatever is not public.
        """
        if not self.looks:
            raise NotAllowed("looking at public hosts is switched off; allow it with REMPART_NET__LOOK")
        place = replace(place_of(url), is_secret=True)
        allowing.check_look(place)
        addresses = (place.address,) if place.address is not None else self._resolved(place.host)
        return self._exchange("HEAD", place, addresses, headers or {}, b"", None, self._limits(None, total_seconds))

    def addresses_of(self, host: str, port: int) -> Sequence[Address]:
        """Where to connect for this host: the address that the operator named, else its public ones, looked up now.

        Raises NotAllowed for a host that may not be called or that leads inside, NotSent when it has no address.
        """
        named = self.allowed.named(host, port)
        return (named,) if named is not None else self._resolved(host)

    def _resolved(self, host: str) -> Sequence[Address]:
        found = self.resolve(host, self.limits.silence_seconds)
        allowing.check_public(found)
        return found

    def _exchange(
        self,
        method: str,
        place: Place,
        addresses: Sequence[Address],
        headers: Mapping[str, str],
        body: bytes | Iterable[bytes],
        size_bytes: int | None,
        limits: Limits,
    ) -> Answer:
        from rempart.net.exchanging import body_from, exchange  # the HTTP library is loaded by who makes a call

        tls = self.tls() if place.scheme == "https" else None
        return exchange(method, place, addresses, headers, body_from(body, size_bytes), limits, tls)

    def _limits(self, max_answer_bytes: int | None, total_seconds: float | None) -> Limits:
        kept = self.limits
        return replace(
            kept,
            max_answer_bytes=kept.max_answer_bytes if max_answer_bytes is None else max_answer_bytes,
            total_seconds=kept.total_seconds if total_seconds is None else total_seconds,
        )
