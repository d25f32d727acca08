"""What is wrong with an address: parts that are missing, postal codes of other countries, places of other codes."""

import pytest

from contor.customers.validation.posts import post_of
from contor.customers.validation.rules import folded, place_findings, syntax_findings
from contor.customers.validation.types import Checked, Places

WHOLE = Checked("c", "a", "DE", "20457", "Hamburg", "Am Kai", None, None, None)


def fields(address: Checked) -> list[str]:
    return [finding.field for finding in syntax_findings(address, post_of(address.country))]


@pytest.mark.parametrize(
    ("country", "code", "is_right"),
    [
        ("DE", "20457", True),
        ("DE", "2045", False),
        ("DE", "D-20457", False),
        ("AT", "1010", True),
        ("AT", "10100", False),
        ("CH", "8001", True),
        ("CH", "80010", False),
        ("FR", "75001", True),
        ("FR", "7500", False),
        ("NL", "1012 AB", True),
        ("NL", "1012ab", True),
        ("NL", "1012", False),
        ("GB", "SW1A 1AA", True),
        ("GB", "20457", False),
        ("XI", "BT1 5GS", True),
        ("PL", "00-950", True),
        ("PL", "00950", False),
        ("PT", "1250-096", True),
        ("PT", "1250", False),
        ("SE", "111 22", True),
        ("ES", "28013", True),
        ("IC", "35001", True),
        ("IT", "00184", True),
        ("US", "95014-1234", True),
        ("GR", "105 57", True),
    ],
)
def test_postal_codes_are_those_of_the_country(country: str, code: str, is_right: bool) -> None:
    found = fields(WHOLE._replace(country=country, zip=code, state="California"))
    assert found == ([] if is_right else ["zip"])


def test_parts_that_the_country_needs() -> None:
    """Every one that is missing is said at once; a post-office box takes the street's place."""
    bare = Checked("c", "a", "DE", None, None, None, None, None, None)
    assert fields(bare) == ["street", "zip", "city"]
    assert fields(bare._replace(post_office_box="1234")) == ["zip", "city"]
    assert fields(WHOLE._replace(country="US", zip="95014")) == ["state"]
    assert fields(WHOLE._replace(country="US", zip="95014", state_code="US-CA")) == []
    assert fields(WHOLE._replace(country="IE", zip=None)) == [], "Ireland's post does not need its code"


def test_of_some_places_nothing_is_known() -> None:
    assert [post_of(country) is not None for country in ("DE", "XI", "QQ")] == [True, True, False]
    assert fields(Checked("c", "a", "QQ", None, None, None, None, None, None)) == []


def test_names_are_compared_folded() -> None:
    assert {folded(name) for name in ("Köln", "KOELN", "koeln ")} == {"koeln"}
    assert {folded(name) for name in ("Saint-Étienne", "saint etienne")} == {"saintetienne"}
    assert {folded(name) for name in ("Großenhain", "Grossenhain")} == {"grossenhain"}
    assert folded("1012 AB") == folded("1012ab") == "1012ab"


@pytest.mark.parametrize(
    ("code", "city", "found"),
    [
        ("60311", "Frankfurt am Main", []),
        ("60311", "FRANKFURT", []),
        ("60311", "Hamburg", ["city"]),
        ("60311", None, []),
        ("99999", "Frankfurt am Main", ["zip"]),
        (None, "Frankfurt am Main", []),
        ("60311", "F", ["city"]),
    ],
)
def test_places_of_a_list(code: str | None, city: str | None, found: list[str]) -> None:
    """Codes that the list lacks, and names of other codes; a name may be longer or shorter than the list's."""
    places = Places({"60311": frozenset({"frankfurtammain"})})
    assert [one.field for one in place_findings(WHOLE._replace(zip=code, city=city), places)] == found
