"""The authority of the campaign: each report has faults of its own, and some calls are the worker's last."""

import re
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from threading import RLock

from rempart.clock import Clock
from rempart.testing.emulators.cybertip import BASE, CyberTipline, Fault, Opened
from rempart.testing.emulators.server import Asked, Told
from rempart.testing.report_faults.plans import Death, Run, When

_RUN = re.compile(rb"https://dragon\.example/run-(\d+)")
_NUMBER = re.compile(rb'<reportId>(\d+)<|name="id"\r\n\r\n(\d+)\r\n|^id=(\d+)$')


class Judge(CyberTipline):
    """A CyberTipline that knows the runs. kill: ends the worker at once."""

    def __init__(self, clock: Clock, planned: Sequence[Run], kill: Callable[[], None]) -> None:
        super().__init__(clock)
        self._kill, self._turn = kill, RLock()
        self._faults = {one.number: _by_step(one) for one in planned}
        self._deaths = {one.number: [death for death in one.deaths if death.step != "commit"] for one in planned}
        self._called: Counter[tuple[int | None, str]] = Counter()

    def answer(self, asked: Asked) -> Told:
        """The answer to one request; none when the worker dies of it."""
        step = asked.path.removeprefix(f"{BASE}/")
        with self._turn:
            run = self.run_of(asked.body)
            self._called[run, step] += 1
            number = self._called[run, step]
        if self._dies(run, step, number, "before"):
            return Told(drop=True)
        told = super().answer(asked)
        return Told(drop=True) if self._dies(run, step, number, "after") else told

    def faults_of(self, step: str, body: bytes) -> "deque[Fault] | None":
        """What goes wrong at the next calls of this step for the report that these bytes speak of."""
        run = self.run_of(body)
        return None if run is None else self._faults[run].get(step)

    def run_of(self, body: bytes) -> int | None:
        """The run that a request speaks of, by what it is about or by the number of its report."""
        named = _RUN.search(body)
        if named is None:
            number = next((int(one) for found in [_NUMBER.search(body)] if found for one in found.groups() if one), 0)
            report = self.reports.get(number)
            named = _RUN.search(report.xml) if report else None
        return int(named[1]) if named else None

    def of_runs(self) -> Mapping[int, list[Opened]]:
        """run -> its reports, oldest first."""
        found: dict[int, list[Opened]] = {}
        for one in self.reports.values():
            named = _RUN.search(one.xml)
            if named:
                found.setdefault(int(named[1]), []).append(one)
        return found

    def _dies(self, run: int | None, step: str, number: int, when: When) -> bool:
        with self._turn:
            planned, death = self._deaths.get(run, []) if run is not None else [], Death(step, number, when)
            if death not in planned:
                return False
            planned.remove(death)
        self._kill()
        return True


def _by_step(run: Run) -> "dict[str, deque[Fault]]":
    found: dict[str, deque[Fault]] = {}
    for step, fault in run.faults:
        found.setdefault(step, deque()).append(fault)
    return found
