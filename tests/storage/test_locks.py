from pathlib import Path
from threading import Event, Thread

from rempart.storage.locks import exclusive


def test_a_second_thread_waits_until_the_first_is_done(tmp_path: Path) -> None:
    order: list[str] = []
    started = Event()

    def second() -> None:
        started.set()
        with exclusive(tmp_path / "lock"):
            order.append("second")

    thread = Thread(target=second)
    with exclusive(tmp_path / "lock"):
        thread.start()
        started.wait()
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_the_lock_is_free_again_after_an_error(tmp_path: Path) -> None:
    try:
        with exclusive(tmp_path / "lock"):
            raise KeyError
    except KeyError:
        pass
    with exclusive(tmp_path / "lock"):
        pass
