"""Benign files that say how they were made, and files that only seem to: `CARRIERS[name].build()` gives the bytes.

All show one generated pattern. The prompts are silly; the cameras and producers are made up where that is possible.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Final

from rempart.facts.evidence import Claim
from rempart.origin.containers import walk
from rempart.origin.subject import Subject
from rempart.origin.trust import Trust
from rempart.testing import carriers_words as words
from rempart.testing.carriers_placing import (
    EXIF_CONTAINERS,
    MEDIA_TYPES,
    XMP_CONTAINERS,
    Tags,
    film_with_comment,
    film_with_key,
    gif_comment,
    jpeg_segment,
    plain,
    png_text,
    stored_pixels,
    unicode_comment,
    with_exif,
    with_hidden,
    with_xmp,
)
from rempart.testing.carriers_traps import TRAP_PACKETS, TRAP_TEXTS

_FULL: Final[tuple[Claim, ...]] = ("fullyGenAIMedia",)
_PARTLY: Final[tuple[Claim, ...]] = ("partlyGenAICreation",)
_COMMENT, _SOFTWARE, _DESCRIPTION, _MAKE, _MODEL, _ARTIST, _MAKER_NOTE = (
    *(0x9286, 0x0131, 0x010E, 0x010F, 0x0110, 0x013B, 0x927C),
)


@dataclass(frozen=True, slots=True)
class Carrier:
    """One file and what an examiner should say of it.

    convention: which way of saying it is. tool: the tool that must be named; empty when none can be.
    claims: what must be among the claims. is_ai: whether any claim may be, and must be, one of AI.
    in_pixels: it can be seen only by whoever decodes the picture.
    """

    name: str
    convention: str
    media_type: str
    build: Callable[[], bytes]
    tool: str = ""
    claims: tuple[Claim, ...] = ()
    is_ai: bool = False
    in_pixels: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """The words of one convention, before they are put into containers."""

    convention: str
    tool: str
    claims: tuple[Claim, ...]
    is_ai: bool = True


def _made(said: _Said, container: str, build: Callable[[], bytes], detail: str = "") -> Carrier:
    name = "-".join(part for part in (said.convention, container, detail) if part)
    media_type = MEDIA_TYPES[container]
    pixels = said.convention.startswith("stealth")
    return Carrier(name, said.convention, media_type, cache(build), said.tool, said.claims, said.is_ai, pixels)


def _misspelt(term: str) -> bytes:
    return words.source_type(term, "attribute")


_VOCABULARY: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"

# Terms that say anything but AI.
_TERMS: Final[tuple[tuple[str, Claim], ...]] = (
    ("algorithmicMedia", "nonGenAIDigitalCreation"),
    ("digitalCapture", "capturedMedia"),
    ("computationalCapture", "capturedMedia"),
    ("compositeCapture", "capturedMediaStitched"),
    ("screenCapture", "screenCaptureMayContainGenAI"),
    ("composite", "compositionMayContainGenAI"),
    ("negativeFilm", "digitisedMedia"),
    ("humanEdits", "edited"),
    ("digitalCreation", "nonGenAIDigitalCreation"),
    ("soupOfTheDay", "noStatement"),
)
# What stands in XMP, in every container that can hold it.
_PACKETS: Final[tuple[tuple[_Said, bytes], ...]] = (
    (_Said("iptc-attribute", "", _FULL), words.source_type(words.TRAINED, "attribute")),
    (_Said("iptc-element", "", _FULL), words.source_type(words.TRAINED, "element")),
    (_Said("iptc-resource", "", _FULL), words.source_type(words.TRAINED)),
    (_Said("iptc-ai-fields", "Midjourney", _PARTLY), words.AI_FIELDS),
    (_Said("google", "Google AI", _FULL), words.GOOGLE),
    (_Said("firefly", "Adobe Firefly", _FULL), words.FIREFLY),
    (_Said("dall-e", "DALL-E", _FULL), words.DALL_E),
    (_Said("midjourney-xmp", "Midjourney", _FULL), words.MIDJOURNEY_PACKET),
    (_Said("draw-things", "Draw Things", _FULL), words.DRAW_THINGS),
    (_Said("tc260-xmp", "", _FULL), words.TC260),
)
# Spellings and terms, in JPEG only.
_SPELLINGS: Final[tuple[tuple[_Said, bytes], ...]] = (
    (_Said("iptc-https", "", _FULL), _misspelt(words.TRAINED.replace("http:", "https:"))),
    (_Said("iptc-padded", "", _FULL), _misspelt(f"  {words.TRAINED} ")),
    (_Said("iptc-upper-case", "", _FULL), _misspelt(words.TRAINED.upper())),
    (_Said("iptc-bare", "", _FULL), _misspelt("trainedAlgorithmicMedia")),
    (_Said("iptc-misspelt", "", _PARTLY), _misspelt(_VOCABULARY + "compositedWithTrainedAlgorithmicMedia")),
    (_Said("iptc-composite-with", "", _PARTLY), _misspelt(_VOCABULARY + "compositeWithTrainedAlgorithmicMedia")),
    (_Said("iptc-synthetic", "", _PARTLY), _misspelt(_VOCABULARY + "compositeSynthetic")),
    (_Said("iptc-c2pa-term", "", _FULL), _misspelt("http://c2pa.org/digitalsourcetype/trainedAlgorithmicData")),
    (_Said("tc260-attribute", "", _FULL), words.TC260_ATTRIBUTE),
    (_Said("tc260-undeclared", "", _FULL), words.TC260_UNDECLARED),
    (_Said("tc260-wrong-prefix", "", _FULL), words.TC260_WRONG_PREFIX),
    (_Said("tc260-maybe", "", ("compositionMayContainGenAI",), is_ai=False), words.TC260_MAYBE),
    *((_Said(f"iptc-{term}", "", (claim,), is_ai=False), _misspelt(_VOCABULARY + term)) for term, claim in _TERMS),
)
# What stands in EXIF, in every container that can hold it: main directory, then Exif directory.
_BLOCKS: Final[tuple[tuple[_Said, Tags, Tags], ...]] = (
    (_Said("a1111-exif", "Stable Diffusion web UI", _FULL), {}, {_COMMENT: unicode_comment(words.A1111)}),
    (_Said("swarmui-exif", "SwarmUI", _FULL), {}, {_COMMENT: unicode_comment(words.SWARM)}),
    (
        _Said("comfyui-exif", "ComfyUI", _FULL),
        {_MAKE: "workflow:" + words.COMFY_WORKFLOW, _MODEL: "prompt:" + words.COMFY_PROMPT},
        {},
    ),
    (_Said("novelai-exif", "NovelAI", _FULL), {}, {_COMMENT: b"ASCII\0\0\0" + words.NOVELAI_JSON.encode()}),
    (
        _Said("fooocus-exif", "Fooocus", _FULL),
        {_SOFTWARE: "Fooocus v2.5.5"},
        {_COMMENT: unicode_comment(words.FOOOCUS), _MAKER_NOTE: b"fooocus"},
    ),
    (_Said("tc260-exif", "", _FULL), {}, {_COMMENT: b"ASCII\0\0\0" + f'{{"AIGC":{words.LABEL}}}'.encode()}),
    (_Said("grok", "Grok", _FULL), {_DESCRIPTION: words.SIGNATURE, _ARTIST: words.JOB}, {}),
    (_Said("chatgpt", "ChatGPT", _FULL), {_SOFTWARE: "ChatGPT"}, {}),
    (_Said("midjourney-exif", "Midjourney", _FULL), {_DESCRIPTION: words.MIDJOURNEY}, {}),
)
# What stands in text chunks of PNG: keywords and texts.
_CHUNKS: Final[tuple[tuple[_Said, dict[str, str]], ...]] = (
    (_Said("a1111", "Stable Diffusion web UI", _FULL), {"parameters": words.A1111}),
    (_Said("forge", "Forge", _FULL), {"parameters": words.FORGE}),
    (_Said("a1111-from-picture", "Stable Diffusion web UI", _PARTLY), {"parameters": words.IMG2IMG}),
    (_Said("comfyui", "ComfyUI", _FULL), {"prompt": words.COMFY_PROMPT, "workflow": words.COMFY_WORKFLOW}),
    (_Said("comfyui-from-picture", "ComfyUI", _PARTLY), {"prompt": words.COMFY_DERIVED}),
    (_Said("invokeai", "InvokeAI", _FULL), {"invokeai_metadata": words.INVOKE, "invokeai_graph": words.INVOKE_GRAPH}),
    (_Said("invokeai-first", "InvokeAI", _FULL), {"sd-metadata": words.INVOKE_FIRST}),
    (_Said("invokeai-dream", "InvokeAI", _FULL), {"Dream": words.DREAM}),
    (_Said("novelai", "NovelAI", _FULL), words.NOVELAI),
    (_Said("fooocus", "Fooocus", _FULL), {"parameters": words.FOOOCUS, "fooocus_scheme": "fooocus"}),
    (_Said("fooocus-a1111", "Fooocus", _FULL), {"parameters": words.A1111, "fooocus_scheme": "a1111"}),
    (_Said("swarmui", "SwarmUI", _FULL), {"parameters": words.SWARM}),
    (_Said("midjourney", "Midjourney", _FULL), {"Description": words.MIDJOURNEY, "Author": "A. Cook"}),
    (_Said("tc260-text", "", _FULL), {"AIGC": words.LABEL}),
)
_CAMERA_MAIN: Final[Tags] = {
    _MAKE: "NIKON CORPORATION",
    _MODEL: "NIKON D70",
    _SOFTWARE: "Ver.1.03",
    0x0132: "2026:03:01 12:00:00",
}
_CAMERA_EXIF: Final[Tags] = {
    0x829A: (1, 125),
    0x829D: (56, 10),
    0x8827: 200,
    0x9000: b"0221",
    0x9003: "2026:03:01 12:00:00",
    0x9004: "2026:03:01 12:00:00",
    0x920A: (350, 10),
    0x9291: "40",
    0xA002: 96,
    0xA003: 72,
    _MAKER_NOTE: b"Nikon\0\x02\x10\0\0" + b"II*\0\x08\0\0\0\0\0\0\0\0\0",
}


def _chunks(texts: dict[str, str], kind: str) -> bytes:
    data = plain("png")
    for key, text in reversed(texts.items()):
        data = png_text(kind, key, text.encode(), data)
    return data


def _in_xmp() -> Iterator[Carrier]:
    for said, packet in _PACKETS:
        for container in XMP_CONTAINERS:
            yield _made(said, container, partial(with_xmp, container, packet))
    for said, packet in _SPELLINGS:
        yield _made(said, "jpeg", partial(with_xmp, "jpeg", packet))
    compressed = partial(png_text, "iTXt-compressed", "XML:com.adobe.xmp", words.TC260)
    yield _made(_Said("tc260-xmp", "", _FULL), "png", compressed, "compressed")


def _in_exif() -> Iterator[Carrier]:
    for said, main, camera in _BLOCKS:
        for container in EXIF_CONTAINERS:
            yield _made(said, container, partial(with_exif, container, main, camera))


def _in_texts() -> Iterator[Carrier]:
    for said, texts in _CHUNKS:
        for kind in ("tEXt", "zTXt", "iTXt"):
            yield _made(said, "png", partial(_chunks, texts, kind), kind)
    web_ui = _Said("a1111", "Stable Diffusion web UI", _FULL)
    yield _made(web_ui, "jpeg", partial(jpeg_segment, 0xFE, words.A1111.encode()), "comment")
    yield _made(web_ui, "gif", partial(gif_comment, words.A1111.encode()), "comment")
    comfy = _Said("comfyui", "ComfyUI", _FULL)
    yield _made(comfy, "png", partial(png_text, "comf", "prompt", words.COMFY_PROMPT.encode()), "animation")
    wrapped = f'{{"prompt": {words.COMFY_PROMPT}, "workflow": {words.COMFY_WORKFLOW}}}'
    yield _made(comfy, "mp4", partial(film_with_key, "comment", wrapped), "key")
    yield _made(comfy, "mp4", partial(film_with_comment, wrapped), "comment")
    yield _made(_Said("tc260-film", "", _FULL), "mp4", partial(film_with_key, "AIGC", words.LABEL))


def _in_pixels() -> Iterator[Carrier]:
    for where, compressed in (("alpha", False), ("alpha", True), ("rgb", False), ("rgb", True)):
        novel = _Said(f"stealth-{where}-{'gzip' if compressed else 'plain'}", "NovelAI", _FULL)
        text = words.NOVELAI_JSON
        for container in ("png", "webp"):
            build = partial(with_hidden, where, text, compressed=compressed, container=container)
            yield _made(novel, container, build)
    web_ui = _Said("stealth-web-ui", "Stable Diffusion web UI", _FULL)
    yield _made(web_ui, "png", partial(with_hidden, "alpha", words.A1111, compressed=True))


def _not_ai() -> Iterator[Carrier]:
    camera = _Said("camera", "", (), is_ai=False)
    for container in EXIF_CONTAINERS:
        yield _made(camera, container, partial(with_exif, container, _CAMERA_MAIN, _CAMERA_EXIF))
    for container in MEDIA_TYPES:
        if container in XMP_CONTAINERS:
            yield _made(_Said("unmarked", "", (), is_ai=False), container, partial(plain, container))
    trap = _Said("trap", "", (), is_ai=False)
    for name, texts in TRAP_TEXTS.items():
        yield _made(trap, "png", partial(_chunks, texts, "tEXt"), name)
        described = {_DESCRIPTION: " ".join(texts.values())}
        yield _made(trap, "jpeg", partial(with_exif, "jpeg", described), name)
    for name, packet in TRAP_PACKETS.items():
        yield _made(trap, "jpeg", partial(with_xmp, "jpeg", packet), name)


CARRIERS: Final[dict[str, Carrier]] = {
    carrier.name: carrier for family in (_in_xmp, _in_exif, _in_texts, _in_pixels, _not_ai) for carrier in family()
}


def subject_of(data: bytes, media_type: str, *, with_pixels: bool = False) -> Subject:
    """The file as evidence sources get it, believing nobody; its pixels decoded only when asked for."""
    walked = walk(data, media_type)
    pixels = stored_pixels(data) if with_pixels else None
    return Subject(data, media_type, walked.segments, Trust(), pixels, walked.gaps)
