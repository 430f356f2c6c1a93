"""Mail through a relay: real SMTP on loopback, honest and hostile."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial
from ipaddress import ip_address

import pytest

from rempart.errors import Broken, NotAllowed, UserMistake
from rempart.net.allowed import Allowed, read_allowed
from rempart.net.answers import NoAnswer, NotSent
from rempart.net.limits import Limits
from rempart.net.mail import Refused, Relay, Security, send_mail
from rempart.net.outbound import Outbound, believing
from rempart.testing.loopback import Door, OwnAuthority, door

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
SECRET = "secret"  # noqa: S105 - a test's
HERE = ip_address("127.0.0.1")
TEXT = "Dear host,\n.\n..\nthere is a dragon. é\n"
LIMITS = Limits(silence_seconds=2, total_seconds=4)


@dataclass
class Script:
    """What a relay says, by command; and what it heard."""

    replies: dict[str, bytes] = field(default_factory=dict)
    features: tuple[str, ...] = ()
    tls: ssl.SSLContext | None = None
    heard: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)

    def __call__(self, connection: socket.socket) -> None:
        self._speak(connection, self.replies.get("greeting", b"220 relay"), self.features)

    def _speak(self, connection: socket.socket, greeting: bytes, features: tuple[str, ...]) -> None:
        if greeting:
            connection.sendall(greeting + b"\r\n")
        file = connection.makefile("rb")
        while line := file.readline(2000):
            words = line.decode().split(None, 1)
            command = words[0].upper() if words else ""
            self.heard.append(line.decode().strip())
            if command == "EHLO":
                told = ["relay", *features]
                lines = [f"250{'-' if n + 1 < len(told) else ' '}{one}" for n, one in enumerate(told)]
                connection.sendall("\r\n".join(lines).encode() + b"\r\n")
            elif command == "STARTTLS" and self.tls is not None:
                connection.sendall(b"220 go on\r\n")
                with self.tls.wrap_socket(connection, server_side=True) as encrypted:
                    self._speak(encrypted, b"", tuple(one for one in features if one != "STARTTLS"))
                return
            elif command == "DATA" and "data" not in self.replies:
                connection.sendall(b"354 go on\r\n")
                content = b""
                while (one := file.readline()) not in (b".\r\n", b""):
                    content += one
                self.messages.append(content)
                reply = self.replies.get("content", b"250 taken")
                if not reply:
                    return
                connection.sendall(reply + b"\r\n")
            else:
                connection.sendall(self.replies.get(command.lower(), b"250 fine") + b"\r\n")


def letter(to: str = "abuse@host.example", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"], made["Message-ID"] = "desk@desk.example", to, "A dragon é", "<1@desk>"
    for name, value in headers.items():
        made[name] = value
    made.set_content(TEXT)
    return made


def send(server: Door, message: EmailMessage | None = None, **changes: object) -> None:
    out = Outbound(read_allowed([f"127.0.0.1:{server.port}"]), LIMITS)
    relay = Relay("127.0.0.1", "desk@desk.example", server.port, "none")
    send_mail(out, replace(relay, **changes), message or letter())  # type: ignore[arg-type]


def test_a_message_arrives_as_it_was_written() -> None:
    script = Script()
    with door(script) as server:
        send(server, letter("Abuse <abuse@host.example>, two@host.example", Cc="three@host.example"))
    assert script.messages[0].isascii()
    arrived = message_from_bytes(script.messages[0].replace(b"\r\n.", b"\r\n"), policy=default)
    assert (arrived["Message-ID"], arrived["Subject"]) == ("<1@desk>", "A dragon é")
    assert isinstance(arrived, EmailMessage)
    assert arrived.get_content() == TEXT
    assert "mail FROM:<desk@desk.example>" in script.heard
    recipients = [line.split("<")[1].rstrip(">") for line in script.heard if line.lower().startswith("rcpt")]
    assert recipients == ["abuse@host.example", "two@host.example", "three@host.example"]
    assert script.heard[0] == "ehlo [127.0.0.1]"


@contextmanager
def secured(authority: OwnAuthority, security: Security, script: Script, name: str) -> Iterator[tuple[Outbound, Relay]]:
    tls = authority.server(name)
    script.tls = tls if security == "starttls" else None
    with door(script, tls if security == "tls" else None) as server:
        out = Outbound(
            Allowed({("mail.example", server.port): HERE}), LIMITS, tls=partial(believing, authority.ca_file)
        )
        yield out, Relay("mail.example", "desk@desk.example", server.port, security)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_the_way_to_the_relay_is_encrypted(security: Security, authority: OwnAuthority) -> None:
    script = Script(features=("STARTTLS", "AUTH PLAIN"), replies={"auth": b"235 in"})
    with secured(authority, security, script, "mail.example") as (out, relay):
        send_mail(out, replace(relay, login="desk", password=SECRET), letter())
    assert len(script.messages) == 1
    assert any(line.startswith("AUTH") for line in script.heard)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_relay_with_anothers_certificate_gets_nothing(security: Security, authority: OwnAuthority) -> None:
    script = Script(features=("STARTTLS",))
    told = pytest.raises(NotSent, match="certificate")
    with secured(authority, security, script, "dragon.example") as (out, relay), told:
        send_mail(out, replace(relay, login="desk", password=SECRET), letter())
    assert script.messages == []
    assert not any("AUTH" in line or "MAIL" in line.upper() for line in script.heard)


def test_a_relay_that_offers_no_encryption_gets_nothing() -> None:
    script = Script()
    with door(script) as server, pytest.raises(NotAllowed, match="SECURITY"):
        send(server, security="starttls", login="desk", password=SECRET)
    assert not any("AUTH" in line or "MAIL" in line.upper() for line in script.heard)


def test_what_was_said_before_encryption_is_forgotten(authority: OwnAuthority) -> None:
    """A line that somebody put behind the answer to STARTTLS is not read as if it were encrypted."""

    class Injecting(Script):
        def __call__(self, connection: socket.socket) -> None:
            connection.sendall(b"220 relay\r\n")
            file = connection.makefile("rb")
            file.readline()
            connection.sendall(b"250-relay\r\n250 STARTTLS\r\n")
            file.readline()
            connection.sendall(b"220 go on\r\n550 injected\r\n")
            assert self.tls is not None
            with self.tls.wrap_socket(connection, server_side=True) as encrypted:
                self._speak(encrypted, b"", ())

    script = Injecting()
    with secured(authority, "starttls", script, "mail.example") as (out, relay):
        send_mail(out, relay, letter())
    assert len(script.messages) == 1


def test_without_encryption_only_this_machine_is_a_relay() -> None:
    with door(Script()) as server:
        for address in ("10.0.0.5", "9.9.9.9"):
            out = Outbound(Allowed({("mail.example", server.port): ip_address(address)}), LIMITS)
            with pytest.raises(NotAllowed, match="without encryption"):
                send_mail(out, Relay("mail.example", "desk@desk.example", server.port, "none"), letter())


def test_a_relay_that_was_not_allowed_or_leads_inside_is_not_called() -> None:
    with door(Script()) as server:
        relay = Relay("mail.example", "desk@desk.example", server.port)
        with pytest.raises(NotAllowed, match="may not be called"):
            send_mail(Outbound(limits=LIMITS), relay, letter())
        allowed = read_allowed([f"mail.example:{server.port}"])
        with pytest.raises(NotAllowed, match="not public"):
            send_mail(Outbound(allowed, LIMITS, resolve=lambda name, seconds: (HERE,)), relay, letter())
        assert server.came == 0


@pytest.mark.parametrize("command", ["mail", "rcpt", "data", "content", "greeting"])
@pytest.mark.parametrize(
    ("reply", "error"), [(b"450 later", NotSent), (b"550 a secret", Refused), (b"nonsense", NotSent)]
)
def test_what_the_relay_does_not_take_nobody_got(command: str, reply: bytes, error: type[Exception]) -> None:
    script = Script(replies={command: reply})
    with door(script) as server, pytest.raises(error) as told:
        send(server)
    assert "secret" not in str(told.value)


def test_when_one_of_several_recipients_is_refused_nobody_gets_it() -> None:
    script = Script(replies={"rcpt": b"550 no such dragon"})
    with door(script) as server, pytest.raises(Refused):
        send(server, letter("a@host.example, b@host.example"))
    assert script.messages == []
    assert sum(line.lower().startswith("rcpt") for line in script.heard) == 1


@pytest.mark.parametrize(("reply", "error"), [(b"535 wrong", NotAllowed), (b"454 later", NotSent)])
def test_a_login_that_is_not_taken_is_told(reply: bytes, error: type[Exception]) -> None:
    script = Script(features=("AUTH PLAIN",), replies={"auth": reply})
    with door(script) as server, pytest.raises(error) as told:
        send(server, login="desk", password=SECRET)
    assert "secret" not in str(told.value)


def test_silence_after_the_content_means_that_nobody_knows() -> None:
    script = Script(replies={"content": b""})
    with door(script) as server, pytest.raises(NoAnswer, match="may or may not"):
        send(server)
    assert len(script.messages) == 1


def drips(connection: socket.socket) -> None:
    connection.sendall(b"220-")
    while True:
        connection.sendall(b"a")
        threading.Event().wait(0.02)


def floods(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"220-hello\r\n" * 1000)


def says_nothing(connection: socket.socket) -> None:
    connection.recv(1)


def leaves(connection: socket.socket) -> None:
    connection.sendall(b"220 relay\r\n")


@pytest.mark.parametrize("handle", [drips, floods, says_nothing, leaves])
def test_a_hostile_relay_is_left_in_time(handle: Callable[[socket.socket], None]) -> None:
    began = time.monotonic()
    with door(handle) as server:
        out = Outbound(read_allowed([f"127.0.0.1:{server.port}"]), Limits(silence_seconds=0.3, total_seconds=0.6))
        with pytest.raises(NotSent):
            send_mail(out, Relay("127.0.0.1", "desk@desk.example", server.port, "none"), letter())
    assert time.monotonic() - began < 10


def test_a_relay_that_is_not_there_is_told() -> None:
    with door(Script()) as server:
        pass
    with pytest.raises(NotSent, match="cannot be reached"):
        send(server)


@pytest.mark.parametrize(
    "to", ["", "nobody", "a b@host.example", "abuse@hôst.example", "a@host.example, nobody", "undisclosed-recipients:;"]
)
def test_a_message_without_plain_recipients_is_refused(to: str) -> None:
    with door(Script()) as server:
        with pytest.raises(UserMistake):
            send(server, letter(to))
        assert server.came == 0


def test_no_line_can_be_smuggled_into_a_message() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        letter("a@host.example\r\nBcc: b@host.example")
    with door(Script()) as server, pytest.raises(UserMistake):
        send(server, sender="desk@desk.example>\r\nRCPT TO:<b@host.example")


def test_a_message_needs_its_number_and_shows_whom_it_goes_to() -> None:
    with door(Script()) as server:
        hidden, without_number, without_subject = letter(Bcc="b@host.example"), letter(), letter()
        del without_number["Message-ID"]
        del without_subject["Subject"]
        for message in (hidden, without_number, without_subject):
            with pytest.raises(Broken):
                send(server, message)
        assert server.came == 0
