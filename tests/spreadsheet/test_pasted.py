"""A pasted block: what Excel copies, and lists from Zalo or Word; nothing is divided by a guess."""

import contextlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vuthu_recruit import pasted
from vuthu_recruit.pasted import read_pasted
from vuthu_recruit.spreadsheet import Limits, Unreadable


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # From Excel
        ("TT\tHọ tên\r\n1\tLê Thị Ba\r\n", [("TT", "Họ tên"), ("1", "Lê Thị Ba")]),
        ("1\tLê Thị Ba", [("1", "Lê Thị Ba")]),
        ("a\tb\t\t\r\nc\t\t\t\r\n\t\t\t\r\n", [("a", "b"), ("c", None)]),
        ("\tb\r\n\r\na\t\r\n", [(None, "b"), (None, None), ("a", None)]),
        ('1\t"Thôn Hội\r\nxã Hồng Lý"\tx\r\n2\tb\tc', [("1", "Thôn Hội xã Hồng Lý", "x"), ("2", "b", "c")]),
        ('1\t"Ông ""Ba"" Tèo"\r\n', [("1", 'Ông "Ba" Tèo')]),
        ('1\t"Ba" Tèo\t5" x 7"\r\n', [("1", '"Ba" Tèo', '5" x 7"')]),
        ('"Thôn Hội\nxã Hồng Lý"\n"Thôn Đoài"\n', [("Thôn Hội xã Hồng Lý",), ("Thôn Đoài",)]),
        ('1\tXã A\t"\r\n2\t"\t"\r\n3\t"\t"\r\n', [("1", "Xã A", '"'), ("2", '"', '"'), ("3", '"', '"')]),
        ("a\tb\rc\td\r", [("a", "b"), ("c", "d")]),
        ("034195000001\t0012\t1/2/1990", [("034195000001", "0012", "1/2/1990")]),
        (" Lê\u00a0 Thị\u200b Ba \t\u00a0\tx", [("Lê Thị Ba", None, "x")]),
        ("a; b\tc | d", [("a; b", "c | d")]),
        # From Zalo or Word
        ("1; Lê Thị Ba; 1990\n2; Lê Văn Tư; 1991", [("1", "Lê Thị Ba", "1990"), ("2", "Lê Văn Tư", "1991")]),
        ("Danh sách\n1|Ba\n2|Tư", [("Danh sách", None), ("1", "Ba"), ("2", "Tư")]),
        ("| TT | Tên |\n|----|-----|\n| 1 | Ba |", [("TT", "Tên"), (None, None), ("1", "Ba")]),
        ("TT  Tên   Sinh\n1  Lê Ba   90", [("TT", "Tên", "Sinh"), ("1", "Lê Ba", "90")]),
        # What does not divide all lines alike divides none
        ("Lê Thị Ba, 1990\nLê Văn Tư", [("Lê Thị Ba, 1990",), ("Lê Văn Tư",)]),
        ("Lê  Thị Ba\nTrần  Văn Tư", [("Lê Thị Ba",), ("Trần Văn Tư",)]),
        ("Lê  Thị Ba  1990\nTrần Văn Tư  1991", [("Lê Thị Ba 1990",), ("Trần Văn Tư 1991",)]),
        ("1  Lê Thị Ba", [("1 Lê Thị Ba",)]),
        ("a; b\na; b; c", [("a; b",), ("a; b; c",)]),
        ("Lê Thị Ba - 1990", [("Lê Thị Ba - 1990",)]),
        ("Lê Thị Ba\n\nLê Văn Tư\n\n", [("Lê Thị Ba",), (None,), ("Lê Văn Tư",)]),
        ('"Ba"', [('"Ba"',)]),
    ],
)  # fmt: skip
def test_a_block_is_divided_as_it_was_laid_out(text, rows):
    sheet = read_pasted(text)

    assert list(sheet.rows) == rows
    assert (sheet.name, sheet.is_hidden, sheet.hidden_rows) == ("Đoạn dán", False, ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Chưa dán gì"),
        (" \n\t\r\n\u200b", "Chưa dán gì"),
        ("a" * (2 << 20) + "b", "2 MB"),
        ("ằ" * (1 << 20), "2 MB"),
        ("a\tb\n" * 5001, "dùng đến dòng 5001, cột 2; nhiều nhất 5.000 dòng"),
        ("\t".join("a" * 61), "dùng đến dòng 1, cột 61"),
        ('1\ta\n2\t"Thôn Hội\n3\tc', "mở ở dòng 2"),
    ],
)
def test_what_is_no_block_of_a_sensible_size_is_refused_in_words(text, words):
    with pytest.raises(Unreadable, match=words):
        read_pasted(text)


def test_empty_columns_and_rows_outside_do_not_count_against_the_limit():
    sheet = read_pasted(("a\tb" + "\t" * 100 + "\r\n") * 3 + "\t\t\r\n" * 9000)

    assert list(sheet.rows) == [("a", "b")] * 3
    assert len(read_pasted("a\n" * 6000, limits=Limits(rows=6000)).rows) == 6000


@given(st.lists(st.lists(st.text('aă1 ;|"\n', max_size=6), min_size=2, max_size=4), min_size=1, max_size=6))
def test_what_excel_copies_comes_back_cell_by_cell(rows):
    """Written by Excel's own rule: quotes around what holds a line break or a quote."""
    rows = [[cell.strip() for cell in row] for row in rows]
    width = max(map(len, rows))
    rows = [row + ["x"] * (width + 1 - len(row)) for row in rows]

    def copied(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if "\n" in cell or '"' in cell else cell

    sheet = read_pasted("\r\n".join("\t".join(map(copied, row)) for row in rows))

    assert [list(row) for row in sheet.rows] == [[" ".join(cell.split()) or None for cell in row] for row in rows]


def test_a_hostile_block_is_answered_all_the_same():
    pick = random.Random(3).choice
    for signs in ('"\t', '"\n', '"a\n', '""', '"a\t\n', "|\n", ";; \n", "  a\n"):
        text = "".join(pick(signs) for _ in range(100_000))
        with contextlib.suppress(Unreadable):
            assert read_pasted(text, limits=Limits(rows=50_000, columns=200)).rows


def test_the_largest_block_is_named_as_it_was():
    assert read_pasted("a", "Tin nhắn").name == "Tin nhắn"
    assert pasted.LARGEST == 2 << 20
