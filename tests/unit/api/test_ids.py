"""Ids that are made of a number and read back to it."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contor.api.ids import as_ulid, as_uuid, of_ulid, of_uuid

NUMBERS = st.integers(min_value=1, max_value=2**63 - 1)
SCOPES = st.sampled_from(("1:customer", "1:document", "2:customer"))


@pytest.mark.parametrize(
    ("number", "scope", "as_a_uuid", "as_a_ulid"),
    [
        (1, "1:customer", "5a9ae497-bc25-842f-868f-06f4214e20b6", "01D9NS4QQGJM5WD3R6YGGMW85P"),
        (2, "1:customer", "9e558dca-dd50-8a94-816b-2a5aa749c864", "02F5B3EAVN8AJG2TSABAKMKJ34"),
        (1, "2:customer", "9210e6b2-562d-8135-ad12-fc06fd904f4c", "02911SNJARPH6PT4QW0VYS0KTC"),
        (2**63 - 1, "1:document", "72b33127-298c-8711-a083-62ad71524178", "01SB6C9756672610V2NNRN4GBR"),
    ],
)
def test_ids_stay_what_clients_have_stored(number: int, scope: str, as_a_uuid: str, as_a_ulid: str) -> None:
    """These must never change: they stand in the databases of clients."""
    assert (as_uuid(number, scope), as_ulid(number, scope)) == (as_a_uuid, as_a_ulid)


@given(NUMBERS, SCOPES)
def test_every_number_comes_back(number: int, scope: str) -> None:
    assert of_uuid(as_uuid(number, scope), scope) == number == of_ulid(as_ulid(number, scope), scope)
    assert uuid.UUID(as_uuid(number, scope)).variant == uuid.RFC_4122
    assert as_ulid(number, scope)[0] in "01234567"


@given(NUMBERS)
def test_an_id_names_nothing_elsewhere(number: int) -> None:
    assert of_uuid(as_uuid(number, "1:customer"), "2:customer") is None
    assert of_uuid(as_uuid(number, "1:customer"), "1:document") is None
    assert of_ulid(as_ulid(number, "1:customer"), "1:document") is None


@given(st.uuids(version=4) | st.text(max_size=40))
def test_ids_of_others_are_none(text: uuid.UUID | str) -> None:
    assert of_uuid(str(text), "1:customer") is None
    assert of_ulid(str(text), "1:customer") is None


@given(NUMBERS, st.integers(min_value=0, max_value=127))
def test_a_changed_bit_is_noticed(number: int, bit: int) -> None:
    changed = uuid.UUID(int=uuid.UUID(as_uuid(number, "1:customer")).int ^ 1 << bit)
    assert of_uuid(str(changed), "1:customer") is None
