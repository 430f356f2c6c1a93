"""What one browser needs to remember between leaving for the provider and coming back, sealed into its cookie."""

import base64
import binascii
import hmac
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from rempart.errors import Broken
from rempart.people.oidc.provider import SCOPES, Endpoints, Provider, Refused, authorization_url
from rempart.people.random_keys import new_key
from rempart.storage.fields import Fields

LASTS: Final = timedelta(minutes=10)
MOST_LETTERS: Final = 4_000
PURPOSE: Final = "oidc journey"


@dataclass(frozen=True, slots=True)
class Journey:
    """One way to the provider and back. state: that it is this browser that comes back. nonce: that the proof is for
    this journey. verifier: that the code is (PKCE). next: the page to go to afterwards.
    """

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    redirect_uri: str
    next: str
    until: str

    def sealed(self, fields: Fields) -> str:
        """For the cookie."""
        return base64.urlsafe_b64encode(fields.seal_text(PURPOSE, json.dumps(asdict(self)))).decode()

    def url(self, provider: Provider, endpoints: Endpoints) -> str:
        """Where the browser goes."""
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        values = {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": SCOPES,
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": create_s256_code_challenge(self.verifier),
            "code_challenge_method": "S256",
        }
        return authorization_url(endpoints, values)


def begun(redirect_uri: str, next_: str, now: datetime) -> Journey:
    """A new journey."""
    return Journey(new_key(), new_key(), new_key(), redirect_uri, next_, (now + LASTS).isoformat())


def resumed(fields: Fields, cookie: str, state: str, now: datetime) -> Journey:
    """The journey of the browser that comes back with this state. Raises Refused when it is not the one that left."""
    try:
        kept: dict[str, Any] = json.loads(fields.unseal_text(PURPOSE, base64.urlsafe_b64decode(cookie[:MOST_LETTERS])))
    except (Broken, ValueError, binascii.Error):
        raise Refused("the browser has not left from here") from None
    journey = Journey(**kept)
    if datetime.fromisoformat(journey.until) <= now:
        raise Refused("the browser took too long")
    if not hmac.compare_digest(journey.state.encode(), state.encode()):
        raise Refused("the browser came back with another state")
    return journey
