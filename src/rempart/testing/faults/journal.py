"""What the load generator noted: what it sent, and what it was promised. The only witness of the campaign."""

import json
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

Kind = Literal["item", "notice", "bundle", "decision", "undo"]
# sent: it goes out now. accepted: somebody answered that it is kept. refused: it was not, and why.
# gone: the answer was lost and it was not sent again, so nobody knows.
What = Literal["sent", "accepted", "refused", "gone"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line. key: names the request. told: what was sent with it, or what was answered."""

    kind: Kind
    what: What
    key: str
    told: dict[str, Any] = field(default_factory=dict)


class Journal:
    """Written by the threads of one process."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, threading.Lock()

    def note(self, kind: Kind, what: What, key: str, **told: Any) -> None:
        """Nothing; the line stands in the file, whoever is killed next."""
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(Line(kind, what, key, told))) + "\n")


def read(path: Path) -> Iterator[Line]:
    """Every line that is whole: the last may just be being written."""
    with path.open(encoding="utf-8") as file:
        for text in file:
            if text.endswith("\n"):
                yield Line(**json.loads(text))
