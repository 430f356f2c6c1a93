"""What a submission needs from the network: a few requests with the credentials of one environment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from rempart.net import Answer, NoAnswer, NotSent
from rempart.net.outbound import Outbound

__all__ = ["Answer", "NoAnswer", "NotSent", "Through", "Transport"]
# An upload takes as long as the line needs; a line that is silent is given up much sooner.
UPLOAD_SECONDS: Final = 3600.0


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


@dataclass(frozen=True, slots=True)
class Through:
    """The transport through the way out. credentials: the headers that say who we are."""

    outbound: Outbound
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)

    def get(self, url: str) -> Answer:
        """The answer to a GET, which is asked again when none comes."""
        return self.outbound.request("GET", url, headers=self.credentials, again=True)

    def post_bytes(self, url: str, body: bytes, content_type: str) -> Answer:
        """The answer to a POST of these bytes."""
        return self.outbound.request("POST", url, headers=self._with(content_type), body=body)

    def post_form(self, url: str, fields: Mapping[str, str]) -> Answer:
        """The answer to a POST of form fields, URL-encoded."""
        return self.outbound.post_form(url, fields, headers=self.credentials)

    def post_multipart(self, url: str, content_type: str, size_bytes: int, chunks: Iterable[bytes]) -> Answer:
        """The answer to a POST whose body comes in chunks of known total size; an error of `chunks` passes through."""
        return self.outbound.request(
            "POST",
            url,
            headers=self._with(content_type),
            body=chunks,
            size_bytes=size_bytes,
            total_seconds=UPLOAD_SECONDS,
        )

    def _with(self, content_type: str) -> dict[str, str]:
        return {**self.credentials, "Content-Type": content_type}
