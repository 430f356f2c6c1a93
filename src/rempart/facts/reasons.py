"""Why something was not examined: a closed vocabulary, so that counts by reason mean something.

A reason is `code` or `code: detail`; details are of low cardinality (a media type, a named limit), never content,
never a file's name. `code_of("unsupported: video/mp4") == "unsupported"`.
"""

from typing import TypeGuard

EMPTY = "empty"
UNSUPPORTED = "unsupported"
DAMAGED = "damaged"
TRUNCATED = "truncated"
LOW_QUALITY = "low quality"
TOO_SMALL = "too small"
LIMIT = "limit"
TIMEOUT = "timeout"
CRASHED = "crashed"
UNREADABLE = "unreadable"
VANISHED = "vanished"
ENCRYPTED = "encrypted"
NESTED = "nested too deep"
LINK = "link not followed"
NOT_A_FILE = "not a regular file"
NO_FINGERPRINT = "no usable fingerprint"
BAD_ROW = "bad row"
CLAIM_DIFFERS = "claimed digest differs"

_LONGEST_REASON = 100

MEANING: dict[str, str] = {
    EMPTY: "the item has no bytes",
    UNSUPPORTED: "the type is recognised or unknown, but cannot be opened here; the digests were still compared",
    DAMAGED: "the type is supported but the bytes cannot be decoded; the digests were still compared",
    TRUNCATED: "only part of the picture could be decoded; that part was compared and did not match",
    LOW_QUALITY: "the picture has too little structure for a perceptual comparison; the digests were still compared",
    TOO_SMALL: "the picture has fewer pixels than a perceptual fingerprint needs",
    LIMIT: "a limit of the settings was passed; the detail names it",
    TIMEOUT: "the item took longer than the limit and its decoder was stopped",
    CRASHED: "the item made its decoder die; the decoder was replaced",
    UNREADABLE: "the file or folder could not be read",
    VANISHED: "the file disappeared or shrank while it was read",
    ENCRYPTED: "the content is encrypted",
    NESTED: "an archive inside an archive inside an archive",
    LINK: "a symbolic link or a loop of folders",
    NOT_A_FILE: "a device, socket or pipe",
    NO_FINGERPRINT: "the row carries no usable fingerprint and no file",
    BAD_ROW: "the line of the manifest cannot be understood",
    CLAIM_DIFFERS: "the row gives another digest than the file has; both were compared",
}


def code_of(reason: str) -> str:
    """The code of a reason, without its detail."""
    return reason.partition(":")[0]


def reason(code: str, detail: str = "") -> str:
    """A reason of the vocabulary. Raises ValueError for a code that has no meaning written down."""
    if code not in MEANING:
        raise ValueError(f"unknown reason code {code!r}")
    return f"{code}: {detail}" if detail else code


def is_reason(value: object) -> TypeGuard[str]:
    """True for a text that is a reason of the vocabulary, short and safe to show; a detail is not judged."""
    is_short_text = isinstance(value, str) and len(value) <= _LONGEST_REASON and value.isprintable()
    return is_short_text and code_of(str(value)) in MEANING
