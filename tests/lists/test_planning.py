"""The column arithmetic of an import against a naive model with dictionaries."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from rempart.facts import Entry, Fingerprint
from rempart.lists.gathering import gather_entries
from rempart.lists.planning import plan
from rempart.lists.tables import Table, join_tables

Model = dict[str, tuple[frozenset[bytes], str]]
DIGESTS = [bytes([number] * 15 + [1]) for number in range(4)]
PICTURES = [half + bytes(255 - byte for byte in half) for half in map(Random(7).randbytes, [16] * 4)]
LISTS = st.dictionaries(
    st.sampled_from("abcdef"),
    st.tuples(st.frozensets(st.sampled_from(PICTURES), min_size=1), st.sampled_from(["", "1", "2"])),
)


def table_of(model: Model) -> Table:
    entries = [
        Entry(Fingerprint("pdq", value), ref, code) for ref, (values, code) in model.items() for value in sorted(values)
    ]
    return gather_entries(entries).table()[0]


def model_of(*tables: Table) -> Model:
    model: Model = {}
    for part in tables:
        rows = part.prints["pdq"]
        for place in range(len(part)):
            values = {value.tobytes() for value in rows.values[rows.ids == part.labels.ids[place]]}
            assert part.labels.ref(place) not in model
            model[part.labels.ref(place)] = (frozenset(values), part.labels.classes[place])
    return model


def merged(old: Model, new: Model) -> Model:
    united = dict(old)
    for ref, (values, code) in new.items():
        before, before_code = old.get(ref, (frozenset(), ""))
        united[ref] = (before | values, code or before_code)
    return united


@given(LISTS, LISTS, st.booleans())
def test_replace_and_add_equal_their_naive_twin(old: Model, new: Model, replace: bool) -> None:
    before = table_of(old)
    planned = plan(before, table_of(new), "replace" if replace else "add")
    after = model_of(before.without(planned.remove_ids), planned.table.pick(planned.places, 1000))
    wanted = new if replace else merged(old, new)
    assert after == wanted
    assert planned.added == len(wanted.keys() - old.keys())
    assert planned.changed == sum(wanted[ref] != old[ref] for ref in old.keys() & wanted.keys())
    assert planned.withdrawn == len(old.keys() - wanted.keys())
    assert planned.added + planned.changed + planned.unchanged == len(new)


@given(LISTS, LISTS)
def test_a_file_that_broke_off_takes_nothing_away(old: Model, new: Model) -> None:
    planned = plan(table_of(old), table_of(new), "replace", incomplete=True)
    assert planned.withdrawn == 0
    assert planned.kept == len(old.keys() - new.keys())


PAIRS = st.sets(st.tuples(st.sampled_from("abc"), st.sampled_from(DIGESTS)))
Pairs = set[tuple[str, bytes]]


def table_of_pairs(pairs: Pairs) -> Table:
    return gather_entries(Entry(Fingerprint("md5", value), ref) for ref, value in sorted(pairs)).table()[0]


def pairs_of(*tables: Table) -> Pairs:
    pairs = set()
    for part in tables:
        rows = part.prints["md5"]
        assert rows.ids.tolist() == part.labels.ids.tolist()  # one digest each
        pairs |= {(part.labels.ref(place), rows.values[place].tobytes()) for place in range(len(part))}
    return pairs


@given(PAIRS, st.lists(st.tuples(PAIRS, st.booleans()), min_size=1, max_size=4))
def test_digests_of_different_files_under_one_ref_never_merge(first: Pairs, imports: list[tuple[Pairs, bool]]) -> None:
    held, model, next_id = table_of_pairs(first), first, 1000
    for new, replace in imports:
        planned = plan(held, table_of_pairs(new), "replace" if replace else "add")
        fresh = planned.table.pick(planned.places, next_id)
        held, next_id = join_tables([held.without(planned.remove_ids), fresh]), next_id + len(fresh)
        model = new if replace else model | new
        assert pairs_of(held) == model
        assert planned.added + planned.changed + planned.unchanged == len(new)
