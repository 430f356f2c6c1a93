"""Servers on loopback that say exactly what a test wants, byte by byte; and certificates for them."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HERE = "127.0.0.1"
MOST_SECONDS = 30.0
Handle = Callable[[socket.socket], None]


@dataclass(slots=True)
class Door:
    """A server that runs. came: how many connections it was given."""

    port: int
    came: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Its address without encryption."""
        return f"http://{HERE}:{self.port}"


@contextmanager
def door(handle: Handle, tls: ssl.SSLContext | None = None, *, at: str = HERE) -> Iterator[Door]:
    """A server on loopback; every connection is handed to `handle`, in a thread of its own, and closed afterwards."""
    with socket.create_server((at, 0)) as listening:
        listening.settimeout(0.05)
        made = Door(listening.getsockname()[1])
        threads: list[threading.Thread] = []
        accepting = threading.Thread(target=_accept, args=(listening, made, handle, tls, threads))
        accepting.start()
        try:
            yield made
        finally:
            made.stopping.set()
            accepting.join(MOST_SECONDS)
            for thread in threads:
                thread.join(MOST_SECONDS)


def _accept(
    listening: socket.socket, made: Door, handle: Handle, tls: ssl.SSLContext | None, threads: list[threading.Thread]
) -> None:
    while not made.stopping.is_set():
        with suppress(TimeoutError):
            connection, _ = listening.accept()
            connection.settimeout(MOST_SECONDS)
            made.came += 1
            threads.append(threading.Thread(target=_serve, args=(connection, handle, tls)))
            threads[-1].start()


def _serve(connection: socket.socket, handle: Handle, tls: ssl.SSLContext | None) -> None:
    with connection, suppress(OSError):
        if tls is None:
            handle(connection)
        else:
            with tls.wrap_socket(connection, server_side=True) as encrypted:
                handle(encrypted)


def request_on(connection: socket.socket) -> tuple[str, dict[str, str], bytes]:
    """The first line, the headers in lower case, and the body of a request that has a Content-Length, or no body."""
    came = b""
    while b"\r\n\r\n" not in came:
        more = connection.recv(65_536)
        if not more:
            raise ConnectionError("the caller left")
        came += more
    head, _, body = came.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    size = int(headers.get("content-length", "0"))
    while len(body) < size:
        more = connection.recv(65_536)
        if not more:
            raise ConnectionError("the caller left")
        body += more
    return first, headers, body


def says(*parts: bytes) -> Handle:
    """A handler that reads one request and says this."""

    def handle(connection: socket.socket) -> None:
        request_on(connection)
        for part in parts:
            connection.sendall(part)

    return handle


def ok(body: bytes = b"", *headers: str, status: str = "200 OK") -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


@dataclass(frozen=True, slots=True)
class OwnAuthority:
    """A certificate authority of a test. ca_file: what a caller has to believe."""

    ca_file: Path
    _certificate: x509.Certificate = field(repr=False)
    _key: ec.EllipticCurvePrivateKey = field(repr=False)

    def server(self, *names: str, valid: bool = True) -> ssl.SSLContext:
        """What a server for these names or addresses shows. valid: False for a certificate that has run out."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = self._certificate.subject
        made = _certificate("server", issuer, key, self._key, names, valid=valid)
        file = self.ca_file.with_name(f"server-{made.serial_number}.pem")
        file.write_bytes(_pem(made) + _key_pem(key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def own_authority(folder: Path) -> OwnAuthority:
    """A new authority that nobody else believes; its files are in the folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    made = _certificate("Test authority", name, key, key, (), valid=True)
    path = folder / "authority.pem"
    path.write_bytes(_pem(made))
    return OwnAuthority(path, made, key)


def _certificate(
    common_name: str,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signing: ec.EllipticCurvePrivateKey,
    names: tuple[str, ...],
    *,
    valid: bool,
) -> x509.Certificate:
    now = datetime.now(UTC)
    until = now + timedelta(days=1) if valid else now - timedelta(hours=1)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([_general(one) for one in names]), critical=False)
    return builder.sign(signing, hashes.SHA256())


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
