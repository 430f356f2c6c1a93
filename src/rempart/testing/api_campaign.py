"""Our own OpenAPI description against our own API: calls made up by schemathesis, valid and not, none answered 5xx.

`python -m rempart.testing.api_campaign --calls 5000`. Every operation of the description takes part; a new one needs
nothing. No network: the app is called in this process.
"""

import argparse
import json
import logging
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import structlog
from fastapi import FastAPI
from starlette.exceptions import StarletteDeprecationWarning

from rempart.facts.people import SCOPES
from rempart.people import queries, tokens
from rempart.settings import Settings
from rempart.storage.database import Database
from rempart.testing.desk_ground import MAKERS, Ground
from rempart.testing.desk_intake import intake_desk
from rempart.testing.desk_routes import Call, calls
from rempart.testing.desk_web import service, web_app
from rempart.wiring.desk import Desk

MEMORY: Final = "/dev/shm"  # noqa: S108 - it has to be memory
# With every scope, with none that helps, with one that is wrong, with nobody.
CALLERS: Final = (*["all"] * 6, "figures", "wrong", "nobody")
# In so many calls out of ten the identifiers in the path are of things that are there.
REAL_OF_TEN: Final = 5
MOST_TOLD: Final = 20


@dataclass(slots=True)
class Outcome:
    """What was answered. server_errors: method, path, status of each answer of 5xx. odd: what the description does not
    promise, such as an error of another shape."""

    calls: int = 0
    operations: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    server_errors: list[str] = field(default_factory=list)
    odd: Counter[str] = field(default_factory=Counter)

    @property
    def whole(self) -> bool:
        """Whether the API kept its word."""
        return self.calls > 0 and not self.server_errors and not self.odd


class Campaign:
    """The API of one desk, and those who call it."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self._app, self._draw = web_app(desk), Random(seed)  # noqa: S311 - repeatable, not secret
        everything = service(self._app, desk, *SCOPES).headers["Authorization"]
        token = str(everything).removeprefix("Bearer ")
        with desk.database.reading() as reader:
            found = tokens.find(reader, token)
            organisation = queries.organisations(reader)[0].id
        assert found is not None  # noqa: S101 - made two lines ago
        self._ground = Ground(desk, organisation, found.pid)
        self._headers = {
            "all": {"Authorization": f"Bearer {token}"},
            "figures": {"Authorization": str(service(self._app, desk, "figures").headers["Authorization"])},
            "wrong": {"Authorization": f"Bearer {token[:-1]}"},
            "nobody": {},
        }
        self._routes = {(call.method, call.path): call for call in calls(self._app)}
        self.outcome = Outcome()

    def run(self, examples: int) -> Outcome:
        """What was answered to so many made-up calls of each operation, half of them valid."""
        with _quiet():
            for operation in _operations(self._app):
                self.outcome.operations += 1
                self._explore(operation, examples)
        return self.outcome

    def _explore(self, operation: Any, examples: int) -> None:
        from hypothesis import HealthCheck, Phase, given, settings
        from hypothesis import seed as seeded
        from hypothesis.errors import Unsatisfiable
        from schemathesis import GenerationMode

        call = self._routes[operation.method.upper(), operation.path]
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @seeded(self._draw.getrandbits(32))
            @settings(
                max_examples=max(examples // 2, 1),
                database=None,
                deadline=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: Any) -> None:
                self._ask(call, case)

            with suppress(Unsatisfiable):  # an operation without anything to get wrong
                ask()

    def _ask(self, call: Call, case: Any) -> None:
        if call.places and self._draw.randrange(10) < REAL_OF_TEN:
            case.path_parameters = self._real(call)
        kept = {name: value for name, value in (case.headers or {}).items() if name.lower() != "authorization"}
        case.headers = kept | self._headers[self._draw.choice(CALLERS)]
        answer = case.call()
        self.outcome.calls += 1
        self.outcome.statuses[answer.status_code] += 1
        what = f"{call.method} {call.path}"
        if answer.status_code >= 500:
            self.outcome.server_errors.append(f"{what}: {answer.status_code}")
        problem = _problem_in(case.operation, answer)
        if problem:
            self.outcome.odd[f"{what}: {problem}"] += 1

    def _real(self, call: Call) -> dict[str, Any]:
        """What stands for the parameters of the path."""
        values = [MAKERS[place](self._ground) if place in MAKERS else "1" for place in call.places]
        return dict(zip(call.route.param_convertors, values, strict=True))


def _operations(app: FastAPI) -> Iterator[Any]:
    """Every operation of the description. Raises what schemathesis raises for a description that makes no sense."""
    import schemathesis

    found: Any
    for found in schemathesis.openapi.from_asgi("/v1/openapi.json", app).get_all_operations():
        yield found.ok()


def _problem_in(operation: Any, answer: Any) -> str:
    """What the description does not promise of this answer; empty when all is as described."""
    known = operation.responses.status_codes
    if str(answer.status_code) not in known:
        return f"{answer.status_code} is not described"
    if answer.status_code >= 400 and not _is_problem(answer):
        return f"{answer.status_code} has another shape"
    return ""


def _is_problem(answer: Any) -> bool:
    try:
        said = json.loads(answer.content)
    except ValueError:
        return False
    return isinstance(said, dict) and set(said) == {"error", "detail", "help"}


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the log of every call, and without warnings of libraries: that the test client has a successor, …"""
    before = structlog.get_config()["wrapper_class"]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", StarletteDeprecationWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", UserWarning)
        try:
            yield
        finally:
            structlog.configure(wrapper_class=before)


def run(examples: int, seed: int = 20261122) -> Outcome:
    """What was answered by a desk of its own on SQLite."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        memory = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=MEMORY)))
        settings = Settings(data_folder=folder / "data", memory_folder=memory / "lists", workers=1)
        url = f"sqlite:///{folder / 'desk.sqlite3'}"
        _prepare(url)
        desk = stack.enter_context(intake_desk(settings, url))
        return Campaign(desk, seed).run(examples)


def _prepare(url: str) -> None:
    from rempart.migrations import upgrade

    database = Database(url)
    upgrade(database)
    database.close()


def main(words: Sequence[str] | None = None, say: Callable[[str], None] | None = None) -> int:
    """0 when nothing was answered with 5xx and everything is as described. The last line is JSON."""
    parser = argparse.ArgumentParser(prog="python -m rempart.testing.api_campaign", description=__doc__)
    parser.add_argument("--calls", type=int, default=5000, help="least number of calls")
    parser.add_argument("--seed", type=int, default=20261122)
    asked = parser.parse_args(words)
    told = say or (lambda text: print(text))  # noqa: T201 - this is a command
    outcome, examples = Outcome(), 40
    while outcome.calls < asked.calls:
        outcome = run(examples, asked.seed)
        examples = max(examples * 2, examples * asked.calls // max(outcome.calls, 1) + 20)
    for problem in [*outcome.server_errors, *outcome.odd][:MOST_TOLD]:
        told(problem)
    counts = {"calls": outcome.calls, "operations": outcome.operations, "server_errors": len(outcome.server_errors)}
    told(json.dumps({**counts, "odd": len(outcome.odd), "statuses": dict(sorted(outcome.statuses.items()))}))
    return 0 if outcome.whole else 1


if __name__ == "__main__":
    sys.exit(main())
