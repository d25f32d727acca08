"""The status of refusals and what the Authorization header holds, as all dialects have them."""

import pytest

from contor.api.http import STATUS, authorization
from contor.kernel.errors import Kind


def test_every_kind_of_refusal_has_a_status() -> None:
    assert set(STATUS) == set(Kind)
    assert all(400 <= status < 600 for status in STATUS.values())


@pytest.mark.parametrize(
    ("header", "scheme", "credentials"),
    [
        ("Bearer abc", "bearer", "abc"),
        ("bearer  abc ", "bearer", "abc"),
        ("BASIC YTpi", "basic", "YTpi"),
        ("Bearer", "bearer", ""),
        ("Bearer  ", "bearer", ""),
        ("Basic YTpi", "bearer", None),
        ("abc", "bearer", None),
        ("", "bearer", None),
    ],
)
def test_credentials_are_those_of_the_wanted_scheme(header: str, scheme: str, credentials: str | None) -> None:
    assert authorization({"authorization": header}, scheme) == credentials


def test_without_the_header_there_are_none() -> None:
    assert authorization({}, "bearer") is None
