"""The picture inside a plain border or letterbox."""

from rempart.fingerprints.pictures import Luma


def without_border(luma: Luma) -> tuple[Luma, ...]:
    """The same pixels without their plain border; empty when there is none."""
    del luma
    return ()
