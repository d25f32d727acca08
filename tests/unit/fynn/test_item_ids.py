"""Ids of subscription items: two numbers there and back, for one tenant alone."""

import re

from hypothesis import given
from hypothesis import strategies as st

from contor.api.fynn.subscriptions.reading import ALPHABET, as_item_id, of_item_id

NUMBERS = st.integers(0, 2**63 - 1)


@given(NUMBERS, NUMBERS, st.text(max_size=20))
def test_numbers_come_back_and_the_id_is_a_ulid(contract: int, option: int, scope: str) -> None:
    made = as_item_id(contract, option, scope)
    assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", made)
    assert of_item_id(made, scope) == (contract, option) == of_item_id(made.lower(), scope)


@given(NUMBERS, NUMBERS)
def test_another_tenant_reads_other_numbers(contract: int, option: int) -> None:
    assert of_item_id(as_item_id(contract, option, "1"), "2") != (contract, option)


@given(st.text(alphabet=ALPHABET, min_size=26, max_size=26))
def test_any_text_is_two_numbers_of_the_right_size_or_nothing(text: str) -> None:
    found = of_item_id(text, "1")
    assert found is None or all(0 <= number < 2**63 for number in found)


def test_what_is_no_ulid_is_nothing() -> None:
    assert [of_item_id(text, "1") for text in ("", "0" * 25, "U" * 26, "Z" * 26)] == [None] * 4
