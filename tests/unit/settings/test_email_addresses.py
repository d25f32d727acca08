"""What an e-mail address may be made of: what can be seen, and what an e-invoice can carry."""

import pytest

from contor.customers.types import Email
from contor.kernel.errors import Refused
from contor.kernel.shapes import shape
from contor.runtime.execute import validated
from contor.settings.types import WebAddress


@shape
class Reached:
    email: Email | None = None
    url: WebAddress | None = None


@pytest.mark.parametrize("email", ["a@muster.example", "ä.o'b+c@münch.example", "a_b-c@xn--mnch-0ra.example", "a@b.c"])
def test_what_is_one(email: str) -> None:
    assert validated(Reached, {"email": email}).email == email


@pytest.mark.parametrize(
    "email",
    ["a\x07@muster.example", "\x00a@muster.example", "a@muster\x7f.example", "a\u200b@muster.example", "a@\u202emuster.example"],
)
def test_none_has_what_cannot_be_seen(email: str) -> None:
    """A document to it would be issued, and its files never made: no XML carries a control character."""
    with pytest.raises(Refused) as refused:
        validated(Reached, {"email": email})
    assert [one.message for one in refused.value.problems] == ["must be an e-mail address"]


def test_nor_has_an_address_of_a_page() -> None:
    with pytest.raises(Refused):
        validated(Reached, {"url": "https://shop.example/\x07"})
    assert validated(Reached, {"url": "https://shop.example/a?b=ü"}).url is not None
