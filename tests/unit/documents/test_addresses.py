"""The address of a party, as a customer's address says it."""

import pytest

from contor.customers.queries import Address
from contor.documents.request.parties import address_of


def an_address(**said: str) -> Address:
    return Address(**{**dict.fromkeys(Address._fields), "city": "Kiel", "zip": "24103", "country": "DE", **said})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "street", "addition"),
    [
        ({"street": "Kai"}, "Kai", None),
        ({"post_office_box": "12 34"}, "Postfach 12 34", None),
        # it was lost
        ({"street": "Kai", "post_office_box": "12 34"}, "Kai", "Postfach 12 34"),
        ({"street": "Kai", "post_office_box": "12 34", "address_addition": "Hof"}, "Kai", "Hof, Postfach 12 34"),
        ({"post_office_box": "12 34", "address_addition": "Hof"}, "Postfach 12 34", "Hof"),
    ],
)
def test_a_post_office_box_stands_in_the_address(said: dict[str, str], street: str, addition: str | None) -> None:
    """BT-50 and BT-51."""
    made = address_of(an_address(**said))
    assert (made.street, made.addition) == (street, addition)
