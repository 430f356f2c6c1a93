"""Every carrier is found with its tool and claim, no trap and no camera file is called AI, and no prompt leaks."""

from functools import cache

import pytest

from rempart.facts.evidence import AI_CLAIMS, Evidence
from rempart.media.content_type import sniff
from rempart.origin.evidence import SOURCES
from rempart.testing import carriers_words as words
from rempart.testing.carriers import CARRIERS, Carrier, subject_of

# The sources this suite is about; signatures, camera traits and watermarks have suites of their own.
DECLARING = (
    "iptc",
    "a1111",
    "comfyui",
    "invokeai",
    "novelai_text",
    "fooocus",
    "swarmui",
    "draw_things",
    "midjourney",
    "google",
    "grok",
    "program_names",
    "tc260",
    "stealth",
    "gaps",
)
AI = [carrier for carrier in CARRIERS.values() if carrier.is_ai]
NOT_AI = [carrier for carrier in CARRIERS.values() if not carrier.is_ai]


@cache
def evidence_of(name: str) -> tuple[Evidence, ...]:
    carrier = CARRIERS[name]
    subject = subject_of(carrier.build(), carrier.media_type, with_pixels=carrier.in_pixels)
    return tuple(one for source in DECLARING for one in SOURCES[source].observe(subject))


def names(carriers: list[Carrier]) -> list[str]:
    return [carrier.name for carrier in carriers]


def test_the_suite_is_large_and_holds_every_container() -> None:
    assert len(AI) >= 40
    assert len(NOT_AI) >= 40
    wanted = {"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif", "image/tiff", "video/mp4"}
    assert wanted <= {carrier.media_type for carrier in AI}


@pytest.mark.parametrize("name", CARRIERS)
def test_a_carrier_is_what_its_media_type_says(name: str) -> None:
    assert sniff(CARRIERS[name].build()) == CARRIERS[name].media_type


@pytest.mark.parametrize("name", names(AI))
def test_every_ai_carrier_is_found_with_its_tool_and_claim(name: str) -> None:
    carrier, found = CARRIERS[name], evidence_of(name)
    assert any(one.claim in AI_CLAIMS for one in found)
    assert set(carrier.claims) <= {one.claim for one in found}
    assert not carrier.tool or carrier.tool in {one.tool for one in found}


@pytest.mark.parametrize("name", names(NOT_AI))
def test_nothing_else_is_called_ai(name: str) -> None:
    found = evidence_of(name)
    assert not [one for one in found if one.claim in AI_CLAIMS]
    assert set(CARRIERS[name].claims) <= {one.claim for one in found}


@pytest.mark.parametrize("name", [name for name in names(NOT_AI) if name.startswith(("trap", "unmarked", "camera"))])
def test_a_trap_gives_nothing_but_reasons_and_unknown_terms(name: str) -> None:
    assert {one.claim for one in evidence_of(name)} <= {"noStatement"}


@pytest.mark.parametrize("name", CARRIERS)
def test_no_evidence_repeats_what_the_file_says(name: str) -> None:
    shown = repr(evidence_of(name))
    for secret in (words.PROMPT, "dragon", "spoons", "A. Cook", words.JOB, "00000000000X", "soup-1"):
        assert secret not in shown


@pytest.mark.parametrize("name", names(AI))
def test_declared_evidence_is_trivial_to_add_and_names_its_bytes(name: str) -> None:
    for one in evidence_of(name):
        assert one.add_cost in ("trivial", "tool")
        assert one.strip_cost == "trivial"
        assert one.strength in ("structural", "hint")
        assert len(one.raw_sha256) == 64
        assert one.signer is None


def test_carriers_of_prompts_are_marked_as_such() -> None:
    marked = {carrier.name for carrier in AI if any(one.contains_prompt for one in evidence_of(carrier.name))}
    tools = {"Stable Diffusion web UI", "ComfyUI", "InvokeAI", "NovelAI", "SwarmUI", "Fooocus", "Draw Things"}
    assert {carrier.name for carrier in AI if carrier.tool in tools} <= marked


def test_a_rule_without_a_source_is_only_a_hint() -> None:
    assert {one.strength for one in evidence_of("grok-jpeg")} == {"hint"}


def test_the_same_carrier_gives_the_same_evidence_again() -> None:
    before = evidence_of("comfyui-png-tEXt")
    evidence_of.cache_clear()
    assert evidence_of("comfyui-png-tEXt") == before
