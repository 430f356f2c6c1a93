"""Handing mails to the relay: that somebody tries is kept before, what came of it after."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from rempart.errors import Broken, NotAllowed, Unavailable, UserMistake
from rempart.net.answers import NoAnswer
from rempart.net.mail import Refused, Relay, send_mail
from rempart.reporting.mailing import delivering
from rempart.reporting.queries import Row
from rempart.storage import outbox
from rempart.storage.outbox import Effect
from rempart.wiring.desk import Desk
from rempart.wiring.network import relay_of
from rempart.wiring.reporting import reporting_of

# A setting that keeps mail from leaving is looked at again so soon.
SETTINGS_SECONDS = 300.0


def send(desk: Desk, effect: Effect) -> None:
    """Nothing; the relay has the mail, or a person knows what to do. Raises Unavailable to be called again."""
    mailing_id = int(effect.body["mailing"])
    with desk.database.writing() as writer:
        begun, row = delivering.begin(writer, effect.organisation, mailing_id, desk.clock())
        if begun != "go" or row is None:
            outbox.finish(writer, effect.id, desk.clock())
            return
    content = desk.fields.unseal("mail", row["content_sealed"])
    try:
        _hand_over(desk, row, content)
    except NoAnswer as error:
        _doubt(desk, effect, row, error)
    except (Refused, Broken) as error:
        with desk.database.writing() as writer:
            delivering.refused(writer, reporting_of(desk), effect.organisation, row, str(error), desk.clock())
            outbox.finish(writer, effect.id, desk.clock())
    except (Unavailable, UserMistake) as error:  # nobody got it; a setting may have to be corrected
        with desk.database.writing() as writer:
            delivering.nobody_got_it(writer, effect.organisation, mailing_id, str(error))
        raise Unavailable(str(error), getattr(error, "retry_after_seconds", SETTINGS_SECONDS)) from None
    else:
        with desk.database.writing() as writer:
            now = desk.clock()
            delivering.arrived(writer, reporting_of(desk), effect.organisation, row, content, now)
            outbox.finish(writer, effect.id, now)


def _hand_over(desk: Desk, row: Row, content: bytes) -> None:
    relay = relay_of(desk.settings)
    if desk.settings.reporting.environment == "emulator" and row["notice"] is None:
        _check_emulated(desk, relay)
    message = message_from_bytes(content, policy=SMTP)
    if not isinstance(message, EmailMessage):
        raise Broken("a kept mail is none; please report this")
    send_mail(desk.outbound, relay, message)


def _check_emulated(desk: Desk, relay: Relay) -> None:
    """Nothing. Raises NotAllowed when reports go to emulators and the relay is none of this machine."""
    if not all(one.is_loopback for one in desk.outbound.addresses_of(relay.host, relay.port)):
        raise NotAllowed("reports go to emulators, and the mail relay is a real one; set REMPART_MAIL__HOST")


def _doubt(desk: Desk, effect: Effect, row: Row, error: NoAnswer) -> None:
    with desk.database.writing() as writer:
        now, reporting = desk.clock(), reporting_of(desk)
        again = delivering.nobody_knows(writer, reporting, effect.organisation, row, str(error), now)
        if not again:
            outbox.finish(writer, effect.id, now)
    if again:
        raise error
