"""The words that generators leave in their pictures, with silly and harmless prompts."""

import json
from typing import Final
from xml.sax.saxutils import escape, quoteattr

PROMPT: Final = "a purple dragon eating soup"
JOB: Final = "0f8fad5b-d9cb-469f-a165-70867728950e"
TRAINED: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"

NAMESPACES: Final = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "TC260": "http://www.tc260.org.cn/ns/AIGC/1.0/",
}


def packet(inner: str = "", attributes: str = "", *, undeclared: str = "") -> bytes:
    """An XMP packet around some properties. undeclared: a prefix whose declaration is left out."""
    declared = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in NAMESPACES.items() if prefix != undeclared)
    text = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {declared}>'
        f'<rdf:Description rdf:about="" {attributes}>{inner}</rdf:Description></rdf:RDF></x:xmpmeta>'
        '<?xpacket end="w"?>'
    )
    return text.encode()


def element(name: str, text: str) -> str:
    """A property as an element."""
    return f"<{name}>{escape(text)}</{name}>"


def attribute(name: str, text: str) -> str:
    """A property as an attribute."""
    return f"{name}={quoteattr(text)}"


def resource(name: str, iri: str) -> str:
    """A property whose value is a resource."""
    return f"<{name} rdf:resource={quoteattr(iri)}/>"


def listed(name: str, text: str, kind: str = "Alt") -> str:
    """A property whose value is a list of one."""
    return f'<{name}><rdf:{kind}><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:{kind}></{name}>'


def source_type(term: str, form: str = "resource") -> bytes:
    """A packet that states a digital source type, as an attribute, an element or a resource."""
    name = "Iptc4xmpExt:DigitalSourceType"
    if form == "attribute":
        return packet(attributes=attribute(name, term))
    return packet(element(name, term) if form == "element" else resource(name, term))


AI_FIELDS: Final = packet(
    element("Iptc4xmpExt:AISystemUsed", "Midjourney")
    + element("Iptc4xmpExt:AISystemVersionUsed", "7")
    + listed("Iptc4xmpExt:AIPromptInformation", PROMPT)
    + element("Iptc4xmpExt:AIPromptWriterName", "A. Cook")
)
GOOGLE: Final = packet(element("photoshop:Credit", "Made with Google AI"), attribute("xmp:CreatorTool", "Picasa"))
FIREFLY: Final = packet(attributes=attribute("xmp:CreatorTool", "Adobe Firefly 3.0"))
DALL_E: Final = packet(attributes=attribute("xmp:CreatorTool", "DALL·E 3"))

LABEL: Final = json.dumps(
    {
        "Label": "1",
        "ContentProducer": "001191110000000000000X",
        "ProduceID": "soup-1",
        "ReservedCode1": "",
        "ContentPropagator": "001191110000000000000X",
        "PropagateID": "soup-1",
        "ReservedCode2": "",
    }
)
TC260: Final = packet(element("TC260:AIGC", LABEL))
TC260_ATTRIBUTE: Final = packet(attributes=attribute("TC260:AIGC", LABEL))
TC260_UNDECLARED: Final = packet(element("TC260:AIGC", LABEL), undeclared="TC260")
TC260_WRONG_PREFIX: Final = packet(element("C260:AIGC", LABEL))
TC260_MAYBE: Final = packet(element("TC260:AIGC", LABEL.replace('"1"', '"2"', 1)))

MIDJOURNEY: Final = f"{PROMPT}, oil on canvas --ar 3:2 --v 7 Job ID: {JOB}"
MIDJOURNEY_PACKET: Final = packet(
    listed("dc:description", MIDJOURNEY)
    + resource("Iptc4xmpExt:DigitalSourceType", TRAINED)
    + element("Iptc4xmpExt:DigImageGUID", JOB)
)

A1111: Final = (
    f"{PROMPT}\nNegative prompt: spoons\n"
    "Steps: 20, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 42, Size: 512x512, "
    "Model hash: 6ce0161689, Model: v1-5-pruned, Version: v1.10.1"
)
FORGE: Final = A1111.replace("Version: v1.10.1", "Version: f2.0.1v1.10.1-previous-665")
IMG2IMG: Final = A1111.replace("Size: 512x512", "Size: 512x512, Denoising strength: 0.6")

COMFY_PROMPT: Final = json.dumps(
    {
        "3": {"class_type": "KSampler", "inputs": {"seed": 42, "steps": 20, "model": ["4", 0]}},
        "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "soup.safetensors"}},
        "6": {"class_type": "CLIPTextEncode", "inputs": {"text": PROMPT, "clip": ["4", 1]}},
    }
)
COMFY_DERIVED: Final = json.dumps(
    json.loads(COMFY_PROMPT) | {"9": {"class_type": "LoadImage", "inputs": {"image": "soup.png"}}}
)
COMFY_WORKFLOW: Final = json.dumps(
    {
        "nodes": [{"id": 3, "type": "KSampler", "widgets_values": [42]}],
        "links": [[1, 4, 0, 3, 0, "MODEL"]],
        "version": 0.4,
    }
)

INVOKE: Final = json.dumps(
    {"app_version": "5.6.0", "generation_mode": "sdxl_txt2img", "positive_prompt": PROMPT, "seed": 42, "steps": 30}
)
INVOKE_GRAPH: Final = json.dumps({"id": "soup", "nodes": {"a": {"type": "noise"}}, "edges": []})
INVOKE_FIRST: Final = json.dumps(
    {
        "model": "stable diffusion",
        "app_id": "invoke-ai/InvokeAI",
        "image": {"prompt": [{"prompt": PROMPT}], "steps": 50},
    }
)
DREAM: Final = f'"{PROMPT}" -s 50 -S 42 -W 512 -H 512 -C 7.5 -A k_lms'

NOVELAI_COMMENT: Final = json.dumps(
    {
        "prompt": PROMPT,
        "steps": 28,
        "sampler": "k_euler",
        "seed": 42,
        "scale": 5.0,
        "uc": "spoons",
        "request_type": "T2I",
    }
)
NOVELAI: Final = {
    "Title": "AI generated image",
    "Description": PROMPT,
    "Software": "NovelAI",
    "Source": "NovelAI Diffusion V4 37442FCA",
    "Comment": NOVELAI_COMMENT,
}
NOVELAI_JSON: Final = json.dumps(NOVELAI)

FOOOCUS: Final = json.dumps(
    {
        "prompt": PROMPT,
        "base_model": "soupXL",
        "performance": "Speed",
        "sampler": "dpmpp_2m",
        "seed": "42",
        "version": "Fooocus v2.5.5",
    }
)
SWARM: Final = json.dumps(
    {
        "sui_image_params": {"prompt": PROMPT, "model": "soup", "seed": 42, "steps": 20},
        "sui_extra_data": {"date": "2026-01-01"},
    }
)
DRAW_THINGS_JSON: Final = json.dumps(
    {"c": PROMPT, "model": "soup.ckpt", "sampler": "Euler A", "seed": 42, "steps": 20, "scale": 7, "size": "512x512"}
)
DRAW_THINGS: Final = packet(listed("exif:UserComment", DRAW_THINGS_JSON), attribute("xmp:CreatorTool", "Draw Things"))
SIGNATURE: Final = "Signature: " + "c291cCBpcyBnb29kIGZvb2QgZm9yIGRyYWdvbnM" * 3 + "="
