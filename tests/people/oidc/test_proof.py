"""The proof of identity: whatever is wrong with it, it names nobody."""

import base64
import hmac
import json
import random
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from rempart.people.oidc import Misset, Provider, Refused
from rempart.people.oidc.proof import MOST_LETTERS, login_of
from rempart.testing.desk import NOW
from rempart.testing.oidc import CLIENT, Emulator

NONCE = "a nonce"


def emulator(**changes: Any) -> Emulator:
    return Emulator(clock=lambda: NOW, **changes)


def proved(claim: Any = "email", **changes: Any) -> str:
    """The login that a proof of this provider names."""
    made = emulator(**changes)
    answer: dict[str, Any] = {"access_token": "x", "id_token": made.falsify_token(made.proof(NONCE))}
    made.falsify_answer(answer)
    return login_of(answer, made.key_set(), Provider(made.issuer, CLIENT, claim=claim), NONCE, NOW)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_a_proof_names_a_login(algorithm: str) -> None:
    assert proved(algorithm=algorithm) == "ada@desk.example"


def test_a_login_is_compared_as_it_is_stored() -> None:
    assert proved(user={"email": " Ada@Desk.Example ", "email_verified": True}) == "ada@desk.example"
    assert proved(user={"email": "É@desk.example", "email_verified": True}) == "é@desk.example"


def test_a_proof_for_several_says_that_it_was_made_for_us() -> None:
    assert proved(falsify_claims=lambda claims: claims.update(aud=["another", CLIENT], azp=CLIENT))


def test_a_proof_is_good_for_a_minute_longer_than_it_says() -> None:
    assert proved(falsify_claims=lambda claims: claims.update(exp=claims["iat"] - 59))


def test_another_claim_names_the_login_where_the_operator_chose_it() -> None:
    assert proved("preferred_username", user={"preferred_username": "Ada"}) == "ada"
    with pytest.raises(Refused):
        proved("preferred_username", user={"email": "ada@desk.example", "email_verified": True})


def test_a_provider_with_one_key_need_not_name_it() -> None:
    only = lambda said: said.update(keys=[key for key in said["keys"] if key["kid"] == "one"])  # noqa: E731
    assert proved(falsify_header=lambda header: header.pop("kid"), falsify_keys=only)


def test_keys_of_other_kinds_and_damaged_ones_are_left_out() -> None:
    strange = [
        7,
        None,
        {},
        {"kty": "oct", "k": "eA", "kid": "one"},
        {"kty": "RSA", "n": "AQ"},
        {"kty": "EC", "crv": "x"},
    ]
    assert proved(falsify_keys=lambda said: said.update(keys=[*strange, *said["keys"]]))


@pytest.mark.parametrize(
    "falsify",
    [
        lambda claims: claims.update(nonce="another"),
        lambda claims: claims.pop("nonce"),
        lambda claims: claims.update(aud="another"),
        lambda claims: claims.update(aud=["another"]),
        lambda claims: claims.update(aud=[CLIENT, "another"]),
        lambda claims: claims.update(aud=[CLIENT, "another"], azp="another"),
        lambda claims: claims.update(azp="another"),
        lambda claims: claims.pop("aud"),
        lambda claims: claims.update(iss="http://127.0.0.1:1"),
        lambda claims: claims.update(iss=claims["iss"] + "/"),
        lambda claims: claims.pop("iss"),
        lambda claims: claims.update(exp=claims["iat"] - 61),
        lambda claims: claims.update(exp="later"),
        lambda claims: claims.update(exp=float("inf")),
        lambda claims: claims.update(exp=True),
        lambda claims: claims.pop("exp"),
        lambda claims: claims.update(iat=claims["iat"] + 3600),
        lambda claims: claims.pop("iat"),
        lambda claims: claims.update(nbf=claims["iat"] + 3600),
        lambda claims: claims.pop("sub"),
        lambda claims: claims.update(sub=""),
        lambda claims: claims.update(at_hash="wrong"),
        lambda claims: claims.update(email_verified=False),
        lambda claims: claims.update(email_verified="true"),
        lambda claims: claims.update(email_verified=1),
        lambda claims: claims.pop("email_verified"),
        lambda claims: claims.pop("email"),
        lambda claims: claims.update(email=["ada@desk.example"]),
        lambda claims: claims.update(email={"a": 1}),
        lambda claims: claims.update(email=None),
        lambda claims: claims.update(email=""),
        lambda claims: claims.update(email="ada@des\u212a.example"),
        lambda claims: claims.update(email="ada@desk.example\0"),
    ],
)
def test_a_claim_that_does_not_hold_proves_nothing(falsify: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(Refused):
        proved(falsify_claims=falsify)


@pytest.mark.parametrize("algorithm", ["none", "RS384", "PS256"])
def test_a_signature_of_a_kind_that_is_not_accepted_proves_nothing(algorithm: str) -> None:
    with pytest.raises(Refused):
        proved(falsify_header=lambda header: header.update(alg=algorithm))


def test_a_public_key_is_not_taken_for_a_shared_secret() -> None:
    pem = emulator().keys["RS256"].as_pem(private=False)

    def falsify(token: str) -> str:
        begun = encoded(json.dumps({"alg": "HS256", "kid": "one"}).encode()) + "." + token.split(".")[1]
        return begun + "." + encoded(hmac.digest(pem, begun.encode(), "sha256"))

    with pytest.raises(Refused):
        proved(falsify_token=falsify)


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@pytest.mark.parametrize("size", [2048, 1024])
def test_a_signature_of_somebody_else_proves_nothing(size: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = RSAKey.generate_key(size, {"kid": "one"})
        with pytest.raises(Refused):
            proved(signs_with=other)


def test_a_key_that_is_too_weak_signs_no_proof() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        weak = RSAKey.generate_key(1024, {"kid": "weak", "use": "sig"})
        made = emulator(signs_with=weak)
        token = made.proof(NONCE)
        keys = {"keys": [weak.as_dict(private=False)]}
    with pytest.raises((Refused, Misset)):
        login_of({"id_token": token}, keys, Provider(made.issuer, CLIENT), NONCE, NOW)


def test_a_key_that_is_not_for_signing_signs_no_proof() -> None:
    with pytest.raises(Refused):
        proved(falsify_keys=lambda said: [key.update(use="enc") for key in said["keys"] if key["kid"] == "one"])


@pytest.mark.parametrize("header", [{"kid": "another"}, {"crit": ["exp"]}, {"crit": ["b64"], "b64": False}, {"kid": 7}])
def test_a_header_that_is_not_understood_proves_nothing(header: dict[str, Any]) -> None:
    def falsify(token: str) -> str:
        _, payload, signature = token.split(".")
        said = {"alg": "RS256", "kid": "one", **header}
        return ".".join((encoded(json.dumps(said).encode()), payload, signature))

    with pytest.raises(Refused):
        proved(falsify_token=falsify)


@pytest.mark.parametrize(
    "falsify",
    [
        lambda token: token[:-4] + "AAAA",
        lambda token: token.rpartition(".")[0] + ".",
        lambda token: "",
        lambda token: "a.b.c",
        lambda token: "...",
        lambda token: token + "é",
        lambda token: token + "a" * MOST_LETTERS,
        lambda token: token.replace(".", "..", 1),
    ],
)
def test_what_cannot_be_read_proves_nothing(falsify: Callable[[str], str]) -> None:
    with pytest.raises(Refused):
        proved(falsify_token=falsify)


@pytest.mark.parametrize("given", [None, 7, ["x"], {}, b"a.b.c"])
def test_something_else_in_place_of_a_proof_proves_nothing(given: object) -> None:
    with pytest.raises(Refused):
        proved(falsify_answer=lambda answer: answer.update(id_token=given))


@pytest.mark.parametrize(
    "keys", [{}, {"keys": None}, {"keys": []}, {"keys": "x"}, {"keys": [{"kty": "oct", "k": "eA"}]}]
)
def test_a_provider_without_keys_is_told_to_the_operator(keys: dict[str, Any]) -> None:
    with pytest.raises(Misset):
        proved(falsify_keys=lambda said: (said.clear(), said.update(keys)))


def test_a_mutated_proof_proves_nothing() -> None:
    dice = random.Random(20261128)
    made = emulator()
    token, keys, provider = made.proof(NONCE), made.key_set(), Provider(made.issuer, CLIENT)
    for _ in range(300):
        place = dice.randrange(len(token) - 1)  # the last letter of a signature carries bits that nobody reads
        letter = dice.choice("ABCxyz019-_.")
        if token[place] == letter:
            continue
        mutated = token[:place] + letter + token[place + 1 :]
        with pytest.raises(Refused):
            login_of({"id_token": mutated}, keys, provider, NONCE, NOW)
