from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.errors import UserMistake
from rempart.lists.formats.csv_table import CSV
from rempart.lists.rows import Refusal, Row

HEX = "0f" * 16


def read(write, content, **mapping: str) -> list[Row | Refusal]:
    return list(CSV.rows(write(content), mapping))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_byte_order_marks_and_line_ends(write, delimiter, bom, end) -> None:
    content = (
        bom + end.join([delimiter.join(["MD5", "Image ID", "Category"]), delimiter.join([HEX, "17", "A1"])]).encode()
    )
    rows = read(write, content, md5="MD5", id="Image ID", classification="Category")
    assert rows == [Row(2, (("md5", HEX),), "17", "A1")]


def test_without_a_mapping_columns_are_found_by_the_names_of_roles(write) -> None:
    assert read(write, f"ID,Md5,classification\n7,{HEX},B\n") == [Row(2, (("md5", HEX),), "7", "B")]


def test_a_mapped_column_is_found_in_any_letter_case_the_exact_one_first(write) -> None:
    assert read(write, f"Hash,Image Id\n{HEX},7\n", md5="HASH", id="image id") == [Row(2, (("md5", HEX),), "7")]
    assert read(write, f"ref,REF,md5\n1,2,{HEX}\n", md5="MD5", id="REF") == [Row(2, (("md5", HEX),), "2")]


def test_an_unknown_column_is_a_mistake_that_names_the_columns(write) -> None:
    with pytest.raises(UserMistake, match="no column `Hash`; it has `MD5`, `Image ID`"):
        read(write, f"MD5,Image ID\n{HEX},1\n", md5="Hash")


def test_no_column_of_fingerprints_is_a_mistake_that_names_the_columns(write) -> None:
    with pytest.raises(UserMistake, match="the table has `a`, `b`"):
        read(write, "a,b\n1,2\n")


def test_a_table_without_names_does_not_show_its_first_values(write) -> None:
    with pytest.raises(UserMistake, match="a value, not a name") as refused:
        read(write, f"{HEX},{HEX}\n", md5="MD5")
    assert HEX not in str(refused.value)


def test_an_empty_table_is_a_mistake(write) -> None:
    with pytest.raises(UserMistake, match="no line with the names"):
        read(write, "\n\n")


def test_quoted_cells_may_hold_delimiters_quotes_and_line_ends(write) -> None:
    content = f'id,notes,md5\n1,"a, ""b""\nand c",{HEX}\n2,x,{HEX}\n'
    assert [(row.position, row.ref) for row in read(write, content)] == [(2, "1"), (4, "2")]


def test_a_lone_quote_costs_no_other_row(write) -> None:
    notes = {3: '5 inch " disk', 9: '3 inch " disk'}
    lines = [f"{number},{notes.get(number, 'x')},{HEX}" for number in range(1, 200)]
    rows = read(write, "id,notes,md5\n" + "\n".join(lines) + "\n")
    assert [row.ref for row in rows] == [str(number) for number in range(1, 200)]


@pytest.mark.parametrize("stray", [{1}, {3, 9}, {3, 5, 120}])
def test_a_stray_quote_in_the_last_column_costs_no_row(write, stray) -> None:
    lines = [
        number + ("," + HEX + ',"x' if int(number) in stray else f",{HEX},x") for number in map(str, range(1, 200))
    ]
    rows = read(write, "id,md5,notes\n" + "\n".join(lines) + "\n")
    assert [row.ref for row in rows] == [str(number) for number in range(1, 200)]
    assert all(isinstance(row, Row) for row in rows)


def test_a_quote_that_never_closes_costs_no_row(write) -> None:
    lines = [f"{number},x,{HEX}" for number in range(1, 500)]
    assert len(read(write, "id,notes,md5\n" + "\n".join(lines).replace("x", '"x', 1))) == 499


def test_rows_that_are_short_long_or_blank(write) -> None:
    rows = read(write, f"id,md5\n1\n2,{HEX},more,and more\n\n,,\n  \n3,{HEX}\n")
    assert [(row.position, type(row)) for row in rows] == [(2, Refusal), (3, Row), (7, Row)]


def test_a_giant_line_is_one_refusal(write) -> None:
    rows = read(write, f"id,md5\n1,{HEX}\n2,{'0' * 3_000_000}\n3,{HEX}\n")
    assert [(row.position, type(row)) for row in rows] == [(2, Row), (3, Refusal), (4, Row)]


def test_bytes_that_are_not_utf8_and_nul_bytes_cost_nothing_else(write) -> None:
    rows = read(write, b"id,md5\n\xff\xfe\x00," + HEX.encode() + b"\n2,\x00\n3," + HEX.encode() + b"\n")
    assert [type(row) for row in rows] == [Row, Row, Row]
    assert rows[0].texts == rows[2].texts == (("md5", HEX),)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([HEX, "1", ",", ";", '"', "\n", "\r", "\x00", "é", "'", " ", "md5", "id"]), max_size=40)
)
def test_no_text_breaks_the_table(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    path.write_text("id,md5\n" + "".join(parts), encoding="utf-8", newline="")
    positions = [row.position for row in CSV.rows(path, {})]
    assert positions == sorted(set(positions))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_table(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    path.write_bytes(content)
    with suppress(UserMistake):
        list(CSV.rows(path, {}))
    path.write_bytes(b"id,md5\n" + content)
    list(CSV.rows(path, {}))
