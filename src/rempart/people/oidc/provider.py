"""The identity provider as we call it: where its doors are, what it gives for a code, which keys it signs with.

It is asked anew at each sign-in, so that a changed key counts at once and nothing has to be kept.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import quote, urlencode

from rempart.errors import NotAllowed, Unavailable
from rempart.net import Answer
from rempart.net.outbound import Outbound
from rempart.net.places import place_of

MOST_BYTES: Final = 512 << 10
LONGEST_SECONDS: Final = 15.0
RETRY_AFTER_SECONDS: Final = 60.0
WELL_KNOWN: Final = "/.well-known/openid-configuration"
SCOPES: Final = "openid email profile"


class Silent(Unavailable):
    """The provider does not answer, or says that it cannot now."""

    def __init__(self, why: str) -> None:
        told = "your organisation's sign-in does not answer; try again in a minute, or sign in with your password"
        super().__init__(told, RETRY_AFTER_SECONDS)
        self.why = why


class Misset(Unavailable):
    """What is set here, or what the provider says of itself, does not fit. why: for the log of the operator."""

    def __init__(self, why: str) -> None:
        told = "your organisation's sign-in is not set up rightly; sign in with your password, and tell the operator"
        super().__init__(told, RETRY_AFTER_SECONDS)
        self.why = why


class Refused(NotAllowed):
    """Somebody is not let in. why: for the log; nobody outside learns it."""

    def __init__(self, why: str) -> None:
        super().__init__("signing in through your organisation did not work; begin again, or use your password")
        self.why = why


@dataclass(frozen=True, slots=True)
class Provider:
    """What the operator set. claim: what names the login; an e-mail address counts only when it was verified."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    claim: Literal["email", "preferred_username"] = "email"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the provider's doors are. names_itself: it says who it is when it sends the browser back."""

    authorization: str
    token: str
    keys: str
    secret_in_body: bool = False
    names_itself: bool = False


def endpoints_of(outbound: Outbound, provider: Provider) -> Endpoints:
    """The doors, as the provider tells them now. Raises Silent, or Misset."""
    said = _record(_asked(outbound, "GET", provider.issuer.rstrip("/") + WELL_KNOWN))
    if said.get("issuer") != provider.issuer:
        raise Misset("the provider says that it is another issuer")
    methods = said.get("token_endpoint_auth_methods_supported")
    in_body = isinstance(methods, list) and "client_secret_basic" not in methods and "client_secret_post" in methods
    return Endpoints(
        _address(outbound, said.get("authorization_endpoint")),
        _address(outbound, said.get("token_endpoint")),
        _address(outbound, said.get("jwks_uri")),
        in_body,
        said.get("authorization_response_iss_parameter_supported") is True,
    )


def authorization_url(endpoints: Endpoints, values: Mapping[str, str]) -> str:
    """Where the browser goes to sign in."""
    return endpoints.authorization + ("&" if "?" in endpoints.authorization else "?") + urlencode(values)


def redeemed(
    outbound: Outbound, provider: Provider, endpoints: Endpoints, code: str, redirect_uri: str, verifier: str
) -> dict[str, Any]:
    """What the provider gives for the code. Raises Silent, Misset, or Refused for a code that it does not take."""
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
        "client_id": provider.client_id,
    }
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    if provider.client_secret and endpoints.secret_in_body:
        fields["client_secret"] = provider.client_secret
    elif provider.client_secret:
        pair = f"{quote(provider.client_id, safe='')}:{quote(provider.client_secret, safe='')}"
        headers["Authorization"] = "Basic " + b64encode(pair.encode()).decode()
    answer = _asked(outbound, "POST", endpoints.token, headers=headers, body=urlencode(fields).encode())
    if answer.status == 400 and _record(answer, fine=False).get("error") == "invalid_grant":
        raise Refused("the provider does not take the code")
    return _record(answer)


def keys_of(outbound: Outbound, endpoints: Endpoints) -> dict[str, Any]:
    """The keys that the provider signs with now. Raises Silent, or Misset."""
    return _record(_asked(outbound, "GET", endpoints.keys))


def _asked(
    outbound: Outbound, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> Answer:
    try:
        return outbound.request(
            method,
            url,
            headers=headers,
            body=body,
            again=method == "GET",
            max_answer_bytes=MOST_BYTES,
            total_seconds=LONGEST_SECONDS,
        )
    except Unavailable as error:
        raise Silent(str(error)) from None
    except NotAllowed as error:
        raise Misset(str(error)) from None


def _record(answer: Answer, *, fine: bool = True) -> dict[str, Any]:
    """The JSON record of the answer. fine: an error is no record."""
    if answer.status >= 500 or answer.status == 429 or answer.cut in ("time", "broken"):
        raise Silent(f"the provider answered with status {answer.status}")
    if fine and answer.status != 200:
        raise Misset(f"the provider answered with status {answer.status}")
    try:
        said = answer.json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Misset("the provider gave something that is no JSON record")
    return said


def _address(outbound: Outbound, url: object) -> str:
    """An address that the provider tells. The browser is sent to one of them: it has to be encrypted, too."""
    try:
        place = place_of(url if isinstance(url, str) else "")
        if place.scheme == "http":
            named = outbound.allowed.named(place.host, place.port)
            if named is None or not named.is_loopback:
                raise NotAllowed("an address of the provider is not encrypted")
    except NotAllowed as error:
        raise Misset(f"the provider tells an address that cannot be used: {error}") from None
    return str(url)
