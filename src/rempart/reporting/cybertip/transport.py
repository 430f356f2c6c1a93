"""What a submission needs from the network. `rempart.net` provides it; tests use a plain local one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from rempart.errors import Unavailable


class NotSent(Unavailable):
    """Nothing reached the authority: the name did not resolve, or the connection was refused."""


class NoAnswer(Unavailable):
    """Something may have reached the authority, but no answer came: a timeout, or a broken connection."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. headers: names in lower case. whole: False when the body was cut at the transport's limit."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    whole: bool = True


class Transport(Protocol):
    """Requests with the credentials of one environment. Redirects are not followed. Each raises NotSent or NoAnswer."""

    def get(self, url: str) -> Answer:
        """The answer to a GET."""

    def post_bytes(self, url: str, body: bytes, content_type: str) -> Answer:
        """The answer to a POST of these bytes."""

    def post_form(self, url: str, fields: Mapping[str, str]) -> Answer:
        """The answer to a POST of form fields, URL-encoded."""

    def post_multipart(self, url: str, content_type: str, size_bytes: int, chunks: Iterable[bytes]) -> Answer:
        """The answer to a POST whose body comes in chunks of known total size; an error of `chunks` passes through."""
