"""C2PA manifests: signed claims, each judged by who signed it and whether it is bound to these bytes."""

from collections.abc import Iterator

from rempart.facts.evidence import Evidence
from rempart.origin.c2pa import examining, reading
from rempart.origin.subject import Subject


class _C2pa:
    name = examining.SOURCE_NAME
    needs_pixels = False

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """Evidence for every manifest, or a reason; nothing where the bytes hold no sign of one."""
        if reading.may_hold_a_manifest(subject):
            yield from examining.examine(subject)


SOURCE = _C2pa()
