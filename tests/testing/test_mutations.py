from rempart.testing.encodings import ENCODINGS
from rempart.testing.mutations import MUTATORS, mutate, mutated_corpus


def test_the_same_seed_gives_the_same_damage_and_another_seed_another_one() -> None:
    data = bytes(range(256)) * 8
    assert mutate(data, 5) == mutate(data, 5)
    assert len({mutate(data, seed) for seed in range(100)}) > 95
    assert data == bytes(range(256)) * 8


def test_any_bytes_can_be_damaged_even_none() -> None:
    for seed in range(200):
        for data in (b"", b"x", b"xy"):
            assert isinstance(mutate(data, seed), bytes)


def test_damage_stays_of_the_size_of_the_file() -> None:
    assert max(len(mutate(bytes(1000), seed)) for seed in range(300)) < 20_000


def test_another_file_can_be_spliced_in() -> None:
    spliced = [mutate(b"a" * 500, seed, b"\xee" * 500) for seed in range(200)]
    assert any(data.count(b"\xee") > 100 for data in spliced)


def test_there_are_injuries_of_many_kinds() -> None:
    assert len(set(MUTATORS)) >= 8


def test_the_corpus_visits_every_encoding_and_repeats_exactly() -> None:
    first = list(mutated_corpus(300, seed=3))
    assert len(first) == 300
    assert {name[6:] for name, _ in first} >= set(ENCODINGS)
    assert first == list(mutated_corpus(300, seed=3))
    assert len({name for name, _ in first}) == 300
    changed = sum(one != other for one, other in zip(first, mutated_corpus(300, seed=4), strict=True))
    assert changed > 250
