"""Reporting as the settings say."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from rempart.reporting.recipients import RECIPIENTS
from rempart.settings import ReportingSettings, Settings
from rempart.wiring.desk import Desk
from rempart.wiring.reporting import reporting_of


def test_every_recipient_learns_who_reports_and_its_own_settings() -> None:
    chosen = ReportingSettings.model_validate({"desk": {"name": "Dragon Watch"}, "nca": {"administrator": "Eve"}})
    settings = Settings(data_folder=Path("none")).model_copy(update={"reporting": chosen})
    desk = cast(Desk, SimpleNamespace(fields=None, settings=settings))
    reporting = reporting_of(desk)
    for name in RECIPIENTS:
        options: Any = reporting.options_of(name)
        assert options["desk"]["name"] == "Dragon Watch"
    assert reporting.options_of("nca")["administrator"] == "Eve"
    assert reporting.environment is None
