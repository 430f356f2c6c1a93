"""Editors named where a file names the program that wrote it."""

from collections.abc import Iterator

from rempart.facts.evidence import Evidence
from rempart.origin import xmp
from rempart.origin.camera.editors import editor
from rempart.origin.declaring import Declaration, evidence
from rempart.origin.reading import packets, texts
from rempart.origin.subject import Subject


class _EditorNames:
    name = "editor_names"
    needs_pixels = False

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """A hint for each field that begins with the name of an editor."""
        for text in texts(subject):
            if text.name == "Software" and (tool := editor(text.text)):
                yield evidence(self.name, text.segment, _edited(tool, "Software"), text.locator)
        for segment, packet in packets(subject):
            for value in packet.values(xmp.XAP, "CreatorTool"):
                if tool := editor(value):
                    yield evidence(self.name, segment, _edited(tool, "CreatorTool"))


def _edited(tool: str, field: str) -> Declaration:
    return Declaration("edited", tool, (field,), strength="hint", contains_prompt=False)


SOURCE = _EditorNames()
