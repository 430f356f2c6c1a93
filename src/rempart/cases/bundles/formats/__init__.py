"""Formats of bundles: one file per format, one line per format below."""

from rempart.cases.bundles.bundle_format import BundleFormat
from rempart.cases.bundles.formats.csv_table import CSV
from rempart.cases.bundles.formats.ndjson import NDJSON
from rempart.cases.bundles.formats.vics import VICS

FORMATS: dict[str, BundleFormat] = {"ndjson": NDJSON, "csv": CSV, "vics": VICS}
