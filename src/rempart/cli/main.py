"""The command `rempart`: one verb per task. Heavy rooms are imported only by the verb that needs them."""

import sys
from typing import Annotated

import typer

from rempart import __version__
from rempart.cli import (
    audit,
    bundles,
    checks,
    clocks,
    cluster,
    demo,
    emulate,
    erasures,
    figures,
    fingerprint,
    holds,
    lists,
    ncmec,
    notices,
    orders,
    organisations,
    origin,
    people,
    police,
    reports,
    screen,
    serve,
    tokens,
    triage,
    vault,
    worker,
)
from rempart.errors import RempartError, Unavailable


def _leave(code: int | None, **_options: object) -> None:
    """Leave with what the command returned."""
    raise typer.Exit(code or 0)


app = typer.Typer(
    name="rempart",
    help="Find known abuse material by fingerprint, with no silent miss.",
    result_callback=_leave,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        print(f"rempart {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Find known abuse material by fingerprint, with no silent miss."""


app.command("screen", epilog=screen.EXAMPLE, rich_help_panel="Main jobs")(screen.screen)
app.add_typer(lists.app, name="lists", rich_help_panel="Main jobs")
app.add_typer(origin.app, name="origin", rich_help_panel="Main jobs")
app.command("fingerprint", epilog=fingerprint.EXAMPLE, rich_help_panel="Main jobs")(fingerprint.fingerprint)
app.command("cluster", epilog=cluster.EXAMPLE, rich_help_panel="Main jobs")(cluster.cluster)
app.add_typer(triage.app, name="triage", rich_help_panel="Main jobs")
app.command("serve", epilog=serve.EXAMPLE, rich_help_panel="Run it")(serve.serve)
app.add_typer(people.app, name="people", rich_help_panel="Run it")
app.add_typer(tokens.app, name="tokens", rich_help_panel="Run it")
app.add_typer(organisations.app, name="organisations", rich_help_panel="Run it")
app.add_typer(bundles.app, name="bundles", rich_help_panel="Main jobs")
app.add_typer(clocks.app, name="clocks", rich_help_panel="Main jobs")
app.add_typer(erasures.app, name="erasures", rich_help_panel="Main jobs")
app.add_typer(holds.app, name="holds", rich_help_panel="Main jobs")
app.add_typer(police.app, name="police", rich_help_panel="Main jobs")
app.add_typer(reports.app, name="reports", rich_help_panel="Main jobs")
app.add_typer(ncmec.app, name="ncmec", rich_help_panel="Trust it")
app.add_typer(orders.app, name="orders", rich_help_panel="Main jobs")
app.add_typer(notices.app, name="notices", rich_help_panel="Main jobs")
app.add_typer(worker.app, name="worker", rich_help_panel="Run it")
app.add_typer(demo.app, name="demo", rich_help_panel="Trust it")
app.command("emulate", epilog=emulate.EXAMPLE, rich_help_panel="Trust it")(emulate.emulate)
app.command("selftest", epilog=checks.SELFTEST_EXAMPLE, rich_help_panel="Trust it")(checks.selftest)
app.command("bench", epilog=checks.BENCH_EXAMPLE, rich_help_panel="Trust it")(checks.bench)
app.add_typer(audit.app, name="audit", rich_help_panel="Trust it")
app.add_typer(vault.app, name="vault", rich_help_panel="Trust it")
app.add_typer(figures.app, name="figures", rich_help_panel="Trust it")
app.command("doctor", epilog=checks.DOCTOR_EXAMPLE, rich_help_panel="Run it")(checks.doctor)
app.command("settings", epilog=checks.SETTINGS_EXAMPLE, rich_help_panel="Run it")(checks.settings)
app.command("warm", epilog=checks.WARM_EXAMPLE, rich_help_panel="Run it")(checks.warm)


def main() -> None:
    """Run one command and leave with the exit code of the house: 0 fine, 1 broken, 2 mistake, 3 outside, 10 found."""
    try:
        app(prog_name="rempart")
    except RempartError as error:
        print(f"rempart: {error}", file=sys.stderr)
        if isinstance(error, Unavailable) and error.retry_after_seconds:
            print(f"rempart: try again in {error.retry_after_seconds:.0f} seconds", file=sys.stderr)
        sys.exit(error.exit_code)
