"""Words that mention a generator and are not its record: nothing may be read out of them."""

import json
from typing import Final

from rempart.testing.carriers_words import JOB, NAMESPACES, attribute, element, listed, packet

# Text chunks by keyword; the same words stand in a JPEG's description too.
TRAP_TEXTS: Final[dict[str, dict[str, str]]] = {
    "firefly-over-runway": {"Title": "Firefly over the runway", "Description": "An adobe house with a firefly at dusk"},
    "title-made-with": {"Title": "made with ComfyUI", "Comment": "made with ComfyUI and InvokeAI"},
    "midjourney-without-job": {"Description": "This is not Midjourney, it is my garden --ar", "Author": "A. Cook"},
    "job-of-a-printer": {"Description": f"Print finished. Job ID: {JOB}"},
    "steps-of-a-recipe": {"Comment": "Steps: 20 minutes, Sampler: the cook, Soup: leek"},
    "parameters-of-a-plot": {"parameters": "alpha=0.5, steps=20, sampler=none"},
    "prompt-of-a-terminal": {"prompt": "$ ls", "workflow": "draft, review, print"},
    "prompt-json": {"prompt": json.dumps({"text": "KSampler class_type", "inputs": 3})},
    "workflow-json": {"workflow": json.dumps({"nodes": "draft", "links": "review"})},
    "novelai-in-a-sentence": {"Software": "I wrote to NovelAI about it", "Comment": json.dumps({"soup": "leek"})},
    "comment-json": {"Software": "Soup 1.0", "Comment": json.dumps({"prompt": "who goes", "steps": 3, "seed": 9})},
    "photoshop": {"Software": "Adobe Photoshop 26.0 (Macintosh)", "Source": "a walk with Stable Diffusion fans"},
    "aigc-in-a-sentence": {"AIGC": "AIGC Label 1 is a law", "Comment": '{"AIGC": "a law"}'},
    "swarm-of-bees": {"parameters": json.dumps({"swarm": "sui_image_params", "bees": 3})},
    "fooocus-in-a-sentence": {"parameters": "I use Fooocus v2.5 sometimes", "Comment": "version: Fooocus v2.5"},
    "signature-of-an-artist": {"Description": "Signature: A. Cook", "Artist": "A. Cook"},
    "dream": {"Dream": '"I had a dream" said -Sally'},
    "gemini": {"Software": "Gemini", "Description": "Gemini and Imagen are constellations made with Google AI"},
}

_BILLION_LAUGHS: Final = b'<!DOCTYPE a [<!ENTITY l "ha"><!ENTITY m "&l;&l;&l;&l;&l;&l;&l;&l;&l;&l;">]>' + packet(
    element("Iptc4xmpExt:DigitalSourceType", "trainedAlgorithmicMedia")
)
_OTHER_NAMESPACE: Final = (
    f'<rdf:RDF xmlns:rdf="{NAMESPACES["rdf"]}" xmlns:soup="http://soup.example/">'
    '<rdf:Description soup:AISystemUsed="Midjourney" soup:AIGC="1" soup:Credit="Made with Google AI"/></rdf:RDF>'
).encode()

TRAP_PACKETS: Final[dict[str, bytes]] = {
    "caption-firefly": packet(listed("dc:description", "Firefly over the runway, trainedAlgorithmicMedia")),
    "caption-midjourney": packet(listed("dc:description", "Midjourney style garden --ar 3:2")),
    "title-made-with": packet(listed("dc:title", "made with ComfyUI")),
    "keyword-ai": packet(listed("dc:subject", "Midjourney", "Bag") + listed("dc:subject", "DALL·E 3", "Bag")),
    "credit-sentence": packet(element("photoshop:Credit", "Not made with Google AI")),
    "creator-tool": packet(attributes=attribute("xmp:CreatorTool", "Adobe Photoshop 26.0 (Firefly over the runway)")),
    "draw-things-app": packet(attributes=attribute("xmp:CreatorTool", "I draw things")),
    "ai-fields-empty": packet(element("Iptc4xmpExt:AISystemUsed", " ") + element("Iptc4xmpExt:AIPromptWriterName", "")),
    "label-elsewhere": packet(element("dc:source", '{"Label":"1","ProduceID":"soup"}')),
    "source-type-sentence": packet(element("Iptc4xmpExt:DigitalSourceType", "no trainedAlgorithmicMedia here")),
    "other-namespace": _OTHER_NAMESPACE,
    "document-type": _BILLION_LAUGHS,
    "truncated": packet(element("Iptc4xmpExt:DigitalSourceType", "trainedAlgorithmicMedia"))[:-60],
}
