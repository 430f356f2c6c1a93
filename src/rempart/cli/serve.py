"""`rempart serve`: the desk in the browser."""

import signal
import socket
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rempart.errors import Conflict, UserMistake

if TYPE_CHECKING:
    import uvicorn

    from rempart.wiring.desk import Desk

EXAMPLE = "Example: rempart serve --port 8080"
STOP_SECONDS = 10


def serve(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port to listen on.", min=1, max=65_535)] = None,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Leave effects to `rempart worker`.")] = False,
) -> None:
    """Serve the desk: console, public forms and API."""
    from rempart import settings as tree

    settings = tree.read()
    here = host or settings.serve.host
    with listening(here, port or settings.serve.port) as door:
        from rempart.wiring.desk import open_desk
        from rempart.wiring.logs import start_logging

        start_logging()
        with open_desk(settings) as desk:
            _keep_the_demo_at_home(desk, here)
            _serve(desk, door, with_worker=not no_worker)


def listening(host: str, port: int) -> socket.socket:
    """A socket that holds the address, before anything else is started. Raises UserMistake when it cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        door = socket.socket(family, kind, protocol)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(address)
            door.listen(socket.SOMAXCONN)
        except OSError:
            door.close()
            raise
    except OSError as error:
        raise UserMistake(
            f"port {port} of `{host}` cannot be had ({error.strerror}); "
            "stop what listens there, or choose another with --port"
        ) from None
    return door


def _keep_the_demo_at_home(desk: "Desk", host: str) -> None:
    from rempart.testing.demo_desk import marker

    with desk.database.reading() as reader:
        loaded = marker.standing(reader) != "absent"
    if loaded:
        marker.refuse_elsewhere(desk.settings.serve, host)


def _serve(desk: "Desk", door: socket.socket, *, with_worker: bool) -> None:
    import uvicorn

    from rempart.startup import settle
    from rempart.web.app import make_app
    from rempart.worker.loop import Worker

    config = uvicorn.Config(
        make_app(desk),
        loop="uvloop",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # the desk reads them itself, from the proxies it trusts
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    worker = Worker(desk) if with_worker else None

    def begun() -> None:
        _greet(desk, door, with_worker=with_worker)
        settle()
        if worker is not None:
            worker.start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # the server takes them over, and sends them again when it has stopped
    try:
        _server(config, begun).run(sockets=[door])
    finally:
        if worker is not None:
            worker.stop()


def _server(config: "uvicorn.Config", begun: Callable[[], None]) -> "uvicorn.Server":
    """A server that says when it answers: what is slow and can wait begins only then."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets=sockets)
            if not self.should_exit:
                begun()

    return Server(config)


def _greet(desk: "Desk", door: socket.socket, *, with_worker: bool) -> None:
    host, port = door.getsockname()[:2]
    address = desk.settings.serve.public_url.rstrip("/") or f"http://{f'[{host}]' if ':' in host else host}:{port}"
    print(f"console: {address}/", file=sys.stderr)
    path = _first_link(desk)
    if path is not None:
        print(f"nobody has an account yet; make the first administrator: {address}{path}", file=sys.stderr)
    if not with_worker:
        print("effects are left to `rempart worker`; start one beside it", file=sys.stderr)
    sys.stderr.flush()


def _first_link(desk: "Desk") -> str | None:
    """The path of the link that makes the first administrator; founds the first organisation."""
    from rempart.people import first_admin_link

    for last in (False, True):
        try:
            with desk.database.writing() as writer:
                return first_admin_link(writer, desk.clock())
        except Conflict:  # another process that starts just now founded it
            if last:
                raise
    return None
