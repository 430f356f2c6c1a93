"""An identity provider on loopback, for tests and for trying out: OpenID Connect with codes and PKCE, and no password.

Whoever is sent to it is `user`, at once. What it says can be falsified in every way that a desk has to notice.
"""

import json
import secrets
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from rempart.clock import Clock, utc_now

CLIENT, SECRET = "desk", "not a secret & more"
LASTS_SECONDS = 300
Record = dict[str, Any]


@cache
def _keys() -> dict[str, Any]:
    """One pair of keys for all providers of this process: making them takes longer than anything else here."""
    return {
        "RS256": RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}),
        "ES256": ECKey.generate_key("P-256", {"kid": "two", "use": "sig"}),
    }


@dataclass
class Emulator:
    """One provider. Each `falsify_...` may change what it is about to say.

    down: the status that everything is answered with; 0 for none. came: (method, path) of every request.
    """

    port: int = 0
    clock: Clock = utc_now
    redirect_uri: str = ""
    client_secret: str = SECRET
    user: Record = field(default_factory=lambda: {"email": "ada@desk.example", "email_verified": True})
    algorithm: str = "RS256"
    down: int = 0
    falsify_discovery: Callable[[Record], object] = lambda _: None
    falsify_keys: Callable[[Record], object] = lambda _: None
    falsify_header: Callable[[Record], object] = lambda _: None
    falsify_claims: Callable[[Record], object] = lambda _: None
    falsify_token: Callable[[str], str] = lambda token: token
    falsify_answer: Callable[[Record], object] = lambda _: None
    falsify_return: Callable[[dict[str, str]], object] = lambda _: None
    signs_with: Any = None
    came: list[tuple[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=lambda: dict(_keys()))

    @property
    def issuer(self) -> str:
        """Its name, which is also its address."""
        return f"http://127.0.0.1:{self.port}"

    def discovery(self) -> Record:
        """What it says of itself."""
        said: Record = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
        self.falsify_discovery(said)
        return said

    def key_set(self) -> Record:
        """Its public keys."""
        said: Record = dict(KeySet(list(self.keys.values())).as_dict(private=False))
        self.falsify_keys(said)
        return said

    def authorize(self, asked: dict[str, str]) -> str | None:
        """Where the browser goes back to; None when the question is not one that it takes."""
        right = {
            "response_type": "code",
            "client_id": CLIENT,
            "redirect_uri": self.redirect_uri,
            "code_challenge_method": "S256",
        }
        if any(asked.get(name) != value for name, value in right.items()) or "openid" not in asked["scope"].split():
            return None
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.issuer}
        self.falsify_return(back)
        return f"{self.redirect_uri}?{urlencode(back)}"

    def token(self, given: dict[str, str], authorization: str) -> tuple[int, Record]:
        """Status and answer for a code, which works once."""
        if not self._is_the_client(given, authorization):
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(given.get("code", ""), None)
        fits = asked is not None and given.get("redirect_uri") == asked["redirect_uri"]
        verifier = given.get("code_verifier", "")
        if asked is None or not fits or create_s256_code_challenge(verifier) != asked["code_challenge"]:
            return 400, {"error": "invalid_grant", "error_description": "a secret of the provider"}
        answer: Record = {
            "access_token": secrets.token_urlsafe(16),
            "token_type": "Bearer",
            "expires_in": LASTS_SECONDS,
            "id_token": self.falsify_token(self.proof(asked["nonce"])),
        }
        self.falsify_answer(answer)
        return 200, answer

    def proof(self, nonce: str) -> str:
        """A signed ID token."""
        now = int(self.clock().timestamp())
        claims: Record = {
            "iss": self.issuer,
            "sub": "subject-1",
            "aud": CLIENT,
            "iat": now,
            "exp": now + LASTS_SECONDS,
            "nonce": nonce,
            **self.user,
        }
        self.falsify_claims(claims)
        key = self.signs_with or self.keys[self.algorithm]
        header: Record = {"alg": self.algorithm, "kid": key.kid}
        self.falsify_header(header)
        if header["alg"] == "none":
            return f"{_written(header)}.{_written(claims)}."
        return jwt.encode(header, claims, key, [header["alg"]])

    def _is_the_client(self, given: dict[str, str], authorization: str) -> bool:
        scheme, _, pair = authorization.partition(" ")
        if scheme == "Basic":
            name, _, secret = b64decode(pair).decode().partition(":")
            return (unquote(name), unquote(secret)) == (CLIENT, self.client_secret)
        return (given.get("client_id"), given.get("client_secret", "")) == (CLIENT, self.client_secret)


@contextmanager
def identity_provider(clock: Clock = utc_now) -> Iterator[Emulator]:
    """A provider that runs until the block ends. Set its `redirect_uri` before anybody is sent to it."""
    made = Emulator(clock=clock)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    server.daemon_threads = False
    made.port = server.server_address[1]
    running = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    running.start()
    try:
        yield made
    finally:
        server.shutdown()
        running.join()
        server.server_close()


def _handler(emulator: Emulator) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        provider = emulator

    return Handler


class _Handler(BaseHTTPRequestHandler):
    provider: Emulator

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        self.provider.came.append(("GET", place.path))
        if self.provider.down:
            self._say(self.provider.down, {})
        elif place.path == "/.well-known/openid-configuration":
            self._say(200, self.provider.discovery())
        elif place.path == "/keys":
            self._say(200, self.provider.key_set())
        elif place.path == "/authorize" and (target := self.provider.authorize(_flat(place.query))):
            self._say(302, {}, target)
        else:
            self._say(404, {})

    def do_POST(self) -> None:
        self.provider.came.append(("POST", self.path))
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        if self.provider.down:
            self._say(self.provider.down, {})
        elif self.path == "/token":
            self._say(*self.provider.token(_flat(body), self.headers.get("Authorization", "")))
        else:
            self._say(404, {})

    def _say(self, status: int, record: Record, location: str = "") -> None:
        content = json.dumps(record).encode()
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing."""


def _written(record: Record) -> str:
    return urlsafe_b64encode(json.dumps(record).encode()).decode().rstrip("=")


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
