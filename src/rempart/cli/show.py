"""How results and progress look on a terminal: data on standard output, talk on standard error."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from rempart.batch.run import Progress


def data(value: Any) -> None:
    """Print one JSON value on standard output."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def line(value: Any) -> str:
    """The JSON value in one line, for what is read line by line."""
    return json.dumps(value, ensure_ascii=False)


def say(message: str) -> None:
    """Print one line of talk on standard error."""
    print(message, file=sys.stderr)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table on standard output."""
    from rich.console import Console
    from rich.table import Table

    drawn = Table(*columns, title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for row in rows:
        drawn.add_row(*(str(cell) for cell in row))
    console = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 160)
    console.print(drawn)


def outcomes(summary: dict[str, Any]) -> None:
    """Print the counts of a job on standard output."""
    reasons = summary["not_examined"]
    rows = [("items", summary["items"]), ("match", summary["match"]), ("no match", summary["no_match"])]
    rows += [("not examined", sum(reasons.values())), *((f"  {reason}", count) for reason, count in reasons.items())]
    table("", ("outcome", "items"), rows)


@contextmanager
def job_progress(verb: str) -> "Iterator[Callable[[Progress], None]]":
    """A callback that draws where a job stands: rate, time left, and findings so far."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:.0f}/s"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[found]}"),
    )
    bar = Bar(*columns, console=Console(stderr=True), auto_refresh=False)
    task: TaskID | None = None

    def show(state: "Progress") -> None:
        nonlocal task
        if task is None:  # nothing is drawn for a job that ends before it starts
            task = bar.add_task(verb, total=state.planned_items, rate=0.0, found="")
            bar.start()
        found = state.findings
        rate = sum(found.values()) / state.seconds if state.seconds else 0.0
        text = f"{found['match']} match, {found['not_examined']} not examined"
        bar.update(task, completed=state.done_items, rate=rate, found=text)
        bar.refresh()

    try:
        yield show
    finally:
        if task is not None:
            bar.stop()


def counter(verb: str) -> "Callable[[int, int], None]":
    """A callback (done, total) that writes one line about every tenth of the way."""
    told = -1

    def count(done: int, total: int) -> None:
        nonlocal told
        tenth = 10 * done // max(total, 1)
        if tenth != told:
            told = tenth
            say(f"{verb}: {done} of {total}")

    return count
