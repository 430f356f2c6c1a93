"""One request and its answer, on a connection of its own: nothing of another call can be mistaken for it."""

import ssl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

import httpcore

from rempart import __version__
from rempart.errors import Broken
from rempart.net.addresses import Address
from rempart.net.answers import Answer, NoAnswer, NotSent
from rempart.net.connecting import Deadline
from rempart.net.limits import Limits
from rempart.net.places import Place
from rempart.net.reading import body_of
from rempart.net.streams import Checked

USER_AGENT: Final = f"Rempart/{__version__}"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
PIECE_BYTES: Final = 64 << 10
# What we say ourselves, or never say: a caller that sets one of these is wrong about who does what.
OURS: Final = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "cookie",
        "expect",
        "host",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    }
)


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent. size_bytes: of all pieces together; a body that turns out otherwise is never completed."""

    pieces: Iterable[bytes] = field(repr=False)
    size_bytes: int


def body_from(body: bytes | Iterable[bytes], size_bytes: int | None) -> Body:
    """The body of these bytes, or of these pieces, whose whole size has to be told."""
    if isinstance(body, bytes):
        return Body([body[at : at + PIECE_BYTES] for at in range(0, len(body), PIECE_BYTES)], len(body))
    if size_bytes is None:
        raise Broken("a body in pieces was to be sent without its size; please report this")
    return Body(body, size_bytes)


def exchange(
    method: str,
    place: Place,
    addresses: Sequence[Address],
    headers: Mapping[str, str],
    body: Body,
    limits: Limits,
    tls: ssl.SSLContext | None,
) -> Answer:
    """The answer. Raises NotSent or NoAnswer; an error of the body's pieces passes through."""
    deadline = Deadline(limits.total_seconds)
    backend = Checked(addresses, deadline, limits.silence_seconds)
    url = httpcore.URL(
        scheme=place.scheme.encode(), host=place.host.encode(), port=place.port, target=place.target.encode()
    )
    request = httpcore.Request(
        method.encode(),
        url,
        headers=_headers(method, place, headers, body),
        content=_exactly(body),
        extensions={"timeout": {"connect": limits.silence_seconds}},
    )
    origin = httpcore.Origin(place.scheme.encode(), place.host.encode(), place.port)
    with closing(httpcore.HTTPConnection(origin, ssl_context=tls, network_backend=backend)) as connection:
        return _answered(connection, request, backend, place, limits)


def _answered(
    connection: httpcore.HTTPConnection, request: httpcore.Request, backend: Checked, place: Place, limits: Limits
) -> Answer:
    try:
        response = connection.handle_request(request)
    except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
        raise NotSent(_unreached(place, error)) from None
    except httpcore.LocalProtocolError:
        raise Broken("a request cannot be written as HTTP; please report this") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
        raise NoAnswer(f"{place.named} gave no answer; it may or may not have got the request") from None
    if response.status < 200:
        raise NoAnswer(f"{place.named} wants to speak something that is not HTTP; try again")
    said = _said(response.headers)
    content, cut = body_of(response.iter_stream(), said.get("content-encoding", ""), limits.max_answer_bytes)
    return Answer(response.status, said, content, cut, backend.address)


def _headers(method: str, place: Place, given: Mapping[str, str], body: Body) -> list[tuple[bytes, bytes]]:
    if method not in METHODS:
        raise Broken("there is no such method; please report this")
    said = {"Host": place.authority, "User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Connection": "close"}
    if body.size_bytes or method in ("POST", "PUT", "PATCH"):
        said["Content-Length"] = str(body.size_bytes)
    for name, value in given.items():
        if name.lower() in OURS or name.lower().startswith("proxy-"):
            raise Broken(f"the header {name} is not a caller's to set; please report this")
        said[name] = value
    try:
        return [(name.encode("ascii"), value.encode("latin-1")) for name, value in said.items()]
    except UnicodeEncodeError:
        raise Broken("a header has characters that no header has; please report this") from None


def _exactly(body: Body) -> Iterator[bytes]:
    """The pieces. Raises Broken before the last when they are more or less than was told: nothing whole was sent."""
    left, held = body.size_bytes, b""
    for piece in body.pieces:
        left -= len(piece)
        if left < 0:
            break
        yield held
        held = piece
    if left:
        raise Broken("a body has another size than was told; nothing whole was sent")
    yield held


def _unreached(place: Place, error: Exception) -> str:
    cause = error.__cause__
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"{place.named} has no certificate that is to be believed; nothing was sent, tell who runs it"
    if cause is not None:
        return f"{place.named} could not agree on encryption; nothing was sent"
    return f"{place.named} cannot be reached; nothing was sent, try again"


def _said(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers; of cookies nothing is kept."""
    said: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name != "set-cookie":
            said[name] = f"{said[name]}, {value}" if name in said else value
    return said
