"""Durable workflows: an effect that was handed over is performed, whatever dies meanwhile.

DBOS keeps its own tables: the schema `dbos` on PostgreSQL, `dbos.sqlite3` in the data folder otherwise. Only numbers
are handed over, as JSON. It calls nobody: no telemetry, no conductor, no administration server.
"""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from rempart.startup import settle
from rempart.storage.database import Database
from rempart.storage.outbox import Effect
from rempart.wiring.desk import Desk

if TYPE_CHECKING:
    from dbos import DBOSConfig

WORKFLOW = "effect"
# One version for ever: a workflow is one call with two numbers, which any release can take over.
VERSION = "1"
THREADS = 16
POOL = 8

# ours: this process began it, by its own record.
Standing = Literal["unknown", "running", "ours", "orphaned", "ended"]


class Durable:
    """The workflows of this process. There is one in a process at a time."""

    def __init__(self, desk: Desk, name: str, perform: Callable[[int, int], None]) -> None:
        self._desk, self._name, self._perform = desk, name, perform

    def start(self) -> None:
        """Nothing; workflows can be started. Takes most of a second: the library is loaded here.

        What a start that failed left behind is taken away first: else the next one would believe that it had begun.
        """
        from dbos import DBOS

        DBOS.destroy(destroy_registry=True)
        perform = self._perform

        @DBOS.workflow(name=WORKFLOW)
        def effect(effect_id: int, attempt: int) -> None:
            perform(effect_id, attempt)

        self._effect = effect
        DBOS(config=_config(self._desk, self._name))
        DBOS.launch()
        settle()  # the library is large

    def stop(self) -> None:
        """Nothing; what did not end is left for the next worker."""
        from dbos import DBOS

        DBOS.destroy(destroy_registry=True)

    def submit(self, effect: Effect) -> None:
        """Nothing; the attempt will be made. Submitting it twice makes one attempt."""
        from dbos import DBOS, SetWorkflowID

        with SetWorkflowID(workflow_id(effect)):
            DBOS.start_workflow(self._effect, effect.id, effect.attempts)

    def standing(self, effect: Effect, living: Collection[str]) -> Standing:
        """What became of the attempt. living: the workers that live; what another began is orphaned."""
        from dbos import DBOS

        found = DBOS.get_workflow_status(workflow_id(effect))
        if found is None:
            return "unknown"
        if found.status in ("ENQUEUED", "DELAYED"):
            return "running"
        if found.status == "PENDING" and found.executor_id == self._name:
            return "ours"
        if found.status == "PENDING":
            return "running" if found.executor_id in living else "orphaned"
        return "ended"

    def adopt(self, effect: Effect) -> None:
        """Nothing; an orphaned attempt will be made by one of those that live."""
        from dbos import DBOS

        DBOS.resume_workflow(workflow_id(effect))

    def forget(self, days: int) -> int:
        """How many records of ended attempts were removed: the outbox keeps what happened."""
        from dbos import DBOS

        before = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        old = DBOS.list_workflows(
            status=["SUCCESS", "ERROR"], completed_before=before, limit=1000, load_input=False, load_output=False
        )
        if old:
            DBOS.delete_workflows([one.workflow_id for one in old])
        return len(old)


def load() -> None:
    """Nothing; the library is loaded now, by who is about to make processes of itself."""
    import dbos  # noqa: F401


def workflow_id(effect: Effect) -> str:
    """The name of the attempt: the same attempt cannot be begun twice."""
    return f"outbox-{effect.id}" + (f"-{effect.attempts}" if effect.attempts else "")


def _config(desk: Desk, name: str) -> "DBOSConfig":
    from dbos import DBOSPortableJSONSerializer

    return {
        "name": "rempart",
        "system_database_url": _address(desk),
        "dbos_system_schema": "dbos",
        "executor_id": name,
        "application_version": VERSION,
        "serializer": DBOSPortableJSONSerializer(),
        "use_listen_notify": False,
        "enable_otlp": False,
        "log_level": "WARNING",
        "max_executor_threads": THREADS,
        "sys_db_pool_size": POOL,
    }


def _address(desk: Desk) -> str:
    if not desk.database.is_sqlite:
        return desk.database.url.render_as_string(hide_password=False)
    address = f"sqlite:///{desk.settings.data_folder / 'dbos.sqlite3'}"
    own = Database(address)  # sets the write-ahead log, which stays with the file
    with own.reading():
        pass
    own.close()
    return address
