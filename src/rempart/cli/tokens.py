"""`rempart tokens`: what programmes sign in with."""

from typing import Annotated, Any

import typer

from rempart.cli import show
from rempart.cli.acting import JsonOutput, Slug, acting, cells, looking, written

app = typer.Typer(help="Make, show and revoke service tokens.", no_args_is_help=True)
VERSION = 1
COLUMNS = ("pseudonym", "name", "scopes", "made", "last used", "revoked")


@app.command("make", epilog="Example: rempart tokens make pict-rs --scope items")
def make(
    name: Annotated[str, typer.Argument(help="Which programme it is for.")],
    *,
    scope: Annotated[
        list[str], typer.Option(help="What it may do: items, bundles, orders, actions, figures; repeat it.")
    ],
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Make a token and print it, this once."""
    from rempart.people import tokens

    with acting(organisation) as (desk, writer, actor):
        pid, token = tokens.make(writer, actor, name, scope, desk.clock())
    if json_output:
        show.data({"version": VERSION, "pid": pid, "name": name, "scopes": scope, "token": token})
    else:
        print(token)
        show.say(f"{pid} is made; keep the token where only its programme can read it, nobody can print it again")
    return 0


@app.command("ls", epilog="Example: rempart tokens ls --json")
def ls(*, organisation: Slug = None, json_output: JsonOutput = False) -> int:
    """List the tokens of an organisation, never their secrets."""
    from rempart.people import queries

    with looking(organisation) as (_, reader, here):
        rows = [_row(token) for token in queries.tokens_of(reader, here)]
    if json_output:
        show.data({"version": VERSION, "tokens": rows})
    else:
        show.table("", COLUMNS, [cells(row) for row in rows])
    return 0


app.command("list", hidden=True, epilog="Example: rempart tokens list")(ls)


@app.command("revoke", epilog="Example: rempart tokens revoke S-7KQ2XA")
def revoke(
    pid: Annotated[str, typer.Argument(help="Pseudonym of the token, such as S-7KQ2XA.")], *, organisation: Slug = None
) -> int:
    """Let a token work no more."""
    from rempart.people import tokens

    with acting(organisation) as (desk, writer, actor):
        tokens.revoke(writer, actor, pid, desk.clock())
    show.say(f"{pid} is revoked; its programme is refused from now on")
    return 0


def _row(token: Any) -> dict[str, Any]:
    return {
        "pid": token.pid,
        "name": token.name,
        "scopes": list(token.scopes),
        "created_at": written(token.created_at),
        "last_used_at": written(token.last_used_at),
        "revoked_at": written(token.revoked_at),
    }
