"""What a caller can get wrong here."""

from rempart.errors import UserMistake


class PictureTooSmall(UserMistake):
    """The picture has fewer pixels than a perceptual fingerprint needs (5 by 5)."""


class NotAFingerprint(UserMistake):
    """The text cannot be a fingerprint of the asked kind; the message never repeats the text."""


class NotAPicture(UserMistake):
    """The array is not pixels of the asked shape and type."""
