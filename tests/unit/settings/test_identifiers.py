"""VAT numbers and countries: what is a number of which country, and when its check digits count."""

import pytest
from pydantic import TypeAdapter, ValidationError

from contor.kernel.shapes import SENT
from contor.settings.countries import Country, PostalCountry, StateCode, alpha_2
from contor.settings.identifiers import RegisteredId, VatId, is_vat_id, vat_id_problems


@pytest.mark.parametrize(
    ("value", "is_right"),
    [
        ("DE136695976", True),
        ("DE136695977", False),
        ("EL094259216", True),
        ("EL094259217", False),
        ("FR40303265045", True),
        ("FR41303265045", False),
        ("ATU13585627", True),
        ("ATU13585628", False),
        ("GB980780684", True),
        ("GB980780685", False),
        ("XI980780684", True),
        ("XI980780685", False),
        ("CHE107787577IVA", True),
        ("CHE107787578IVA", False),
        ("CHE107787577", True),
        ("CHE107787578", False),
        ("NO974760673", True),
        ("NO974760674", False),
        ("QQ123", True),
    ],
)
def test_check_digits(value: str, is_right: bool) -> None:
    """A country whose scheme is unknown is taken as it is."""
    assert is_vat_id(value) is is_right


def test_check_digits_count_in_live_only() -> None:
    assert [problem.code for problem in vat_id_problems("DE136695977", "LIVE")] == ["vat_id_invalid"]
    assert vat_id_problems("DE136695977", "TEST") == []
    assert vat_id_problems("DE136695976", "LIVE") == []
    assert vat_id_problems(None, "LIVE") == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("DE136695976", None),
        ("EL094259216", None),
        ("XI980780684", None),
        ("CHE107787577", None),
        ("NO974760673MVA", None),
        ("IM2760000742", None),  # the one-stop shop of imports
        ("XX123456789", "begins with XX, which is no country of VAT ids "),
        ("QQ123", "begins with QQ, "),
        ("XK123456789", "begins with XK, "),
        ("UK980780684", "expected is GB, or XI for Northern Ireland"),
        ("EU372000041", "but of the one-stop shop"),
        ("DE12345678", "expected are DE and 9 digits"),
        ("DE1234567890", "expected are DE and 9 digits"),
        ("AT12345678", "expected are ATU and 8 digits"),
        ("CHE10778757", "expected are CHE and 9 digits"),
        ("NL123456789012", "expected are NL, 9 digits, B and 2 digits"),
        ("IE1234567", "expected are IE, 7 digits"),
        ("136695976", "expected are two letters of a country"),
        ("DE/12/345/678", "expected are two letters of a country"),
    ],
)
def test_a_vat_id_begins_with_a_country(value: str, words: str | None) -> None:
    """BR-CO-09. What is stored is older, and is shown as it is."""
    adapter: TypeAdapter[str] = TypeAdapter(VatId)
    assert adapter.validate_python(value) == value
    if words is None:
        assert adapter.validate_python(value, context=SENT) == value
    else:
        with pytest.raises(ValidationError, match=words):
            adapter.validate_python(value, context=SENT)


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("de 136 695 976", "DE136695976"),
        ("CHE-123.456.788 MWST", "CHE123456788MWST"),
        ("che\u2011123.456.788", "CHE123456788"),
        ("NL 8136.43.217.B01", "NL813643217B01"),
        ("BE 0428.759.497", "BE0428759497"),
        ("no 974 760 673 mva", "NO974760673MVA"),
        ("IE6433435OA", "IE6433435OA"),
        ("IE8D79739I", "IE8D79739I"),
    ],
)
def test_a_vat_id_is_stored_as_registers_write_it(sent: str, stored: str) -> None:
    """They were refused as if they began with no letters."""
    adapter: TypeAdapter[str] = TypeAdapter(VatId)
    assert adapter.validate_python(sent, context=SENT) == stored


def test_a_registration_may_be_one_of_the_shop() -> None:
    shop: TypeAdapter[str] = TypeAdapter(RegisteredId)
    assert shop.validate_python("EU 372000041", context=SENT) == "EU372000041"
    with pytest.raises(ValidationError, match="no country of VAT ids"):
        shop.validate_python("QQ372000041", context=SENT)


@pytest.mark.parametrize(
    ("code", "known"),
    [("DE", "DE"), ("DEU", "DE"), ("AUT", "AT"), ("XK", "XK"), ("UK", "GB"), ("EL", "GR"), ("QQ", None), ("XX", None)],
)
def test_countries_have_two_letters_inside(code: str, known: str | None) -> None:
    assert alpha_2(code) == known
    adapter: TypeAdapter[str] = TypeAdapter(Country)
    if known is None:
        with pytest.raises(ValidationError, match="country"):
            adapter.validate_python(code)
    else:
        assert adapter.validate_python(code) == known


@pytest.mark.parametrize(("code", "meant"), [("UK", "GB"), ("EL", "GR")])
def test_an_address_has_no_code_of_vat_ids(code: str, meant: str) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(PostalCountry)
    with pytest.raises(ValidationError, match=f"is not an ISO 3166-1 country code, expected is {meant}"):
        adapter.validate_python(code)
    assert adapter.validate_python(meant) == meant


def test_states_are_those_of_iso_3166_2() -> None:
    adapter: TypeAdapter[str] = TypeAdapter(StateCode)
    assert adapter.validate_python("DE-HH") == "DE-HH"
    with pytest.raises(ValidationError, match="3166-2"):
        adapter.validate_python("DE-QQ")
