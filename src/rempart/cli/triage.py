"""`rempart triage`: the rules that order the queue, what other rules would change, and the published simulation."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rempart.cli import show
from rempart.cli.acting import Slug, looking
from rempart.errors import UserMistake

if TYPE_CHECKING:
    from rempart.cases.triage.replay import Replay

RULES_EXAMPLE = "Example: rempart triage rules > mine.toml"
REPLAY_EXAMPLE = "Example: rempart triage replay --rules mine.toml --since 2026-01-01"
SIMULATE_EXAMPLE = "Example: rempart triage simulate --json"
VERSION = 1
JsonOutput = Annotated[bool, typer.Option("--json", help="Print JSON.")]
RulesFile = Annotated[Path | None, typer.Option("--rules", help="File with the rules; default: those in force.")]

app = typer.Typer(no_args_is_help=True, help="Order the queue; see what other rules would change.")


@app.command("rules", epilog=RULES_EXAMPLE)
def rules(
    *,
    check: Annotated[Path | None, typer.Option(help="Check this file instead, and print what it has.")] = None,
    shipped: Annotated[
        bool, typer.Option("--shipped", help="Print the rules that ship, whatever is in force.")
    ] = False,
) -> int:
    """Print the rules in force, or check a file."""
    from rempart import settings as tree
    from rempart.cases.triage.rules import SHIPPED, load_rules

    if check is not None:
        read = load_rules(check)
        print(f"{read.version}: {len(read.tiers)} tier rules, {len(read.scores)} scores, {len(read.ties)} ties")
        return 0
    file = (None if shipped else tree.read().desk.rules_file) or SHIPPED
    show.say(f"{load_rules(file).version}, from {file.name}")
    print(file.read_text(), end="")
    return 0


@app.command("replay", epilog=REPLAY_EXAMPLE)
def replay(
    *,
    rules: Annotated[Path, typer.Option("--rules", help="File with the other rules.")],
    since: Annotated[str | None, typer.Option(help="Of decided cases, those that came since: 2026-01-31.")] = None,
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Rank history with other rules: what moves, and why.

    Every open case is placed as of now and every decided one as of its decision, with the rules in force and with
    yours. Nothing is changed.
    """
    from rempart.cases.triage.queries import ranking
    from rempart.cases.triage.replay import replay as compare
    from rempart.cases.triage.rules import load_rules

    other, begin = load_rules(rules), _day(since)
    with looking(organisation) as (desk, reader, here):
        total, count = ranking.count_history(reader, here, begin), show.counter("replayed")
        rows = ranking.history(reader, here, begin)
        found = compare(rows, desk.rules, other, desk.clock(), lambda done: count(done, total))
        if json_output:
            show.data(found.to_json())
        else:
            _print_replay(found)
    return 0


def _day(text: str | None) -> datetime:
    """The beginning of the day; of all time when none is named. Raises UserMistake."""
    try:
        return datetime.strptime(text or "1970-01-01", "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise UserMistake(f"`{text}` is no day; write it as 2026-01-31") from None


def _print_replay(found: "Replay") -> None:
    told = found.to_json()
    print(f"{found.before} → {found.after}: {found.cases} cases, {found.waiting} of them wait")
    rows = [(one["before"], one["after"], one["cases"]) for one in told["tiers"] if one["before"] != one["after"]]
    _table(f"{found.moved} change their tier", ("from", "to", "cases"), rows)
    places = told["places"]
    print(
        f"of those that wait {places['forward']} come earlier and {places['backward']} later: "
        f"by {places['median']} places in the middle, {places['most']} at most"
    )
    names = list(dict.fromkeys([*found.began, *found.ceased, *found.reweighed]))
    rules = [(name, found.began[name], found.ceased[name], found.reweighed[name]) for name in names]
    _table("rules", ("rule", "begins to hold", "holds no more", "other points"), rules)
    decided = [(name, *(one[way] for way in ("earlier", "later", "same"))) for name, one in told["outcomes"].items()]
    _table("decided cases would have come", ("outcome", "earlier", "later", "same"), decided)
    moves = [
        (one.case, _change(one.tier), _change(one.score), ", ".join(one.began), ", ".join(one.ceased))
        for one in found.moves
    ]
    _table("the largest moves", ("case", "tier", "score", "begins to hold", "holds no more"), moves)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Nothing; the table stands under its title, or `none` when there is nothing to show."""
    print(f"\n{title}")
    if rows:
        show.table("", columns, rows)
    else:
        print("none")


def _change(pair: tuple[int, int]) -> str:
    return f"{pair[0]} → {pair[1]}" if pair[0] != pair[1] else str(pair[0])


@app.command("simulate", epilog=SIMULATE_EXAMPLE)
def simulate(
    *,
    rules: RulesFile = None,
    seed: Annotated[int, typer.Option(help="Another seed makes another world.", min=0)] = 1,
    json_output: JsonOutput = False,
) -> int:
    """Run the published simulation with these rules.

    Sixty synthetic days: which share of the critical reports is opened within 24 hours, with 9, 60 and 200 looks a
    day, by our order and by others; then again with a wrong AI label on half of the critical reports.
    """
    from rempart import settings as tree
    from rempart.cases.triage.rules import load_rules
    from rempart.cases.triage.simulate import simulate as run

    result = run(load_rules(rules or tree.read().desk.rules_file), seed)
    if json_output:
        show.data(result)
        return 0
    looks = list(result["critical_opened_24h"])
    title = f"critical reports opened within 24 hours, of {result['critical']} in {result['reports']}"
    columns = ("order", *(f"{one} looks" for one in looks), *(f"{one}, wrong label" for one in looks))
    orders = {f"tiers and score ({result['rules']})": result, **result["orders"]}
    show.table(title, columns, [(name.replace("_", " "), *_shares(one)) for name, one in orders.items()])
    return 0


def _shares(one: dict[str, Any]) -> list[str]:
    return [
        f"{100 * share:.0f} %"
        for part in ("critical_opened_24h", "with_wrong_ai_label")
        for share in one[part].values()
    ]
