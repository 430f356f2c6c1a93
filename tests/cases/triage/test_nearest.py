"""Near pictures share a tie; likeness is measured to who came first, so groups never grow by chains."""

import json
from random import Random

from rempart.cases.tables import link
from rempart.cases.triage.nearest import Nearest
from rempart.facts import Fingerprint
from rempart.storage.database import Database
from rempart.storage.fields import Fields
from rempart.testing.desk import make_case, make_media, make_organisation
from rempart.testing.desk_intake import make_print


def kept(database: Database, fields: Fields, nearest: Nearest, organisation: int, *prints: Fingerprint) -> str:
    """The tie of a medium with these fingerprints, which stands on the desk from now on."""
    with database.writing() as writer:
        key = nearest.key(writer, organisation, prints)
        assert key is not None
        number = make_case(writer, organisation)
        sealed = fields.seal_text("fingerprints", json.dumps([[one.kind, one.value.hex(), 90] for one in prints]))
        make_media(writer, fields, organisation, number, fingerprints_sealed=sealed)
        writer.run(
            link.insert(), [{"organisation": organisation, "case_id": number, "kind": "perceptual", "value_key": key}]
        )
    return key


def test_a_near_picture_gets_the_tie_of_the_first_and_a_far_one_its_own(database: Database, fields: Fields) -> None:
    nearest = Nearest(fields)
    with database.writing() as writer:
        organisation = make_organisation(writer)
    first = kept(database, fields, nearest, organisation, make_print(1))
    assert kept(database, fields, nearest, organisation, make_print(1, flipped=31)) == first
    assert kept(database, fields, nearest, organisation, make_print(1, flipped=32)) != first
    assert kept(database, fields, nearest, organisation, make_print(2)) != first


def test_groups_do_not_grow_by_chains_of_likenesses(database: Database, fields: Fields) -> None:
    nearest = Nearest(fields)
    with database.writing() as writer:
        organisation = make_organisation(writer)
    ties = [kept(database, fields, nearest, organisation, make_print(1, flipped=20 * step)) for step in range(9)]
    assert ties[0] == ties[1] != ties[2] == ties[3]
    assert len(set(ties)) == 5


def test_every_view_of_a_founder_ties(database: Database, fields: Fields) -> None:
    nearest = Nearest(fields)
    with database.writing() as writer:
        organisation = make_organisation(writer)
    first = kept(database, fields, nearest, organisation, make_print(1), make_print(2))
    assert kept(database, fields, nearest, organisation, make_print(2, flipped=3)) == first
    assert kept(database, fields, nearest, organisation, make_print(9), make_print(1, flipped=3)) == first


def test_another_process_and_another_organisation(database: Database, fields: Fields) -> None:
    with database.writing() as writer:
        organisation, other = make_organisation(writer), make_organisation(writer, "other")
    first = kept(database, fields, Nearest(fields), organisation, make_print(1))
    assert kept(database, fields, Nearest(fields), organisation, make_print(1, flipped=9)) == first
    own = kept(database, fields, Nearest(fields), other, make_print(1, flipped=9))
    assert own != first, "nothing is shared with a neighbour"


def test_without_a_perceptual_fingerprint_there_is_no_tie(database: Database, fields: Fields) -> None:
    with database.reading() as reader:
        assert Nearest(fields).key(reader, 1, [Fingerprint("sha256", bytes(32))]) is None
        assert Nearest(fields).key(reader, 1, []) is None


def test_the_index_finds_what_looking_at_every_founder_finds(database: Database, fields: Fields) -> None:
    nearest, chance = Nearest(fields), Random(7)
    with database.writing() as writer:
        organisation = make_organisation(writer)
    founders: list[tuple[int, str]] = []
    for _ in range(60):
        one = make_print(chance.randrange(6), flipped=chance.randrange(90))
        bits = int.from_bytes(one.value, "big")
        near = [(bin(bits ^ known).count("1"), place) for place, (known, _) in enumerate(founders)]
        near = [found for found in near if found[0] <= 31]
        tie = kept(database, fields, nearest, organisation, one)
        if near:
            assert tie == founders[min(near)[1]][1]
        else:
            assert tie not in {key for _, key in founders}
            founders.append((bits, tie))
    assert len(founders) < 40
