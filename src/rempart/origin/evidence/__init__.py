"""The sources of evidence. A new one is one file here and one line in `SOURCES`."""

from rempart.origin.evidence import watermark
from rempart.origin.source import EvidenceSource

SOURCES: dict[str, EvidenceSource] = {
    watermark.SOURCE.name: watermark.SOURCE,
}
