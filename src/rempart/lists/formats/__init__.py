"""Formats of list files: one file per format, one line per format below."""

from rempart.lists.formats.csv_table import CSV
from rempart.lists.formats.lines import LINES
from rempart.lists.formats.ndjson import NDJSON
from rempart.lists.formats.threatexchange import THREATEXCHANGE
from rempart.lists.formats.vics import VICS
from rempart.lists.rows import ListFormat

FORMATS: dict[str, ListFormat] = {
    "csv": CSV,
    "ndjson": NDJSON,
    "lines": LINES,
    "vics": VICS,
    "threatexchange": THREATEXCHANGE,
}
