"""A desk that mails notices to a relay on loopback."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rempart.net.answers import Answer
from rempart.reporting import drafting, queries
from rempart.settings import MailSettings, NetSettings, NoticeSettings, OwnSettings, ReportingSettings, Settings
from rempart.testing.desk import Hands, make_desk, make_organisation
from rempart.testing.desk_reporting import make_decided, senior
from rempart.testing.emulators.smtp import SmtpSink, smtp_sink
from rempart.wiring.desk import Desk
from rempart.wiring.reporting import reporting_of
from rempart.worker.mailing import gather
from rempart.worker.performing import perform_due

ANSWERS = {"good_faith": "yes", "to": "abuse@host.example", "classification": "none", "language": "en"}


@dataclass
class Post:
    """The desk, the relay, and what is done with them."""

    desk: Desk
    sink: SmtpSink
    clock: Hands
    mine: int

    def approved(self, recipient: str = "host-notice", *, url: str = "https://dragon.example/1", **more: Any) -> int:
        """The id of a notice about a case of its own, approved."""
        answers = {**ANSWERS, **more.pop("answers", {})}
        if recipient == "site-owner-notice":
            answers.pop("classification")
        now = self.clock()
        with self.desk.database.writing() as writer:
            case_id = make_decided(writer, self.desk.fields, self.mine, urls=(url,), now=now, **more)
            reporting = reporting_of(self.desk)
            made = drafting.draft(writer, reporting, senior(self.mine), case_id, recipient, now, answers=answers)
            drafting.approve(writer, reporting, senior(self.mine), made, now)
        return made

    def goes_round(self, **later: float) -> int:
        """How many messages the relay has, after this time has passed and everything due was done."""
        self.clock.now += timedelta(**later)
        gather(self.desk)
        perform_due(self.desk)
        return len(self.sink.taken)

    def row(self, report: int) -> Any:
        """The report."""
        with self.desk.database.reading() as reader:
            return queries.read(reader, self.mine, report)

    def sees(self, monkeypatch: pytest.MonkeyPatch, *statuses: int) -> None:
        """Nothing; whoever looks whether content is there finds this, one after the other, the last one for ever."""
        left = list(statuses)

        def head(_self: Any, _url: str, **_: Any) -> Answer:
            return Answer(left.pop(0) if len(left) > 1 else left[0], {})

        monkeypatch.setattr("rempart.net.outbound.Outbound.head", head)


def mail_settings(settings: Settings, address: str, **notices: Any) -> Settings:
    """Settings of a desk that hands its mail to this relay."""
    host, _, port = address.partition(":")
    return settings.model_copy(
        update={
            "reporting": ReportingSettings(
                environment="emulator",
                desk=OwnSettings(name="Dragon Watch", contact_email="ada@dragon.example"),
                notices=NoticeSettings(**notices),
            ),
            "mail": MailSettings(host=host, port=int(port), security="none", sender="notices@dragon.example"),
            "net": NetSettings(allowed_hosts=(address,), look=True, timeout_seconds=1, total_seconds=2),
        }
    )


@pytest.fixture
def notices() -> dict[str, Any]:
    """Settings of notices; a test overrides it."""
    return {}


@contextmanager
def _posting(settings: Settings, database_url: str, notices: dict[str, Any]) -> Iterator[Post]:
    clock = Hands()
    with (
        smtp_sink(SmtpSink(slow_seconds=5)) as (address, sink),
        make_desk(mail_settings(settings, address, **notices), database_url, clock=clock) as desk,
    ):
        with desk.database.writing() as writer:
            mine = make_organisation(writer)
        yield Post(desk, sink, clock, mine)


@pytest.fixture
def post(settings: Settings, empty_sqlite: Path, tmp_path: Path, notices: dict[str, Any]) -> Iterator[Post]:
    """Everything on SQLite, with a clock that is moved by hand."""
    copied = shutil.copyfile(empty_sqlite, tmp_path / "desk.sqlite3")
    with _posting(settings, f"sqlite:///{copied}", notices) as made:
        yield made


@pytest.fixture
def anywhere(settings: Settings, database_url: str, notices: dict[str, Any]) -> Iterator[Post]:
    """The same on SQLite and on PostgreSQL."""
    with _posting(settings, database_url, notices) as made:
        yield made
