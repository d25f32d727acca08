"""Numbers in the text of a payment: broken, part of a longer one, misread."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contor.assignment.matching import amounts_beside, apart, compact_keys, confused, is_sure


@pytest.mark.parametrize(
    ("text", "key", "found"),
    [
        ("RE 2026 00 0123", "RE20260000123", False),
        ("RE 2026 00 0123", "RE2026000123", True),
        ("RE-2026-\n000123", "RE2026000123", True),
        ("XRE-2026-000123", "RE2026000123", False),
        ("RE-2026-0001234", "RE2026000123", False),
        ("re-2026-000123", "RE2026000123", True),
        ("45 RE34Y U0000 00000 02019 00014", "45RE34YU000000000020190001" + "4", True),
        ("Zahlung 18145", "1814", False),
        ("Zahlung 1814", "1814", True),
    ],
)
def test_runs_of_whole_words(text: str, key: str, found: bool) -> None:
    assert (key in compact_keys(text)) is found


def test_what_is_part_of_a_longer_one_is_not_meant() -> None:
    keys = compact_keys("RE-2026-000123 und 2026 000124")
    assert apart(keys, ["2026000123", "RE2026000123", "2026000124"]) == ["RE2026000123", "2026000124"]


@pytest.mark.parametrize(
    ("key", "meant"), [("RE2O26000123", "RE2026000123"), ("REI0260O0123", "RE10260O0123"), ("RE20260001I3", "RE2026000113")]
)
def test_o_and_zero_i_and_one(key: str, meant: str) -> None:
    assert {it.replace("O", "0") for it in confused(key)} & {meant.replace("O", "0")}


def test_nothing_is_confused_with_itself() -> None:
    assert confused("RE2026000123") == set()


@pytest.mark.parametrize(("number", "sure"), [("14", False), ("181", False), ("1814", True), ("RE-1", True), ("18-14", True)])
def test_which_numbers_are_sure(number: str, sure: bool) -> None:
    assert is_sure(number) is sure


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("RE-1 100,00 RE-2 50,00", {"RE-1": "100.00", "RE-2": "50.00"}),
        ("RE-1: 1.234,56", {"RE-1": "1234.56"}),
        ("RE-1 EUR 12.50", {"RE-1": "12.50"}),
        ("RE-1 vom 1.2.26", {}),
        ("RE-1 RE-2", {}),
    ],
)
def test_what_the_payer_writes_beside(text: str, said: dict[str, str]) -> None:
    assert amounts_beside(text, ["RE-1", "RE-2"]) == {number: Decimal(amount) for number, amount in said.items()}


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    keys = compact_keys(text)
    kept = apart(keys, list(keys))
    spans = sorted(keys[key] for key in kept)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    assert all(key not in confused(key) for key in keys)
