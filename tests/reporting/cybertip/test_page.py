"""The page of the recipient shows the exact bytes."""

import os
import re
from pathlib import Path

from rempart.reporting.cybertip.composing import INCIDENT_TYPES
from rempart.reporting.recipients import RECIPIENTS
from rempart.testing.sample_case import DECIDED, OPTIONS, sample_case

PAGE = Path(__file__).parents[3] / "docs/reference/recipients/cybertip.md"


def test_the_page_of_the_recipient_shows_the_exact_bytes() -> None:
    one = RECIPIENTS["cybertip"]
    answers = {"incident_type": INCIDENT_TYPES[0]}
    draft = one.build(sample_case(), answers, OPTIONS)
    assert one.problems(draft, OPTIONS, DECIDED) == []
    shown = one.render(draft, DECIDED).content.decode()
    page = PAGE.read_text()
    fresh = re.sub(r"```xml\n.*?```", lambda _: f"```xml\n{shown}```", page, count=1, flags=re.DOTALL)
    if os.environ.get("REMPART_GOLDEN") == "write":
        PAGE.write_text(fresh)
    assert PAGE.read_text() == fresh, "cybertip changed; if you meant it, run `make golden` and read the diff"
