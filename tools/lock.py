"""Write requirements.lock: every version with its hashes, no index and no host names.

The part above the bench line is what `make setup` installs; below it stand the peers that only `make bench` needs.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
BENCH_LINE = "# === bench peers below: installed by `make bench` only ===\n"


def compiled(*extras: str, constraint: Path | None = None) -> list[str]:
    """The locked requirements of the project with these extras, one text block each."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    command += [
        "--python-version",
        "3.11",
        "--no-header",
        "--no-annotate",
        "--no-emit-index-url",
        "--no-emit-find-links",
    ]
    command += [word for extra in extras for word in ("--extra", extra)]
    command += ["--constraint", str(constraint)] if constraint else []
    answer = subprocess.run([*command, "pyproject.toml"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return blocks(answer)


def blocks(text: str) -> list[str]:
    """The requirement blocks of a lock: a line and its indented hash lines."""
    found: list[str] = []
    for line in text.splitlines(keepends=True):
        if line.startswith((" ", "\t")):
            found[-1] += line
        elif line.strip() and not line.startswith("#"):
            found.append(line)
    return found


def main() -> None:
    """Resolve everything once, then split it into what every developer needs and the bench peers.

    What is locked already stays as it is; `--upgrade` resolves everything to the newest.
    """
    whole = LOCK.with_suffix(".all")
    whole.write_text("" if "--upgrade" in sys.argv else LOCK.read_text())
    everything = compiled("dev", "bench", constraint=whole)
    whole.write_text("".join(everything))
    base = compiled("dev", constraint=whole)
    whole.unlink()
    names = {block.split("==")[0] for block in base}
    peers = [block for block in everything if block.split("==")[0] not in names]
    LOCK.write_text("".join(base) + BENCH_LINE + "".join(peers))
    print(f"{len(base)} requirements and {len(peers)} bench peers locked", file=sys.stderr)


if __name__ == "__main__":
    main()
