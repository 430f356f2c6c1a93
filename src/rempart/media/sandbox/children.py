"""One confined process after another, as the parent sees them: what it asks, and what it believes of the answers."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from rempart.facts import Limits, reasons
from rempart.media.budget import Budget, Left
from rempart.media.naming import showable
from rempart.media.not_examinable import NotExaminable
from rempart.media.sandbox import wire
from rempart.media.sandbox.confinement import MOST_REQUESTS
from rempart.media.sandbox.processes import ChildProcess
from rempart.media.sandbox.source import Blob, Source, opened

_LONGEST_PLACE = 200
_LEAST_SECONDS = 0.001

Answer = tuple[wire.Message, int | None]


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an archive: either its bytes, to be closed after use, or the reason why there are none.

    name: safe to show. No other member of the archive has it, unless the child was taken over.
    """

    name: str
    source: Blob | None
    reason: str | None


class Child:
    """One confined process and its successors. For one thread at a time."""

    def __init__(self, fork: Callable[[bool], ChildProcess], limits: Limits) -> None:
        self._fork = fork
        self._limits = limits
        self._process: ChildProcess | None = None
        self._requests = 0

    @property
    def number(self) -> int | None:
        """Process id of the present child, or None between two."""
        return self._process.number if self._process else None

    def run(self, source: Source, request: dict[str, Any]) -> dict[str, Any]:
        """What the task answers for these bytes.

        Raises NotExaminable with a reason of the vocabulary; the next call works whatever happened. Raises Broken and
        Unavailable when there can be no child at all.
        """
        with opened(source, self._limits.max_bytes) as (descriptor, size):
            message = {"do": "run", "size": size, "request": request}
            answer, surplus = self._ask(message, descriptor, self._limits.max_seconds)
        if surplus is not None:
            os.close(surplus)
        self._requests += 1
        if self._requests >= MOST_REQUESTS:  # counted here: a child that was taken over would not go by itself
            self.close()
        return self._content(answer)

    def members(self, source: Source, depth: int = 1, budget: Budget | None = None) -> Iterator[Member]:
        """Every member of the archive, one at a time, unpacked in a confined process of its own.

        The archive is read piece by piece and may be as large as `max_archive_bytes`; `max_seconds` is for one member.

        depth: 1 for an archive found as a file, 2 for one found in an archive, and so on.
        budget: what may still be spent on the item as a whole, whose archives all share it; a fresh one by default.
        Raises NotExaminable when the rest of the archive cannot be unpacked; members already out stay good.
        """
        if depth > self._limits.max_nesting:
            raise NotExaminable(reasons.NESTED)
        extractor = Child(lambda _: self._fork(True), self._limits)
        try:
            with opened(source, self._limits.max_archive_bytes) as (descriptor, size):
                account = _Account(budget or Budget.of(self._limits, size))
                message: wire.Message = {"do": "members", "size": size, "left": account.left}
                step = extractor._step(message, descriptor, account)
            while (member := extractor._member(*step)) is not None:
                yield member
                step = extractor._step({"do": "next"}, None, account)
        finally:
            extractor.close()

    def close(self) -> None:
        """Nothing: the process is gone."""
        if self._process is not None:
            self._process.kill()
            self._process = None
            self._requests = 0

    def _step(self, message: wire.Message, descriptor: int | None, account: "_Account") -> Answer:
        """The next member as the child hands it over, paid for. Raises NotExaminable when the item has cost enough."""
        account.budget.check()
        seconds = min(self._limits.max_seconds, max(account.budget.seconds_left, _LEAST_SECONDS))
        try:
            answer, handed = self._ask(message, descriptor, seconds)
        except NotExaminable:
            account.budget.check()  # perhaps it was the time of the whole item that was over
            raise
        size = 0 if handed is None else os.fstat(handed).st_size
        try:
            account.settle(answer.get("left"), (int("member" in answer), size))
        except NotExaminable:
            if handed is not None:
                os.close(handed)
            raise
        return answer, handed

    def _member(self, answer: wire.Message, descriptor: int | None) -> Member | None:
        """The member in the message, or None after the last one. Nothing in the message is trusted."""
        source = None if descriptor is None else Blob(descriptor)
        name, reason = answer.get("member"), answer.get("reason")
        if isinstance(name, str) and source is not None and stat.S_ISREG(os.fstat(source.descriptor).st_mode):
            return Member(showable(name), source, None)
        if source is not None:
            source.close()
            raise self._garbled()
        if isinstance(name, str):
            return Member(showable(name), None, _checked(reason))
        self._content(answer)
        return None

    def _ask(self, message: wire.Message, descriptor: int | None, seconds: float) -> Answer:
        """What the present child answers; a child that dies, hangs or babbles is removed."""
        if self._process is not None and not self._process.is_alive():
            self.close()  # it died while it had nothing to do, so the next item is not to blame
        process = self._process = self._process or self._fork(False)
        try:
            return process.ask(message, descriptor, seconds)
        except TimeoutError as error:
            self.close()
            raise NotExaminable(reasons.TIMEOUT) from error
        except (wire.Closed, wire.Garbled) as error:
            self.close()
            raise NotExaminable(reasons.CRASHED) from error
        except BaseException:  # an interrupt: the child may be in the middle of an answer nobody will read
            self.close()
            raise

    def _content(self, answer: wire.Message) -> dict[str, Any]:
        if answer.get("last"):
            self.close()
        if "refused" in answer:
            place = answer.get("where")
            where = showable(place, _LONGEST_PLACE) if isinstance(place, str) else ""
            raise NotExaminable(_checked(answer["refused"]), where)
        content = answer.get("answer")
        if not isinstance(content, dict):
            raise self._garbled()
        return content

    def _garbled(self) -> NotExaminable:
        self.close()
        return NotExaminable(reasons.CRASHED)


class _Account:
    """What one extractor uses of a budget that others use, too."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.left = budget.left

    def settle(self, left: object, at_least: Left) -> None:
        """Nothing: the budget has paid what the child says it used, and at least what the parent saw.

        Raises NotExaminable when that was more than there was. A child may lie here. It then unpacks more bytes than
        it says, but hands out no more members or bytes, and takes no more time.
        """
        used = at_least
        if isinstance(left, list) and len(left) == 2 and all(isinstance(each, int) for each in left):
            used = max(used[0], self.left[0] - left[0]), max(used[1], self.left[1] - left[1])
            self.left = left[0], left[1]
        self.budget.charge(used)
        self.budget.check()


def _checked(reason: object) -> str:
    """The reason when it is one of the vocabulary; a child that makes up reasons counts as crashed."""
    return reason if reasons.is_reason(reason) else reasons.CRASHED
