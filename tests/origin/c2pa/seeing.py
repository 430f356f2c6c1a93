"""Small makers for the tests of C2PA evidence."""

from collections.abc import Sequence

from rempart.facts.evidence import Evidence
from rempart.origin.containers import walk
from rempart.origin.evidence.c2pa import SOURCE
from rempart.origin.subject import Subject
from rempart.origin.trust import Trust
from rempart.testing.forgeries import JPEG, stage
from rempart.testing.signing import Action, Credential, sign

CREATED_BY_CAMERA = Action("c2pa.created", "digitalCapture")


def seen(data: bytes, media_type: str = JPEG, trust: Trust | None = None) -> tuple[Evidence, ...]:
    """What the C2PA source sees in these bytes; the stage's root is believed unless told otherwise."""
    believed = stage().trust() if trust is None else trust
    walked = walk(data, media_type)
    return tuple(SOURCE.observe(Subject(data, media_type, walked.segments, believed, gaps=walked.gaps)))


def signed(*actions: Action, by: Credential | None = None, **how: object) -> bytes:
    """The stage's plain picture, signed."""
    said: Sequence[Action] = actions or (CREATED_BY_CAMERA,)
    return sign(stage().plain, JPEG, by or stage().camera, said, **how)  # type: ignore[arg-type]
