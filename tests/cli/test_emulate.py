"""`rempart emulate` as an integrator starts it: a process of its own, set up by what it prints."""

import http.client
import json
import signal
import socket
import time
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from rempart.cli.emulate import emulate
from rempart.errors import Unavailable, UserMistake
from rempart.settings import Settings
from rempart.testing.emulators.catalogue import EMULATORS, emulator_named, read_faults
from rempart.testing.serving import Running, running
from rempart.wiring.network import open_outbound

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
GUIDE = Path(__file__).parents[2] / "docs/how-to/try-reporting-with-emulators.md"


def introduced(command: Running) -> dict[str, Any]:
    """What it says first."""
    until = time.monotonic() + 60
    while "\n" not in command.said():
        assert command.process.poll() is None, command.said()
        assert time.monotonic() < until
        time.sleep(0.02)
    found: dict[str, Any] = json.loads(command.said().splitlines()[0])
    return found


def ask(address: str, method: str, step: str, login: str) -> int:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    headers = {"Authorization": "Basic " + b64encode(login.encode()).decode()}
    connection.request(method, f"{parts.path}/{step}", headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_it_prints_how_to_reach_it_and_in_the_end_what_it_was_sent(environment: dict[str, str]) -> None:
    with running(environment, "emulate", "cybertip", "--json", "--fault", "finish=http-500*2") as command:
        told = introduced(command)
        variables, address = told["variables"], told["address"]
        assert address.startswith("http://127.0.0.1:")
        login = ":".join(variables[f"REMPART_REPORTING__CYBERTIP__{name}"] for name in ("USERNAME", "PASSWORD"))
        assert ask(address, "GET", "status", login) == 200
        assert ask(address, "GET", "status", "nobody:nothing") == 401
        assert ask(address, "POST", "finish", login) == 500
        assert command.stop(signal.SIGINT) == 0
        counts = json.loads(command.said().partition("\n")[2])
    assert counts["calls"] == {"status": 2, "finish": 1}
    assert (counts["reports"], counts["faults_left"]) == ({}, 1)


def test_the_variables_that_it_prints_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, emulator in EMULATORS.items():
        with emulator.serving(0, []) as one, monkeypatch.context() as patched:
            for variable, value in one.variables.items():
                patched.setenv(variable, value)
            made = Settings()
            host, _, port = one.address.rpartition("://")[2].partition("/")[0].rpartition(":")
            if name == "hosts":  # it is asked about names, and nothing is sent to it
                assert made.net.resolvers[0] == one.address
            else:
                assert open_outbound(made).allowed.named(host, int(port))


def test_it_listens_on_loopback_only_and_says_when_the_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Unavailable, match="is taken"):
        emulate("cybertip", port=taken.getsockname()[1])


def test_faults_are_read_in_order_and_repeated() -> None:
    emulator = emulator_named("cybertip")
    assert read_faults(emulator, ["upload=drop-after*2", "submit=http-429"]) == [
        ("upload", "drop-after"),
        ("upload", "drop-after"),
        ("submit", "http-429"),
    ]


@pytest.mark.parametrize(
    "text", ["", "=", "upload", "upload=", "upload=dragon", "fly=http-429", "upload=http-429*", "upload=http-429*0",
             "upload=http-429*-1", "upload=http-429*99999999999999999999", "upload=http-429*²", "submit=http-429*1*2"]
)  # fmt: skip
def test_a_fault_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(UserMistake):
        read_faults(emulator_named("cybertip"), [text])


def test_an_emulator_that_does_not_exist_is_refused_with_the_names_of_those_that_do() -> None:
    with pytest.raises(UserMistake, match="cybertip"):
        emulate("dragon")


def test_it_lists_whom_it_can_play(capsys: pytest.CaptureFixture[str]) -> None:
    assert emulate(json_output=True) == 0
    listed = json.loads(capsys.readouterr().out)["emulators"]
    assert [one["name"] for one in listed] == list(EMULATORS)


def test_each_emulator_with_its_steps_and_faults_is_in_the_guide() -> None:
    page = GUIDE.read_text()
    for name, emulator in EMULATORS.items():
        assert f"`{name}`" in page
        assert all(f"`{one}`" in page for one in (*emulator.steps, *emulator.faults))
