"""Names of programs that make pictures by AI, as they stand in fields that name a program."""

import re

_VERSION = r"(?: (?:version )?v?\.?\d[\w.+-]*)?"
# Whole values only: a caption that mentions one of these is no program's name. Names that are also words,
# cameras or other programs (Firefly, Flux, Sora, Designer) need what makes them unmistakable.
_NAMES: tuple[tuple[str, str], ...] = (
    ("Midjourney", rf"midjourney{_VERSION}"),
    ("DALL-E", r"(?:openai )?dall[·•\-‐ ]?e(?:[ -]?[23])?"),
    ("ChatGPT", rf"(?:openai )?(?:chatgpt(?: images?)?|gpt-image|gpt-4o image generation){_VERSION}(?:-\d+)?"),
    ("Sora", rf"(?:openai sora{_VERSION}|sora \d)"),
    ("Adobe Firefly", rf"adobe firefly(?: (?:image|video|vector))?(?: model)?{_VERSION}"),
    (
        "Google AI",
        rf"(?:google (?:gemini|imagen|veo){_VERSION}|(?:gemini|imagen|veo) \d[\w.]*(?: (?:pro|flash|ultra|fast))*)",
    ),
    ("Stable Diffusion", rf"stable ?diffusion(?: ?xl| web ?ui)?{_VERSION}|automatic1111{_VERSION}"),
    ("Forge", rf"(?:sd[- ]webui[- ]forge|stable diffusion webui forge){_VERSION}"),
    ("FLUX", r"flux\.[12](?: ?[-\[ ](?:dev|pro|schnell|kontext)\]?)*"),
    ("ComfyUI", rf"comfyui{_VERSION}"),
    ("InvokeAI", rf"invoke ?ai{_VERSION}"),
    ("NovelAI", rf"novelai(?: diffusion)?{_VERSION}"),
    ("Fooocus", rf"fooocus{_VERSION}"),
    ("SwarmUI", rf"swarmui{_VERSION}"),
    ("Draw Things", rf"draw things{_VERSION}"),
    ("Grok", rf"(?:xai )?grok(?: imagine)?{_VERSION}"),
    ("Ideogram", rf"ideogram(?: ai)?{_VERSION}"),
    ("Leonardo.Ai", rf"leonardo\.ai{_VERSION}"),
    ("Bing Image Creator", r"(?:microsoft )?bing image creator"),
    ("Meta AI", r"(?:imagine with )?meta ai"),
)
_PATTERN = re.compile("|".join(f"(?P<p{index}>{pattern})" for index, (_, pattern) in enumerate(_NAMES)), re.IGNORECASE)
_LONGEST = 60


def ai_program(value: str) -> str:
    """The AI program that this value of a program field names, in our spelling; empty when it names none."""
    value = value.strip(" \0\t\r\n")
    match = _PATTERN.fullmatch(value) if len(value) <= _LONGEST else None
    return _NAMES[int(match.lastgroup[1:])][0] if match and match.lastgroup else ""
