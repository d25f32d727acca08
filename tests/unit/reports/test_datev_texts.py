"""Texts, numbers of documents and of accounts, as DATEV has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contor.reports.datev.accounts import account_problems, datev_account
from contor.reports.datev.format import BATCH, MASTER_DATA
from contor.reports.datev.text import number_field, plain, quoted


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Müller & Söhne – „Café“ 5 €", "Müller & Söhne – „Café“ 5 €"),
        ("Łódź Żółw", "Lódz Zólw"),
        ("Đorđević Şükrü Ğ", "Dordevic Sükrü G"),
        ("Αθήνα", "Athina"),
        ("Щедрин Юрьевич", "Shchedrin Yurevich"),
        ("北京", "U5317U4EAC"),
        ("ﬁn ½ ①", "fin ½ 1"),
        ("a\nb\r\nc\td", "a b c d"),
        ("=cmd|' /C calc'!A0", " =cmd|' /C calc'!A0"),
        ("@SUM(1)", " @SUM(1)"),
        ("\u202eevil\u200b", "evil"),
        ("cafe\u0301", "café"),
        ("  ", ""),
    ],
)
def test_a_text_in_letters_of_windows_1252(text: str, written: str) -> None:
    assert plain(text, 60) == written


@given(st.text(max_size=80), st.integers(1, 60))
def test_whatever_is_said_is_one_field_of_one_line(text: str, length: int) -> None:
    field = quoted(text, length)
    inner = field[1:-1].replace('""', "")
    assert (field[0], field[-1]) == ('"', '"')
    assert '"' not in inner
    assert not {"\n", "\r"} & set(inner)
    assert len(field[1:-1].replace('""', '"')) <= length
    field.encode("cp1252")


@pytest.mark.parametrize(
    ("ident", "field"),
    [
        ("RE-2026-000001", "RE-2026-000001"),
        ("RE_2026.1", "RE-2026-1"),
        ("Größe 7", "Gr--e-7"),
        ("A$%&*+-/z", "A$%&*+-/z"),
        ("x" * 40, "x" * 36),
    ],
)
def test_a_document_number_has_letters_digits_and_few_signs(ident: str, field: str) -> None:
    assert number_field(ident) == field


@pytest.mark.parametrize(
    ("number", "length", "datev"),
    [
        (8400, 4, 8400),
        (998, 4, 998),
        (8400, 6, 840000),
        (998, 5, 9980),
        (440001, 6, 440001),
        (10000, 4, 10000),
        (70003, 6, 7000300),
        (100_000_000, 8, 100_000_000),
        (10000, 8, 600_010_000),
        (70000, 8, 900_070_000),
        (8400, 8, 84_000_000),
    ],
)
def test_an_account_has_the_agreed_length(number: int, length: int, datev: int) -> None:
    assert datev_account(number, length) == datev


def test_accounts_that_do_not_fit_are_named_all_at_once() -> None:
    found = account_problems([8400, 840_000, 4_400_011], 100_000_001, 6)
    assert [problem.code for problem in found] == ["datev_accounts_meet", "datev_account_too_long", "datev_account_too_long"]
    assert account_problems([8400, 998, 1200], 69_999, 4) == []


def test_the_formats_have_their_fields() -> None:
    assert (len(BATCH.labels), len(MASTER_DATA.labels)) == (125, 254)
    assert BATCH.line({1: "1,00"}).count(";") == 124
    assert BATCH.line({}, 120).endswith('"";;""\r\n')
