"""Generators are known by the structure of what they write; each rule's edges."""

import json
import time

import pytest

from rempart.facts.evidence import Evidence
from rempart.origin.evidence import SOURCES
from rempart.testing import carriers_words as words
from rempart.testing.carriers import subject_of
from rempart.testing.carriers_placing import jpeg_segment, plain, png_text, with_exif, with_xmp


def in_chunks(source: str, **texts: str) -> list[Evidence]:
    data = plain("png")
    for key, text in texts.items():
        data = png_text("tEXt", key.replace("_dash_", "-"), text.encode(), data)
    return list(SOURCES[source].observe(subject_of(data, "image/png")))


def in_packet(source: str, data: bytes) -> list[Evidence]:
    return list(SOURCES[source].observe(subject_of(with_xmp("jpeg", data), "image/jpeg")))


# web UIs


@pytest.mark.parametrize(
    ("line", "tool"),
    [
        (words.A1111, "Stable Diffusion web UI"),
        (words.FORGE, "Forge"),
        (words.A1111.replace("Version: v1.10.1", "App: SD.Next"), "SD.Next"),
    ],
)
def test_a_line_of_parameters_names_its_web_ui(line: str, tool: str) -> None:
    (one,) = in_chunks("a1111", parameters=line)
    assert one.tool == tool
    assert {"Steps", "Sampler", "Seed"} <= set(one.fields)


def test_enlarging_is_not_beginning_from_another_picture() -> None:
    line = words.IMG2IMG.replace("Denoising", "Hires upscale: 2, Denoising")
    assert [one.derived for one in in_chunks("a1111", parameters=line)] == [False]
    assert [one.derived for one in in_chunks("a1111", parameters=words.IMG2IMG)] == [True]


@pytest.mark.parametrize("missing", ["Steps: 20, ", "Sampler: DPM++ 2M Karras, ", "Seed: 42, "])
def test_a_line_without_one_of_its_parts_is_nothing(missing: str) -> None:
    assert in_chunks("a1111", parameters=words.A1111.replace(missing, "")) == []


def test_a_line_inside_a_title_is_nothing() -> None:
    assert in_chunks("a1111", Title=words.A1111) == []


# ComfyUI


@pytest.mark.parametrize(
    "body",
    [
        {"3": {"class_type": "KSampler"}},
        {"3": {"class_type": 5, "inputs": {}}},
        {"nodes": [{"type": "KSampler"}]},
        {"nodes": [], "links": []},
        ["class_type", "inputs"],
    ],
)
def test_a_graph_without_its_parts_is_nothing(body: object) -> None:
    assert in_chunks("comfyui", prompt=json.dumps(body), workflow=json.dumps(body)) == []


def test_graphs_in_a_comment_are_read_when_they_are_json_in_json() -> None:
    (one,) = in_chunks("comfyui", comment=json.dumps({"prompt": words.COMFY_DERIVED, "workflow": words.COMFY_WORKFLOW}))
    assert (one.tool, one.fields, one.derived) == ("ComfyUI", ("prompt", "workflow"), True)


def test_a_graph_under_a_foreign_keyword_is_nothing() -> None:
    assert in_chunks("comfyui", Title=words.COMFY_PROMPT) == []


# InvokeAI


def test_invokeai_metadata_needs_three_of_its_keys() -> None:
    assert in_chunks("invokeai", invokeai_metadata=json.dumps({"seed": 1, "model": 2})) == []
    assert len(in_chunks("invokeai", invokeai_metadata=json.dumps({"seed": 1, "model": 2, "scheduler": 3}))) == 1


def test_invokeai_says_when_it_began_from_a_picture() -> None:
    said = words.INVOKE.replace("sdxl_txt2img", "sdxl_img2img")
    assert [one.derived for one in in_chunks("invokeai", invokeai_metadata=said)] == [True]


def test_a_hostile_dream_costs_nothing() -> None:
    began = time.perf_counter()
    assert in_chunks("invokeai", Dream='"' + '" -s1 ' * 300_000) == []
    assert time.perf_counter() - began < 2


# NovelAI


def test_the_name_alone_is_a_hint() -> None:
    assert [one.strength for one in in_chunks("novelai_text", Software="NovelAI")] == ["hint"]


def test_the_name_beside_its_settings_is_structure() -> None:
    (one,) = in_chunks("novelai_text", Software="NovelAI", Comment=words.NOVELAI_COMMENT)
    assert (one.strength, one.contains_prompt) == ("structural", True)


def test_settings_without_the_name_are_nothing() -> None:
    assert in_chunks("novelai_text", Comment=words.NOVELAI_COMMENT) == []


# Fooocus, SwarmUI, Draw Things


@pytest.mark.parametrize("scheme", ["soup", "fooocus rocks", ""])
def test_an_unknown_scheme_does_not_name_fooocus(scheme: str) -> None:
    assert in_chunks("fooocus", fooocus_scheme=scheme, parameters="leek") == []


def test_fooocus_json_names_itself() -> None:
    assert [one.tool for one in in_chunks("fooocus", parameters=words.FOOOCUS)] == ["Fooocus"]


def test_swarm_parameters_with_an_initial_picture_are_derived() -> None:
    said = json.dumps({"sui_image_params": {"initimage": "soup"}})
    assert [one.derived for one in in_chunks("swarmui", parameters=said)] == [True]


def test_draw_things_without_settings_is_a_hint() -> None:
    bare = words.packet(attributes=words.attribute("xmp:CreatorTool", "Draw Things"))
    assert [one.strength for one in in_packet("draw_things", bare)] == ["hint"]
    assert [one.strength for one in in_packet("draw_things", words.DRAW_THINGS)] == ["structural"]


# Midjourney, Google, Grok, names of programs


def test_a_job_needs_a_companion() -> None:
    bare = f"a job Job ID: {words.JOB}"
    assert in_chunks("midjourney", Description=bare) == []
    assert len(in_chunks("midjourney", Description=bare, Author="A. Cook")) == 1
    assert len(in_chunks("midjourney", Description=words.MIDJOURNEY)) == 1


def test_a_job_must_close_the_description() -> None:
    assert in_chunks("midjourney", Description=words.MIDJOURNEY + " was my favourite", Author="A. Cook") == []


def test_a_picture_as_prompt_makes_it_derived() -> None:
    said = f"https://soup.example/leek.png {words.MIDJOURNEY}"
    assert [one.derived for one in in_chunks("midjourney", Description=said)] == [True]


def test_the_credit_in_photoshop_records_is_read() -> None:
    record = b"\x1c\x02\x6e" + len(b"Made with Google AI").to_bytes(2, "big") + b"Made with Google AI"
    block = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + len(record).to_bytes(4, "big") + record
    subject = subject_of(jpeg_segment(0xED, block), "image/jpeg")
    assert [one.tool for one in SOURCES["google"].observe(subject)] == ["Google AI"]


def test_an_edit_by_google_is_partly_ai() -> None:
    said = words.packet(words.element("photoshop:Credit", "Edited with Google AI"))
    assert [one.claim for one in in_packet("google", said)] == ["partlyGenAICreation"]


@pytest.mark.parametrize(
    ("description", "artist"),
    [(words.SIGNATURE, "A. Cook"), ("Signature: soup", words.JOB), ("my " + words.SIGNATURE, words.JOB)],
)
def test_half_of_groks_structure_is_nothing(description: str, artist: str) -> None:
    data = with_exif("jpeg", {0x010E: description, 0x013B: artist})
    assert list(SOURCES["grok"].observe(subject_of(data, "image/jpeg"))) == []


def test_a_program_is_named_by_fields_of_programs_only() -> None:
    assert [one.tool for one in in_chunks("program_names", Software="ComfyUI 0.3")] == ["ComfyUI"]
    assert in_chunks("program_names", Title="ComfyUI 0.3", Comment="Midjourney") == []


def test_every_source_is_registered_under_its_name() -> None:
    assert all(source.name == name for name, source in SOURCES.items())
