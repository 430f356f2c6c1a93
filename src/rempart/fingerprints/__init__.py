"""Fingerprints of bytes and of pictures: sha256, sha1, md5 and PDQ. Pure functions, usable from threads."""

from rempart.fingerprints.kernels.choice import warm
from rempart.fingerprints.kind_spec import KindSpec
from rempart.fingerprints.kinds import KINDS
from rempart.fingerprints.kinds.digests import digests
from rempart.fingerprints.mistakes import NotAFingerprint, NotAPicture, PictureTooSmall
from rempart.fingerprints.picture_hash import pdq, pdq_exact
from rempart.fingerprints.views import Views, variants

__all__ = [
    "KINDS",
    "KindSpec",
    "NotAFingerprint",
    "NotAPicture",
    "PictureTooSmall",
    "Views",
    "digests",
    "pdq",
    "pdq_exact",
    "variants",
    "warm",
]
