import json

import pytest

from rempart.errors import UserMistake
from rempart.lists.formats import FORMATS
from rempart.lists.reading import open_rows

MD5, SHA1, LONG = "0f" * 16, "0f" * 20, "0f" * 32
SAMPLES = {
    "csv": ["id,md5\n1," + MD5, "MD5;SHA1;PhotoDNA;Image ID\n" + f"{MD5};;;1", "md5\n" + MD5, "a\tpdq\n1\t" + LONG],
    "ndjson": [json.dumps({"md5": MD5}) + "\n" + json.dumps({"md5": MD5}), '{"hash": 1}\n{'],
    "lines": [MD5, f"# list\n\n{SHA1}\n{MD5}\n", LONG],
    "vics": ['{"value": [{"MD5": "x"}]}', '\ufeff{\n "odata.metadata": "1.3",\n "value": [', '[{"Media": []}]'],
    "threatexchange": [f"pdq {LONG}\nvideo_md5 {MD5}", "url https://example.org/a"],
}


@pytest.mark.parametrize(("wanted", "content"), [(name, text) for name, texts in SAMPLES.items() for text in texts])
def test_the_format_is_told_from_the_content(write, wanted, content) -> None:
    assert open_rows(write(content), None, {})[0] == wanted


def test_every_format_has_a_sample_here() -> None:
    assert SAMPLES.keys() == FORMATS.keys()
    assert all(FORMATS[name].name == name for name in FORMATS)


@pytest.mark.parametrize("content", ["hello", "\x00\x01\x02", "\n\n\n", "# only a comment\n", "0f0f"])
def test_what_cannot_be_told_is_asked_for(write, content) -> None:
    with pytest.raises(UserMistake, match="say which it is: csv, ndjson, lines, vics, threatexchange"):
        open_rows(write(content), None, {})


def test_an_unknown_format_names_the_known_ones(write) -> None:
    with pytest.raises(UserMistake, match="no format `xml`; say which it is: csv"):
        open_rows(write(MD5), "xml", {})


def test_missing_empty_and_utf16_files_are_clear_mistakes(write, tmp_path) -> None:
    with pytest.raises(UserMistake, match="there is no file"):
        open_rows(tmp_path / "none", None, {})
    with pytest.raises(UserMistake, match="there is no file"):
        open_rows(tmp_path, None, {})
    with pytest.raises(UserMistake, match="is empty"):
        open_rows(write(""), None, {})
    with pytest.raises(UserMistake, match="UTF-16"):
        open_rows(write("id,md5".encode("utf-16")), None, {})


def test_a_role_that_does_not_exist_is_a_mistake(write) -> None:
    with pytest.raises(UserMistake, match="no role `colour`"):
        open_rows(write(MD5), None, {"colour": "x"})
