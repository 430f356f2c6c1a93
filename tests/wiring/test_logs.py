"""Logs: what happened, to which number; never what was in it."""

import io
import json
import logging
from typing import Any

import pytest
import structlog

from rempart.wiring.logs import raised_at, start_logging

SECRETS = ("purple", "dragon", "a1b2c3")


@pytest.fixture
def stream() -> io.StringIO:
    """What is logged."""
    made = io.StringIO()
    start_logging(made)
    return made


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """Each line as JSON, after making sure that nothing secret stands in any."""
    assert not any(secret in stream.getvalue().lower() for secret in SECRETS)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def explode() -> None:
    raise ValueError("a purple dragon at https://dragon.example/?token=a1b2c3")


def test_our_own_events_are_lines_of_json_with_the_time_in_utc(stream: io.StringIO) -> None:
    structlog.get_logger("rempart.worker").info("effect.done", effect=12, kind="notice.screen", organisation=1)
    (line,) = lines(stream)
    assert line.pop("at").endswith("Z")
    assert line == {"event": "effect.done", "effect": 12, "kind": "notice.screen", "organisation": 1, "level": "info"}


def test_what_is_bound_to_a_request_stands_in_each_of_its_lines(stream: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request="r-1"):
        structlog.get_logger().info("one")
    structlog.get_logger().info("two")
    first, second = lines(stream)
    assert first["request"] == "r-1"
    assert "request" not in second


def test_what_is_only_for_debugging_is_not_written(stream: io.StringIO) -> None:
    structlog.get_logger().debug("purple")
    logging.getLogger("sqlalchemy.engine").info("SELECT purple")
    logging.getLogger("anything").debug("purple")
    assert lines(stream) == []


@pytest.mark.parametrize(
    "name", ["sqlalchemy.pool", "dbos", "dbos.anything", "uvicorn.error", "alembic", "py.warnings"]
)
def test_what_a_library_says_is_reduced_to_where_it_was_said(stream: io.StringIO, name: str) -> None:
    logging.getLogger(name).warning("a purple %s", "dragon", extra={"token": "a1b2c3"})
    (line,) = lines(stream)
    assert (line["event"], line["library"], line["level"]) == ("library", name, "warning")
    assert line["place"].startswith("test_logs:")


def test_what_went_wrong_in_a_library_is_told_by_type_and_place(stream: io.StringIO) -> None:
    try:
        explode()
    except ValueError:
        logging.getLogger("dbos").exception("purple", stack_info=True)
    (line,) = lines(stream)
    assert line["type"] == "ValueError"
    assert line["raised_at"].startswith("test_logs.py:")
    assert line["raised_at"].endswith(" explode")


def test_a_cause_is_not_quoted_either(stream: io.StringIO) -> None:
    try:
        try:
            explode()
        except ValueError as error:
            raise OSError("dragon.example refused") from error
    except OSError:
        logging.getLogger("alembic").exception("purple")
    (line,) = lines(stream)
    assert line["type"] == "OSError"


@pytest.mark.parametrize("name", ["httpx", "httpcore", "httpcore.connection", "uvicorn.access"])
def test_libraries_that_name_addresses_are_not_heard_at_all(
    stream: io.StringIO, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger(name).error("GET https://dragon.example/?token=a1b2c3")
    assert lines(stream) == []
    assert capfd.readouterr().err == ""


def test_beginning_to_log_twice_writes_each_line_once() -> None:
    first, second = io.StringIO(), io.StringIO()
    start_logging(first)
    start_logging(second)
    logging.getLogger("alembic").warning("x")
    structlog.get_logger().info("y")
    assert first.getvalue() == ""
    assert len(second.getvalue().splitlines()) == 2


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert raised_at(ValueError("purple")) == "unknown"
