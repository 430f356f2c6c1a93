"""Bytes to evidence to verdict. Untrusted bytes come here only inside a sandboxed child."""

from rempart.facts.evidence import Origin
from rempart.origin import detectors
from rempart.origin.containers import walk
from rempart.origin.evidence import SOURCES
from rempart.origin.subject import Pixels, Subject
from rempart.origin.trust import Trust
from rempart.origin.verdict import judge

NamedDetector = tuple[str, detectors.Detector]


def examine(
    data: bytes, media_type: str, *, trust: Trust, pixels: Pixels | None = None, detector: NamedDetector | None = None
) -> Origin:
    """All evidence in these bytes, source by source, and the verdict drawn from it.

    pixels: the first frame as stored; None leaves out the sources that look at pixels. detector: see `detectors`.
    """
    walked = walk(data, media_type)
    subject = Subject(data, media_type, walked.segments, trust, pixels, walked.gaps)
    wanted = [source for source in SOURCES.values() if pixels is not None or not source.needs_pixels]
    evidence = tuple(found for source in wanted for found in source.observe(subject))
    if detector is not None and pixels is not None:
        evidence = (*evidence, detectors.observe(*detector, pixels))
    return Origin(judge(evidence, looked_at_pixels=pixels is not None), evidence)
