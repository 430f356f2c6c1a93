"""Names of AI programs are known whole or not at all."""

import time

import pytest

from rempart.origin.programs import ai_program


@pytest.mark.parametrize(
    ("value", "tool"),
    [
        ("Midjourney", "Midjourney"),
        (" midjourney v7 ", "Midjourney"),
        ("DALL·E 3", "DALL-E"),
        ("OpenAI DALL-E", "DALL-E"),
        ("ChatGPT", "ChatGPT"),
        ("gpt-image-1", "ChatGPT"),
        ("Adobe Firefly 3.0", "Adobe Firefly"),
        ("Adobe Firefly Image Model 4", "Adobe Firefly"),
        ("Google Gemini", "Google AI"),
        ("Gemini 2.5 Flash", "Google AI"),
        ("Imagen 4 Ultra", "Google AI"),
        ("Stable Diffusion XL 1.0", "Stable Diffusion"),
        ("ComfyUI v0.3.40", "ComfyUI"),
        ("InvokeAI 5.6.0", "InvokeAI"),
        ("NovelAI", "NovelAI"),
        ("Fooocus v2.5.5", "Fooocus"),
        ("Draw Things 1.2", "Draw Things"),
        ("Grok Imagine", "Grok"),
        ("FLUX.1 [dev]", "FLUX"),
        ("Bing Image Creator", "Bing Image Creator"),
    ],
)
def test_a_whole_name_is_known_with_and_without_its_version(value: str, tool: str) -> None:
    assert ai_program(value) == tool


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Firefly",
        "Firefly 8SE",
        "Firefly over the runway",
        "f.lux",
        "Flux",
        "Sora",
        "Gemini",
        "Adobe Photoshop 26.0",
        "not Midjourney",
        "Midjourney is fun",
        "Designer",
        "NIKON D70",
        "Adobe Firefly " * 20,
    ],
)
def test_a_word_a_camera_or_a_sentence_is_no_program(value: str) -> None:
    assert ai_program(value) == ""


def test_a_hostile_value_costs_nothing() -> None:
    began = time.perf_counter()
    ai_program("adobe firefly " + "1." * 10_000_000)
    for value in ("gemini 2" + " pro" * 13, "comfyui v" + "1+" * 25, "flux.1" + " [dev" * 10):
        ai_program(value + "!")
    assert time.perf_counter() - began < 1
