"""The sandbox as the rest of the house uses it."""

import contextlib
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from rempart.errors import Broken
from rempart.facts import Limits, reasons
from rempart.media.not_examinable import NotExaminable
from rempart.media.sandbox import wire
from rempart.media.sandbox.processes import ChildProcess, Nursery, Order
from rempart.media.sandbox.source import Blob, Source, opened

_WARM = "rempart.media.warming:warm"
_STATUS_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an archive: either its bytes, to be closed after use, or the reason why there are none.

    name: safe to show, and no other member of the archive has it.
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

    @property
    def number(self) -> int | None:
        """Process id of the present child, or None between two."""
        return self._process.number if self._process else None

    def run(self, source: Source, request: dict[str, Any]) -> dict[str, Any]:
        """What the task answers for these bytes.

        Raises NotExaminable with a reason of the vocabulary; the next call works whatever happened.
        """
        with opened(source, self._limits.max_bytes) as (descriptor, size):
            message = {"do": "run", "size": size, "request": request}
            answer, surplus = self._ask(message, descriptor)
        if surplus is not None:
            os.close(surplus)
        return self._content(answer)

    def members(self, source: Source, depth: int = 1) -> Iterator[Member]:
        """Every member of the archive, one at a time, unpacked in a confined process of its own.

        The archive is read piece by piece and may be as large as `max_archive_bytes`; `max_seconds` is for one member.

        depth: 1 for an archive found as a file, 2 for one found in an archive, and so on.
        Raises NotExaminable when the rest of the archive cannot be unpacked; members already out stay good.
        """
        if depth > self._limits.max_nesting:
            raise NotExaminable(reasons.NESTED)
        extractor = Child(lambda _: self._fork(True), self._limits)
        try:
            with opened(source, self._limits.max_archive_bytes) as (descriptor, size):
                message: wire.Message = {"do": "members", "size": size}
                step = extractor._ask(message, descriptor)
            while (member := extractor._member(*step)) is not None:
                yield member
                step = extractor._ask({"do": "next"}, None)
        finally:
            extractor.close()

    def close(self) -> None:
        """Nothing: the process is gone."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def _member(self, answer: wire.Message, descriptor: int | None) -> Member | None:
        """The member in the message, or None after the last one. Nothing in the message is trusted."""
        source = None if descriptor is None else Blob(descriptor)
        name, reason = answer.get("member"), answer.get("reason")
        if isinstance(name, str) and source is not None and stat.S_ISREG(os.fstat(source.descriptor).st_mode):
            return Member(name, source, None)
        if source is not None:
            source.close()
            raise self._garbled()
        if isinstance(name, str):
            return Member(name, None, _checked(reason))
        self._content(answer)
        return None

    def _ask(self, message: wire.Message, descriptor: int | None) -> tuple[wire.Message, int | None]:
        """What the present child answers; a child that dies, hangs or babbles is removed."""
        if self._process is not None and not self._process.is_alive():
            self.close()  # it died while it had nothing to do, so the next item is not to blame
        process = self._process = self._process or self._fork(False)
        try:
            return process.ask(message, descriptor, self._limits.max_seconds)
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
            raise NotExaminable(_checked(answer["refused"]), str(answer.get("where", ""))[:200])
        content = answer.get("answer")
        if not isinstance(content, dict):
            raise self._garbled()
        return content

    def _garbled(self) -> NotExaminable:
        self.close()
        return NotExaminable(reasons.CRASHED)


def _checked(reason: object) -> str:
    """The reason when it is one of the vocabulary; a child that makes up reasons counts as crashed."""
    known = isinstance(reason, str) and len(reason) <= 100 and reason.isprintable()
    return str(reason) if known and reasons.code_of(str(reason)) in reasons.MEANING else reasons.CRASHED


class Sandbox:
    """Confined children for untrusted bytes. Use as a context manager; `child()` may be called from any thread.

    Not for use in a process forked from the one that opened it: open one there.
    """

    def __init__(
        self,
        task: str,
        preload: tuple[str, ...] = (),
        limits: Limits | None = None,
        search_path: tuple[Path, ...] = (),
        configure: dict[str, Any] | None = None,
    ) -> None:
        """task: `module:function` with the signature `(data: bytes, request: dict, limits: Limits) -> dict` of JSON.

        preload: `module:function` each, called once in the nursery to warm what the task needs.
        search_path: more folders to import from, for tasks that are not installed.
        configure: `module:function` -> JSON value, each called once in the nursery: what every child shall know.
        """
        self._limits = limits or Limits()
        folders = tuple(str(folder.absolute()) for folder in search_path)
        self._nursery = Nursery(Order(task, (_WARM, *preload), folders, self._limits, configure or {}))
        self._lock = threading.Lock()
        self._children: list[Child] = []

    def __enter__(self) -> "Sandbox":
        self._nursery.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def child(self) -> Child:
        """A child for the calling thread; its process starts with the first item. Closed with the sandbox."""
        child = Child(self._nursery.fork, self._limits)
        with self._lock:
            self._children.append(child)
        return child

    def status(self) -> dict[str, str]:
        """What is in force in a child, and what it could still do when it tried: `refused` or `ALLOWED`.

        Raises Broken when no child can live.
        """
        process = self._nursery.fork()
        try:
            answer, _ = process.ask({"do": "status"}, None, _STATUS_SECONDS)
            found = dict(answer["status"])
            with contextlib.suppress(wire.Closed):
                found |= wire.receive(process.channel, time.monotonic() + _STATUS_SECONDS)[0]["status"]
        except (wire.Closed, wire.Garbled, TimeoutError, KeyError) as error:
            raise Broken("a sandboxed child died while it tried its protections; is there memory left?") from error
        finally:
            process.kill()
        return {"run a program": "ALLOWED"} | found

    def close(self) -> None:
        """Nothing: every child and the nursery are gone."""
        with self._lock:
            for child in self._children:
                child.close()
            self._children.clear()
        self._nursery.stop()
