"""The sources of evidence. A new one is one file here and one line in `SOURCES`."""

from rempart.origin.evidence import (
    a1111,
    c2pa,
    comfyui,
    draw_things,
    fooocus,
    gaps,
    google,
    grok,
    invokeai,
    iptc,
    midjourney,
    novelai,
    novelai_text,
    program_names,
    stealth,
    swarmui,
    tc260,
    watermark,
)
from rempart.origin.source import EvidenceSource

SOURCES: dict[str, EvidenceSource] = {
    c2pa.SOURCE.name: c2pa.SOURCE,
    novelai.SOURCE.name: novelai.SOURCE,
    watermark.SOURCE.name: watermark.SOURCE,
    iptc.SOURCE.name: iptc.SOURCE,
    a1111.SOURCE.name: a1111.SOURCE,
    comfyui.SOURCE.name: comfyui.SOURCE,
    invokeai.SOURCE.name: invokeai.SOURCE,
    novelai_text.SOURCE.name: novelai_text.SOURCE,
    fooocus.SOURCE.name: fooocus.SOURCE,
    swarmui.SOURCE.name: swarmui.SOURCE,
    draw_things.SOURCE.name: draw_things.SOURCE,
    midjourney.SOURCE.name: midjourney.SOURCE,
    google.SOURCE.name: google.SOURCE,
    grok.SOURCE.name: grok.SOURCE,
    program_names.SOURCE.name: program_names.SOURCE,
    tc260.SOURCE.name: tc260.SOURCE,
    stealth.SOURCE.name: stealth.SOURCE,
    gaps.SOURCE.name: gaps.SOURCE,
}
