"""The sources of evidence. A new one is one file here and one line in `SOURCES`."""

from rempart.origin.evidence import c2pa, watermark
from rempart.origin.source import EvidenceSource

SOURCES: dict[str, EvidenceSource] = {
    c2pa.SOURCE.name: c2pa.SOURCE,
    watermark.SOURCE.name: watermark.SOURCE,
}
