"""`rempart worker`: perform what the desk decided."""

import signal
import threading

import typer

EXAMPLE = "Example: rempart worker"
app = typer.Typer(help="Perform what the desk decided.", invoke_without_command=True, epilog=EXAMPLE)


@app.callback()
def worker(context: typer.Context) -> None:
    """Perform effects and regular duties until stopped."""
    from rempart.wiring.desk import open_desk
    from rempart.worker.loop import Worker

    if context.invoked_subcommand is not None:
        return
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with open_desk() as desk:
        one = Worker(desk)
        one.start()
        stopped.wait()
        one.stop()
