"""Untrusted bytes are opened only here: in confined child processes that can be lost without loss."""

from rempart.media.not_examinable import NotExaminable
from rempart.media.sandbox.sandbox import Child, Member, Sandbox
from rempart.media.sandbox.source import Blob, Source

__all__ = ["Blob", "Child", "Member", "NotExaminable", "Sandbox", "Source"]
