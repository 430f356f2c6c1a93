"""What a format of bundles is."""

from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol

from rempart.cases.bundles.profiles import Profile
from rempart.cases.bundles.records import Read

Source = Callable[[], BinaryIO]
"""Opens the bundle anew, at its beginning."""


class BundleFormat(Protocol):
    """One file format."""

    @property
    def name(self) -> str:
        """The name that operators and partners use."""
        ...

    @property
    def needs_profile(self) -> bool:
        """Whether its categories mean nothing without a profile."""
        ...

    def rows(self, source: Source, profile: Profile | None) -> Iterator[Read]:
        """Every record, in bounded memory; a bad record is refused, never an exception.

        Raises UserMistake when the file as a whole cannot be meant.
        """
        ...
