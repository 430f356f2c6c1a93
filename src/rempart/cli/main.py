"""The command `rempart`: one verb per task. Heavy rooms are imported only by the verb that needs them."""

import sys

import click
import typer

from rempart.cli import checks, cluster, demo, fingerprint, lists, screen
from rempart.errors import RempartError, Unavailable

app = typer.Typer(
    name="rempart",
    help="Find known abuse material by fingerprint, with no silent miss.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("screen", epilog=screen.EXAMPLE, rich_help_panel="Main jobs")(screen.screen)
app.add_typer(lists.app, name="lists", rich_help_panel="Main jobs")
app.command("fingerprint", epilog=fingerprint.EXAMPLE, rich_help_panel="Main jobs")(fingerprint.fingerprint)
app.command("cluster", epilog=cluster.EXAMPLE, rich_help_panel="Main jobs")(cluster.cluster)
app.command("demo", epilog=demo.EXAMPLE, rich_help_panel="Trust it")(demo.demo)
app.command("selftest", epilog=checks.SELFTEST_EXAMPLE, rich_help_panel="Trust it")(checks.selftest)
app.command("bench", epilog=checks.BENCH_EXAMPLE, rich_help_panel="Trust it")(checks.bench)
app.command("doctor", epilog=checks.DOCTOR_EXAMPLE, rich_help_panel="Run it")(checks.doctor)
app.command("settings", epilog=checks.SETTINGS_EXAMPLE, rich_help_panel="Run it")(checks.settings)
app.command("warm", epilog=checks.WARM_EXAMPLE, rich_help_panel="Run it")(checks.warm)

STOPPED_BY_USER = 130


def main() -> None:
    """Run one command and leave with the exit code of the house: 0 fine, 1 broken, 2 mistake, 3 outside, 10 found."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit code of one command line; what went wrong is said on standard error in one sentence."""
    try:
        code = typer.main.get_command(app)(arguments, prog_name="rempart", standalone_mode=False)
    except RempartError as error:
        return _said(str(error), error.exit_code, error)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _said("stopped; the same command goes on where it was", STOPPED_BY_USER)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return code if isinstance(code, int) else 0


def _said(message: str, code: int, error: RempartError | None = None) -> int:
    print(f"rempart: {message}", file=sys.stderr)
    if isinstance(error, Unavailable) and error.retry_after_seconds:
        print(f"rempart: try again in {error.retry_after_seconds:.0f} seconds", file=sys.stderr)
    return code
