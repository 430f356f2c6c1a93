"""The whole way: out to the provider, and back in as somebody who has an account."""

from datetime import datetime

from rempart.net.outbound import Outbound
from rempart.people.oidc import journey as journeys
from rempart.people.oidc.journey import Journey
from rempart.people.oidc.proof import login_of
from rempart.people.oidc.provider import Provider, Refused, endpoints_of, keys_of, redeemed


def leaving(
    outbound: Outbound, provider: Provider, redirect_uri: str, next_: str, now: datetime
) -> tuple[Journey, str]:
    """The journey to keep in the browser, and where the browser goes. Raises Silent, or Misset."""
    journey = journeys.begun(redirect_uri, next_, now)
    return journey, journey.url(provider, endpoints_of(outbound, provider))


def arriving(
    outbound: Outbound, provider: Provider, journey: Journey, code: str, issuer: str | None, now: datetime
) -> str:
    """The login of who comes back with this code. issuer: who sends them, if that is said.

    Raises Refused, Silent, or Misset.
    """
    endpoints = endpoints_of(outbound, provider)
    if issuer is None and endpoints.names_itself:
        raise Refused("nobody says who sent the browser back")
    if issuer is not None and issuer != provider.issuer:
        raise Refused("another provider sent the browser back")
    given = redeemed(outbound, provider, endpoints, code, journey.redirect_uri, journey.verifier)
    return login_of(given, keys_of(outbound, endpoints), provider, journey.nonce, now)
