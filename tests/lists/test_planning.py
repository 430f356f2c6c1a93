"""The column arithmetic of an import against a naive model with dictionaries."""

from hypothesis import given
from hypothesis import strategies as st

from rempart.facts import Entry, Fingerprint
from rempart.lists.gathering import gather_entries
from rempart.lists.planning import plan
from rempart.lists.tables import Table

Model = dict[str, tuple[frozenset[bytes], str]]
VALUES = [bytes([number] * 15 + [1]) for number in range(4)]
LISTS = st.dictionaries(
    st.sampled_from("abcdef"),
    st.tuples(st.frozensets(st.sampled_from(VALUES), min_size=1), st.sampled_from(["", "1", "2"])),
)


def table_of(model: Model) -> Table:
    entries = [
        Entry(Fingerprint("md5", value), ref, code) for ref, (values, code) in model.items() for value in sorted(values)
    ]
    return gather_entries(entries).table()[0]


def model_of(*tables: Table) -> Model:
    model: Model = {}
    for part in tables:
        rows = part.prints["md5"]
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
