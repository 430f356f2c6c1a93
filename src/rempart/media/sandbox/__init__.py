"""Untrusted bytes are opened only here: in confined child processes that can be lost without loss."""

from rempart.media.not_examinable import NotExaminable
from rempart.media.sandbox.children import Child, Member
from rempart.media.sandbox.sandbox import Sandbox
from rempart.media.sandbox.source import Blob, Source

__all__ = ["Blob", "Child", "Member", "NotExaminable", "Sandbox", "Source"]
