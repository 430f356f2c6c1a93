"""The relay that integrators try mail with: it takes messages, and goes wrong when told."""

from email.message import EmailMessage

import pytest

from rempart.net.allowed import read_allowed
from rempart.net.answers import NoAnswer, NotSent
from rempart.net.limits import Limits
from rempart.net.mail import Refused, Relay, send_mail
from rempart.net.outbound import Outbound
from rempart.testing.emulators.smtp import STEPS, SmtpSink, smtp_sink

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
LIMITS = Limits(silence_seconds=1, total_seconds=2)


def letter(number: str = "<1@dragon.example>") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "desk@dragon.example", "abuse@host.example", "A dragon é"
    made["Message-ID"] = number
    made.set_content("There is a dragon.\n.\né\n")
    return made


def send(address: str, message: EmailMessage | None = None) -> None:
    host, _, port = address.partition(":")
    out = Outbound(read_allowed([address]), LIMITS)
    send_mail(out, Relay(host, "desk@dragon.example", int(port), "none"), message or letter())


def test_what_is_sent_is_kept_as_it_came() -> None:
    with smtp_sink() as (address, sink):
        send(address)
        send(address, letter("<2@dragon.example>"))
    assert sink.numbers == ["<1@dragon.example>", "<2@dragon.example>"]
    assert (sink.taken[0].sender, sink.taken[0].recipients) == ("desk@dragon.example", ("abuse@host.example",))
    assert sink.taken[0].message.get_content().startswith("There is a dragon.\n.\né")
    assert sink.counts()["different"] == 2


@pytest.mark.parametrize("step", STEPS)
def test_each_step_goes_wrong_once_and_then_well(step: str) -> None:
    with smtp_sink() as (address, sink):
        sink.will(step, "later", "refuse", "drop")
        with pytest.raises(NotSent):
            send(address)
        with pytest.raises(Refused):
            send(address)
        with pytest.raises(NoAnswer if step == "content" else NotSent):
            send(address)
        assert sink.taken == []
        send(address)
    assert sink.counts()["taken"] == 1


def test_a_message_can_be_taken_without_anybody_being_told() -> None:
    with smtp_sink() as (address, sink):
        sink.will("content", "drop-after")
        with pytest.raises(NoAnswer):
            send(address)
        send(address)
    assert sink.numbers == ["<1@dragon.example>"] * 2


def test_a_slow_relay_outlasts_our_patience() -> None:
    with smtp_sink(SmtpSink(slow_seconds=30)) as (address, sink):
        sink.will("content", "slow")
        with pytest.raises(NoAnswer):
            send(address)
    assert len(sink.taken) == 1
