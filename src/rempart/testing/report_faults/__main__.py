"""The campaign from the command line; its last line is JSON."""

import argparse
import json
import signal
import sys
from dataclasses import asdict

from rempart.errors import RempartError
from rempart.testing.faults.campaign import DATABASES
from rempart.testing.report_faults.campaign import run

STOPPED = 143


def main() -> int:
    """0 when every report was finished once."""
    parser = argparse.ArgumentParser(prog="python -m rempart.testing.report_faults", description=__doc__)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=20261128)
    asked = parser.parse_args()

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(STOPPED))  # so that whatever was started is stopped

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)  # noqa: T201 - this is a command

    try:
        outcome = run(asked.database, asked.runs, seed=asked.seed, say=say)
    except RempartError as error:
        say(f"faults: {error}")
        return error.exit_code
    print(json.dumps(asdict(outcome)))  # noqa: T201 - this is a command
    return 0 if outcome.whole else 1


if __name__ == "__main__":
    sys.exit(main())
