"""`rempart serve`: the desk in the browser."""

import sys
from typing import Annotated

import typer

from rempart.errors import UserMistake

EXAMPLE = "Example: rempart serve --port 8080"


def serve(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port to listen on.", min=1, max=65_535)] = None,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Leave effects to `rempart worker`.")] = False,
) -> None:
    """Serve the desk: console, public forms and API."""
    import uvicorn

    from rempart.web.app import make_app
    from rempart.wiring.desk import open_desk
    from rempart.worker.loop import Worker

    with open_desk() as desk:
        chosen = desk.settings.serve
        address = (host or chosen.host, port or chosen.port)
        worker = None if no_worker else Worker(desk)
        server = uvicorn.Server(
            uvicorn.Config(make_app(desk), *address, log_config=None, access_log=False, server_header=False)
        )
        print(f"console: http://{address[0]}:{address[1]}/", file=sys.stderr)
        if worker is not None:
            worker.start()
        try:
            server.run()
        finally:
            if worker is not None:
                worker.stop()
        if not server.started:
            raise UserMistake(f"port {address[1]} of `{address[0]}` is taken; choose another with --port")
