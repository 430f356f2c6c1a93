"""Mail, through the operator's relay and nothing else. The relay's host has to be allowed like any other."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, Final, Literal

from rempart.errors import Broken, NotAllowed, UserMistake
from rempart.net.answers import NoAnswer, NotSent
from rempart.net.connecting import Deadline, connected
from rempart.net.outbound import Outbound

MOST_REPLY_BYTES: Final = 64 << 10
TAKEN: Final = 250
SEVEN_BITS: Final = SMTP.clone(cte_type="7bit")  # every relay takes it
Security = Literal["starttls", "tls", "none"]


class Refused(UserMistake):
    """The relay does not take this message, and will not take it by another try."""


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail is handed over. security: `none` goes to a loopback address only. login: empty for no login.

    sender: the address that mail comes from, and bounces go to.
    """

    host: str
    sender: str
    port: int = 587
    security: Security = "starttls"
    login: str = ""
    password: str = field(default="", repr=False)


def send_mail(outbound: Outbound, relay: Relay, message: EmailMessage) -> None:
    """Nothing; the relay has taken the message for everybody it goes to, or for nobody.

    The message needs To, Subject and Message-ID; the same Message-ID when it is sent again. Raises NotAllowed, NotSent
    (nobody got it), NoAnswer (everybody or nobody got it), Refused.
    """
    recipients = _recipients(relay, message)
    content = message.as_bytes(policy=SEVEN_BITS)
    deadline = Deadline(outbound.limits.total_seconds)
    with _client(outbound, relay, deadline) as client, _cut_off(client, deadline):
        with _before_it_left():
            _introduce(client, relay, outbound)
            _expect(client.mail(relay.sender), TAKEN)
            for recipient in recipients:
                _expect(client.rcpt(recipient), TAKEN, 251)
        _hand_over(client, content)


class _Client(smtplib.SMTP):
    """The library's client on a connection that was made and checked here."""

    def __init__(self, host: str, stream: socket.socket) -> None:
        super().__init__(local_hostname=_own_name(stream))
        self._host, self.sock = host, stream  # the host whose certificate is asked for

    def getreply(self) -> tuple[int, bytes]:
        """The next reply; no more of them than a relay ever says."""
        if self.file is None and self.sock is not None:
            self.file = _Bounded(self.sock.makefile("rb"))
        return super().getreply()


class _Bounded:
    """The replies of one connection, no more than anybody needs."""

    def __init__(self, file: Any) -> None:
        self._file, self._left = file, MOST_REPLY_BYTES

    def readline(self, size: int) -> bytes:
        """The next line. Raises OSError when there were too many."""
        line: bytes = self._file.readline(size)
        self._left -= len(line)
        if self._left < 0:
            raise OSError("the relay says too much")
        return line

    def close(self) -> None:
        """Nothing; it is closed."""
        self._file.close()


@contextmanager
def _client(outbound: Outbound, relay: Relay, deadline: Deadline) -> Iterator[_Client]:
    addresses = outbound.addresses_of(relay.host, relay.port)
    if relay.security == "none" and not all(address.is_loopback for address in addresses):
        raise NotAllowed(f"the mail relay `{relay.host}` would be used without encryption; set `starttls` or `tls`")
    silence = outbound.limits.silence_seconds
    with _before_it_left():
        stream = connected(addresses, relay.port, silence, deadline)
        try:
            stream.settimeout(deadline.within(silence))
            if relay.security == "tls":
                stream = outbound.tls().wrap_socket(stream, server_hostname=relay.host)
        except BaseException:
            stream.close()
            raise
    client = _Client(relay.host, stream)
    try:
        yield client
    finally:
        client.close()


@contextmanager
def _cut_off(client: _Client, deadline: Deadline) -> Iterator[None]:
    """A relay that says one letter at a time is not listened to for ever: the library has no limit for the whole."""

    def shut() -> None:
        stream = client.sock
        if stream is not None:
            with suppress(OSError):
                socket.socket.shutdown(stream, socket.SHUT_RDWR)  # below the encryption, which another thread uses

    timer = threading.Timer(deadline.left(), shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def _before_it_left() -> Iterator[None]:
    """Whatever goes wrong here, nobody got the message."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        if error.smtp_code < 500:
            raise NotSent("the mail relay takes no login now; nothing was sent, try again") from None
        raise NotAllowed("the mail relay does not take the login; correct it in REMPART_MAIL__LOGIN") from None
    except smtplib.SMTPNotSupportedError:
        raise NotAllowed("the mail relay cannot do what is set; correct REMPART_MAIL__SECURITY or the login") from None
    except smtplib.SMTPResponseException as error:
        raise _said_no(error.smtp_code) from None
    except ssl.SSLCertVerificationError:
        raise NotSent("the mail relay has no certificate that is to be believed; nothing was sent") from None
    except (OSError, smtplib.SMTPException):
        raise NotSent("the mail relay cannot be reached; nothing was sent, try again") from None


def _introduce(client: _Client, relay: Relay, outbound: Outbound) -> None:
    _expect(client.getreply(), 220)
    client.ehlo_or_helo_if_needed()
    if relay.security == "starttls":
        client.starttls(context=outbound.tls())
        client.ehlo_or_helo_if_needed()
    if relay.login:
        client.login(relay.login, relay.password)


def _hand_over(client: _Client, content: bytes) -> None:
    """Nothing; the relay has it. Once the content is on its way, silence means that nobody knows."""
    try:
        code, _ = client.data(content)
    except smtplib.SMTPDataError as error:  # it did not even want to hear it
        raise _said_no(error.smtp_code) from None
    except (OSError, smtplib.SMTPException):
        raise NoAnswer("the mail relay fell silent; the message may or may not have been sent") from None
    if code != TAKEN:
        raise _said_no(code)
    with suppress(OSError, smtplib.SMTPException):  # it has the message, whatever it says to our leaving
        client.quit()


def _expect(reply: tuple[int, bytes], *codes: int) -> None:
    if reply[0] not in codes:
        raise smtplib.SMTPResponseException(*reply)


def _said_no(code: int) -> Exception:
    if 500 <= code < 600:
        return Refused(f"the mail relay refuses the message or one of its addresses (code {code}); correct it")
    return NotSent(f"the mail relay does not take the message now (code {code}); nothing was sent, try again")


def _recipients(relay: Relay, message: EmailMessage) -> list[str]:
    """Who gets the message."""
    if not message["Message-ID"] or not message["Subject"] or message["Bcc"]:
        raise Broken("a message has no number or subject, or hidden recipients; please report this")
    headers = [header for name in ("To", "Cc") for header in message.get_all(name, [])]
    found = [address.addr_spec for header in headers for address in header.addresses]
    if not found or not all(map(_is_plain, (*found, relay.sender))):
        raise UserMistake("a message has nobody to go to, or an address that no relay takes; correct its addresses")
    return found


def _is_plain(address: str) -> bool:
    return "@" in address and address.isascii() and address.isprintable() and not set(address) & set(' <>",')


def _own_name(stream: socket.socket) -> str:
    """How we greet: by our address, which asks no resolver."""
    own = str(stream.getsockname()[0])
    return f"[IPv6:{own}]" if ":" in own else f"[{own}]"
