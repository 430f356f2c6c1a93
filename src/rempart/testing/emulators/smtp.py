"""A mail relay on loopback that delivers to nobody: it keeps what it is handed, and goes wrong when told."""

import asyncio
import threading
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Literal

from rempart.testing.emulators.server import LOOPBACK

STEPS = ("mail", "rcpt", "content")
# later: not now (4xx) · refuse: never (5xx) · drop: the connection breaks, and nothing was taken
# drop-after: the message was taken, and the connection breaks before anybody is told · slow: an answer that takes long
Fault = Literal["later", "refuse", "drop", "drop-after", "slow"]
FAULTS: tuple[Fault, ...] = ("later", "refuse", "drop", "drop-after", "slow")
SLOW_SECONDS = 2.0
MOST_MESSAGE_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class Taken:
    """One message that the relay took. content: as it came over the line."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes = field(repr=False)

    @property
    def message(self) -> EmailMessage:
        """The message, read."""
        read = message_from_bytes(self.content, policy=default)
        assert isinstance(read, EmailMessage)  # noqa: S101 - what this policy reads is one
        return read


class SmtpSink:
    """The relay. Everything it took is here to be looked at by tests.

    faults: step (`mail`, `rcpt`, `content`) -> what goes wrong at its next times, in order.
    """

    def __init__(self, slow_seconds: float = SLOW_SECONDS) -> None:
        self.taken: list[Taken] = []
        self.faults: dict[str, deque[Fault]] = {}
        self.calls: list[str] = []
        self._slow_seconds = slow_seconds
        self._lock = threading.Lock()

    def will(self, step: str, *faults: Fault) -> None:
        """Nothing; the next times of this step go wrong so."""
        self.faults.setdefault(step, deque()).extend(faults)

    @property
    def numbers(self) -> list[str]:
        """The Message-ID of each message that was taken; one that came twice stands here twice."""
        return [str(one.message["Message-ID"]) for one in self.taken]

    def counts(self) -> dict[str, Any]:
        """What happened until now, as JSON values."""
        numbers = self.numbers
        return {
            "taken": len(numbers),
            "different": len(set(numbers)),
            "calls": dict(Counter(self.calls)),
            "faults_left": sum(map(len, self.faults.values())),
        }

    async def handle_MAIL(  # noqa: N802 - the names are the library's
        self,
        server: Any,
        _session: Any,
        envelope: Any,
        address: str,
        options: list[str],
    ) -> str:
        """The reply to who a message is from."""
        refused = await self._wrong("mail", server)
        if refused is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return refused or "250 fine"

    async def handle_RCPT(  # noqa: N802
        self,
        server: Any,
        _session: Any,
        envelope: Any,
        address: str,
        _options: list[str],
    ) -> str:
        """The reply to whom a message goes to."""
        refused = await self._wrong("rcpt", server)
        if refused is None:
            envelope.rcpt_tos.append(address)
        return refused or "250 fine"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """The reply to a whole message."""
        fault = self._next("content")
        if fault in (None, "slow", "drop-after"):
            with self._lock:
                self.taken.append(Taken(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content))
        return await self._reply(fault, server) or "250 taken"

    async def _wrong(self, step: str, server: Any) -> str | None:
        return await self._reply(self._next(step), server)

    async def _reply(self, fault: Fault | None, server: Any) -> str | None:
        """What is said instead; None when nothing goes wrong, or only slowly."""
        match fault:
            case "later":
                return "451 not now"
            case "refuse":
                return "550 no such dragon"
            case "drop" | "drop-after":
                server.transport.abort()
                return "421 gone"
            case "slow":
                await asyncio.sleep(self._slow_seconds)
                return None
            case None:
                return None

    def _next(self, step: str) -> Fault | None:
        with self._lock:
            self.calls.append(step)
            waiting = self.faults.get(step)
            return waiting.popleft() if waiting else None


@contextmanager
def smtp_sink(sink: SmtpSink | None = None, port: int = 0) -> Iterator[tuple[str, SmtpSink]]:
    """(`host:port`, the relay), served on loopback until the block ends. It speaks without encryption."""
    from aiosmtpd.smtp import SMTP

    chosen = sink or SmtpSink()
    loop = asyncio.new_event_loop()

    def session() -> Any:
        return SMTP(
            chosen, hostname="relay.example", loop=loop, data_size_limit=MOST_MESSAGE_BYTES, enable_SMTPUTF8=False
        )

    try:
        server = loop.run_until_complete(loop.create_server(session, LOOPBACK, port))
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            yield f"{LOOPBACK}:{server.sockets[0].getsockname()[1]}", chosen
        finally:
            asyncio.run_coroutine_threadsafe(_end(server), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
    finally:
        loop.close()


async def _end(server: asyncio.Server) -> None:
    """Nothing; nobody is listened to any more, and no session goes on."""
    server.close()
    others = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
    for one in others:
        one.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)
