"""The proof of identity (ID token): whose, for whom, until when, signed by whom. Source: OpenID Connect Core 1.0."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from rempart.people.oidc.provider import Misset, Provider, Refused
from rempart.people.signing_in import as_login

# Signatures that a public key checks: `none` and shared secrets are no proof of who signed.
ALGORITHMS: Final = ("RS256", "ES256")
# Of the modulus of an RSA key as it is written: 2048 to 8192 bits.
MODULUS_LETTERS: Final = (342, 1366)
LEEWAY_SECONDS: Final = 60
MOST_LETTERS: Final = 16_000
MOST_KEYS: Final = 64


def login_of(given: Mapping[str, Any], keys: Mapping[str, Any], provider: Provider, nonce: str, now: datetime) -> str:
    """The login that the proof names. given: what the provider gave for the code. Raises Refused, or Misset."""
    token = given.get("id_token")
    if not isinstance(token, str) or not token.isascii() or len(token) > MOST_LETTERS:
        raise Refused("the provider gave no proof")
    return _named(_claims(token, keys, given.get("access_token"), provider, nonce, now), provider)


def _claims(
    token: str, keys: Mapping[str, Any], access_token: object, provider: Provider, nonce: str, now: datetime
) -> dict[str, Any]:
    from authlib.oidc.core.claims import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError

    usable = _key_set(keys)
    try:
        read = jwt.decode(token, usable, algorithms=list(ALGORITHMS))
        claims = CodeIDToken(
            read.claims,
            read.header,
            {
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
                "sub": {"essential": True},
            },
            {
                "nonce": nonce,
                "client_id": provider.client_id,
                "access_token": access_token if isinstance(access_token, str) else None,
            },
        )
        claims.validate(int(now.timestamp()), LEEWAY_SECONDS)
    except JoseError as error:
        raise Refused(f"the proof does not hold ({error.error})") from None
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise Refused("the proof cannot be read") from None
    return dict(claims)


def _key_set(keys: Mapping[str, Any]) -> Any:
    """The keys that may have signed a proof; others that a provider has are left out."""
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    listed = keys.get("keys")
    if not isinstance(listed, list):
        raise Misset("the provider gave something that is no set of keys")
    usable = []
    for one in listed[:MOST_KEYS]:
        if not isinstance(one, dict) or not _is_strong(one):
            continue
        try:
            usable += KeySet.import_key_set({"keys": [one]}).keys
        except (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError):
            continue
    if not usable:
        raise Misset("the provider has no key that a proof may be signed with")
    return KeySet(usable)


def _is_strong(key: Mapping[str, Any]) -> bool:
    """Whether proofs may be signed with a key that says this of itself."""
    if key.get("use", "sig") != "sig":
        return False
    if key.get("kty") == "EC":
        return key.get("crv") == "P-256"
    modulus, (shortest, longest) = key.get("n"), MODULUS_LETTERS
    return key.get("kty") == "RSA" and isinstance(modulus, str) and shortest <= len(modulus) <= longest


def _named(claims: Mapping[str, Any], provider: Provider) -> str:
    """The login. An address that nobody verified may have been written there by whoever wants to be somebody else."""
    said = claims.get(provider.claim)
    if not isinstance(said, str) or not said.strip() or not said.isprintable():
        raise Refused(f"the proof has no {provider.claim}")
    if provider.claim == "email" and claims.get("email_verified") is not True:
        raise Refused("the e-mail address in the proof was not verified")
    # Some letters turn into plain ones when they are made small: they would name somebody else's login.
    if any(not letter.isascii() and as_login(letter).isascii() for letter in said.strip()):
        raise Refused(f"the {provider.claim} in the proof has letters that pass for others")
    return as_login(said)
