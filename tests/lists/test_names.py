import pytest

from rempart.errors import UserMistake
from rempart.lists.names import check_name


@pytest.mark.parametrize("name", ["iwf-photo", "a", "0", "a" * 63])
def test_a_plain_name_is_taken(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "-a", "A", "a" * 64, "..", "a/b", "../a", "a\n", "a b", "é", "a.b", "a\x00", "/etc", "٣"]
)
def test_a_name_that_could_hide_a_path_is_refused(name: str) -> None:
    with pytest.raises(UserMistake, match="list name cannot be used"):
        check_name(name)
