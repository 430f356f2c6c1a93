"""The way out, wired: what the operator allowed, and the relay for mail."""

from functools import partial

from rempart import settings as tree
from rempart.clock import Clock, utc_now
from rempart.errors import UserMistake
from rempart.net.allowed import read_allowed
from rempart.net.limits import Limits
from rempart.net.mail import Relay
from rempart.net.outbound import Outbound, believing, public_authorities
from rempart.net.pulling import pulled
from rempart.settings import Settings


def open_outbound(settings: Settings, clock: Clock = utc_now) -> Outbound:
    """What may leave this machine. Raises UserMistake for an allow-list that cannot be understood."""
    net = settings.net
    return Outbound(
        allowed=read_allowed(net.allowed_hosts),
        limits=Limits(net.timeout_seconds, net.total_seconds, net.max_answer_bytes),
        looks=net.look,
        tls=public_authorities if net.ca_file is None else partial(believing, net.ca_file),
        clock=clock,
    )


def pull_file(url: str, max_bytes: int) -> bytes:
    """The file at this address of an allowed host."""
    return pulled(open_outbound(tree.read()), url, max_bytes)


def relay_of(settings: Settings) -> Relay:
    """Where mail is handed over. Raises UserMistake when no relay is set."""
    mail = settings.mail
    if not mail.host or not mail.sender:
        raise UserMistake("no mail can be sent; set REMPART_MAIL__HOST and REMPART_MAIL__SENDER")
    return Relay(mail.host, mail.sender, mail.port, mail.security, mail.login, mail.password.get_secret_value())
