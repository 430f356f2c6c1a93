"""The self-test of the origin examiner, through the real sandbox: its promises hold."""

import pytest

from rempart.settings import Settings
from rempart.testing import origin_selftest
from rempart.testing.origin_selftest import OriginRecall
from rempart.wiring import open_house


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> OriginRecall:
    folder = tmp_path_factory.mktemp("house")
    settings = Settings(data_folder=folder / "data", memory_folder=folder / "memory")
    with open_house(settings=settings) as house:
        opener = house.opener()
        return origin_selftest.run(lambda data: opener.origin_of(data, pixels=True))


def test_every_carrier_is_found_and_no_trap_is_called_ai(result: OriginRecall) -> None:
    assert result.missed == []
    assert result.false_ai == []
    assert result.to_json()["carriers"]["total"] >= 40


def test_no_forgery_lowers_urgency_or_is_believed(result: OriginRecall) -> None:
    assert result.forgeries >= 20
    assert (result.lowered, result.trusted, result.off_verdict) == ([], [], [])


def test_the_survival_table_says_that_a_resave_strips_what_is_declared(result: OriginRecall) -> None:
    assert all(result.survival["original file"].values())
    assert not any(result.survival["screenshot"].values())
