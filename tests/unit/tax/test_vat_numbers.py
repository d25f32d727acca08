"""VAT numbers: form and check digits of every member state, the services that are asked, what is read of their answers, and what is done
with a supply by them."""

import datetime as dt
import json
from typing import Any

import pytest

from contor.kernel.places import EU_COUNTRIES
from contor.tax.configuration import TaxConfiguration
from contor.tax.vat_numbers.numbers import is_asked_for, number_of, state_of, why_invalid
from contor.tax.vat_numbers.policy import Known, verdict
from contor.tax.vat_numbers.services import SERVICES, Enquiry, seen_offline, services_for
from contor.tax.vat_numbers.types import Asked

NUMBERS = [
    ("ATU13585627", "ATU13585628"),
    ("BE0403019261", "BE0403019262"),
    ("BG175074752", "BG175074753"),
    ("CY10259033P", "CY10259034P"),
    ("CZ25123891", "CZ25123892"),
    ("DE136695976", "DE136695977"),
    ("DK13585628", "DK13585629"),
    ("EE100931558", "EE100931559"),
    ("EL094259216", "EL094259217"),
    ("ESB58378431", "ESB58378432"),
    ("FI20774740", "FI20774741"),
    ("FR40303265045", "FR40303265046"),
    ("HR33392005961", "HR33392005962"),
    ("HU12892312", "HU12892313"),
    ("IE6388047V", "IE6388048V"),
    ("IT00743110157", "IT00743110158"),
    ("LT119511515", "LT119511516"),
    ("LU15027442", "LU15027443"),
    ("LV40003521600", "LV40003521601"),
    ("MT11679112", "MT11679113"),
    ("NL004495445B01", "NL004495446B01"),
    ("PL8567346215", "PL8567346216"),
    ("PT501964843", "PT501964844"),
    ("RO18547290", "RO18547291"),
    ("SE123456789701", "SE123456789702"),
    ("SI50223054", "SI50223055"),
    ("SK2022749619", "SK2022749610"),
    ("XI980780684", "XI980780685"),
]
"""A number whose check digits are right, and one with a wrong one."""
OURS, FRENCH = "DE136695976", "FR40303265045"
NOW = dt.datetime(2026, 5, 31, 12, tzinfo=dt.UTC)


def hours_ago(count: int) -> dt.datetime:
    return NOW - dt.timedelta(hours=count)


def test_there_is_a_number_of_every_state() -> None:
    assert {state_of(right) for right, _ in NUMBERS} == EU_COUNTRIES | {"XI"}


@pytest.mark.parametrize(("right", "wrong"), NUMBERS)
def test_form_and_check_digits_are_judged_without_asking(right: str, wrong: str) -> None:
    assert (why_invalid(right), why_invalid(wrong)) == (None, "its check digits are wrong")
    assert (seen_offline(right), is_asked_for(right)) == (None, True)
    heard = seen_offline(wrong)
    assert heard is not None and (heard.outcome, heard.code, heard.raw) == ("INVALID", "FORM_OR_CHECK_DIGITS", None)
    assert why_invalid(right[:-1]) is not None or right.startswith(("BG", "RO", "CZ", "LT"))  # one digit less is a form of these


@pytest.mark.parametrize("vat_id", ["GB980780684", "CHE123456788", "NO995525828MVA", "US123456789"])
def test_no_service_answers_about_other_countries(vat_id: str) -> None:
    assert (is_asked_for(vat_id), list(services_for(vat_id, OURS))) == (False, [])


@pytest.mark.parametrize(
    ("vat_id", "requester", "only", "services"),
    [
        (FRENCH, OURS, None, ["VIES", "EVATR"]),
        (FRENCH, OURS, "EVATR", ["EVATR"]),
        (FRENCH, "ATU13585627", None, ["VIES"]),
        (FRENCH, None, None, ["VIES"]),
        ("DE129273398", OURS, None, ["VIES"]),
        ("DE129273398", OURS, "EVATR", []),
        ("XI980780684", OURS, None, ["VIES", "EVATR"]),
    ],
)
def test_evatr_answers_german_enquirers_about_foreign_numbers(
    vat_id: str, requester: str | None, only: Any, services: list[str]
) -> None:
    assert list(services_for(vat_id, requester, only)) == services


ASKED = Asked(name="Dupont SARL", street="1 Rue Neuve", postal_code="75001", city="Paris")


def test_vies_is_asked_with_the_enquirer_and_what_is_known_of_the_trader() -> None:
    call = SERVICES["VIES"].call_of(Enquiry(FRENCH, OURS, ASKED))
    assert (call.path, json.loads(call.body)) == (
        "/check-vat-number",
        {
            "countryCode": "FR",
            "vatNumber": "40303265045",
            "requesterMemberStateCode": "DE",
            "requesterNumber": "136695976",
            "traderName": "Dupont SARL",
            "traderStreet": "1 Rue Neuve",
            "traderPostalCode": "75001",
            "traderCity": "Paris",
        },
    )
    assert number_of("EL094259216") == ("EL", "094259216")  # Greece as its numbers begin


def test_evatr_is_asked_for_a_qualified_confirmation_where_name_and_town_are_known() -> None:
    call = SERVICES["EVATR"].call_of(Enquiry(FRENCH, OURS, ASKED))
    said = {"firmenname": "Dupont SARL", "ort": "Paris", "strasse": "1 Rue Neuve", "plz": "75001"}
    assert (call.path, json.loads(call.body)) == ("/abfrage", {"anfragendeUstid": OURS, "angefragteUstid": FRENCH, **said})
    simple = SERVICES["EVATR"].call_of(Enquiry(FRENCH, OURS, Asked(name="Dupont SARL")))
    assert json.loads(simple.body) == {"anfragendeUstid": OURS, "angefragteUstid": FRENCH}


def vies(body: Any, status: int = 200) -> tuple[str, str | None]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    heard = SERVICES["VIES"].heard_in(raw, status, Enquiry(FRENCH, OURS, ASKED))
    assert heard.raw == raw
    return heard.outcome, heard.code


FOUND = {"countryCode": "FR", "vatNumber": "40303265045", "valid": True}


@pytest.mark.parametrize(
    ("body", "status", "found"),
    [
        (FOUND, 200, ("VALID", None)),
        ({**FOUND, "valid": False}, 200, ("INVALID", None)),
        ({**FOUND, "vatNumber": "40303265046"}, 200, ("UNAVAILABLE", "ANSWER_OF_ANOTHER_NUMBER")),
        ({"valid": "yes"}, 200, ("UNAVAILABLE", "ANSWER_UNREADABLE")),
        ({}, 200, ("UNAVAILABLE", "ANSWER_UNREADABLE")),
        (FOUND, 500, ("UNAVAILABLE", "ANSWER_UNREADABLE")),
        (b"<html>", 502, ("UNAVAILABLE", "ANSWER_UNREADABLE")),
        (b"\xff\xfe", 200, ("UNAVAILABLE", "ANSWER_UNREADABLE")),
        (b"[" * 50_000, 200, ("UNAVAILABLE", "ANSWER_UNREADABLE")),
        ({"actionSucceed": False}, 200, ("UNAVAILABLE", None)),
        *(
            ({"actionSucceed": False, "errorWrappers": [{"error": code}]}, 200, (outcome, code))
            for code, outcome in {
                "INVALID_INPUT": "INVALID",
                "INVALID_REQUESTER_INFO": "REFUSED",
                "VAT_BLOCKED": "REFUSED",
                "IP_BLOCKED": "REFUSED",
                "MS_UNAVAILABLE": "UNAVAILABLE",
                "SERVICE_UNAVAILABLE": "UNAVAILABLE",
                "TIMEOUT": "UNAVAILABLE",
                "GLOBAL_MAX_CONCURRENT_REQ": "UNAVAILABLE",
                "MS_MAX_CONCURRENT_REQ_TIME": "UNAVAILABLE",
                "SOMETHING_NEW": "UNAVAILABLE",
            }.items()
        ),
    ],
)
def test_what_vies_answers(body: Any, status: int, found: tuple[str, str | None]) -> None:
    assert vies(body, status) == found


@pytest.mark.parametrize(
    ("code", "status", "outcome"),
    [
        ("evatr-0000", 200, "VALID"),
        ("evatr-2008", 200, "VALID"),
        ("evatr-2001", 404, "INVALID"),
        ("evatr-2002", 200, "INVALID"),
        ("evatr-2006", 200, "INVALID"),
        ("evatr-0005", 400, "INVALID"),
        ("evatr-0012", 400, "INVALID"),
        ("evatr-0004", 400, "REFUSED"),
        ("evatr-0006", 403, "REFUSED"),
        ("evatr-2005", 404, "REFUSED"),
        ("evatr-0008", 400, "UNAVAILABLE"),
        ("evatr-0011", 503, "UNAVAILABLE"),
        ("evatr-1001", 503, "UNAVAILABLE"),
        ("evatr-2007", 500, "UNAVAILABLE"),
        ("evatr-9999", 500, "UNAVAILABLE"),
    ],
)
def test_what_evatr_answers(code: str, status: int, outcome: str) -> None:
    raw = json.dumps({"status": code, "id": "x", "gueltigAb": "2030-01-01", "ergFirmenname": "B", "ergOrt": "D"}).encode()
    heard = SERVICES["EVATR"].heard_in(raw, status, Enquiry(FRENCH, OURS, ASKED))
    assert (heard.outcome, heard.code, heard.raw) == (outcome, code, raw)
    if outcome in ("VALID", "INVALID"):
        assert (heard.valid_from, heard.matches.name, heard.matches.city) == (dt.date(2030, 1, 1), "INVALID", "NOT_SUPPORTED")


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"null", b'{"status": 7}', b"\xff"])
def test_what_is_no_answer_of_evatr_says_nothing(raw: bytes) -> None:
    heard = SERVICES["EVATR"].heard_in(raw, 500, Enquiry(FRENCH, OURS, ASKED))
    assert (heard.outcome, heard.code) == ("UNAVAILABLE", "ANSWER_UNREADABLE")


OFF = TaxConfiguration()
LAST = TaxConfiguration(vat_id_validation=True, provider_down_behaviour="ISSUE_WITH_LAST_PROOF")
CONSUMER = TaxConfiguration(vat_id_validation=True, provider_down_behaviour="TAX_AS_B2C")
HOLD = TaxConfiguration(vat_id_validation=True, provider_down_behaviour="HOLD")
FRESH = Known(FRENCH, "VALID", hours_ago(23), "p", "VALID", hours_ago(23))
WRONG = Known(FRENCH, "INVALID", hours_ago(1), "p", "INVALID", hours_ago(1))
DOWN = Known(FRENCH, None, None, None, "UNAVAILABLE", hours_ago(1), "the register of the member state does not answer")
DOWN_SINCE = Known(FRENCH, "VALID", hours_ago(500), "p", "UNAVAILABLE", hours_ago(1), "no")
DOWN_AND_WRONG = Known(FRENCH, "INVALID", hours_ago(500), "p", "UNAVAILABLE", hours_ago(1), "no")
OLD = Known(FRENCH, "VALID", hours_ago(24), "p", "VALID", hours_ago(24))


@pytest.mark.parametrize(
    ("known", "by_configuration"),
    [
        (Known(FRENCH), ("NOT_NEEDED", "AWAITED", "AWAITED", "AWAITED")),
        (FRESH, ("NOT_NEEDED", "PROVEN", "PROVEN", "PROVEN")),
        (OLD, ("NOT_NEEDED", "AWAITED", "AWAITED", "AWAITED")),
        (WRONG, ("NOT_NEEDED", "NOT_VALID", "NOT_VALID", "NOT_VALID")),
        (DOWN, ("NOT_NEEDED", "AWAITED", "AS_CONSUMER", "AWAITED")),
        (DOWN_SINCE, ("NOT_NEEDED", "PROVEN", "AS_CONSUMER", "AWAITED")),
        (DOWN_AND_WRONG, ("NOT_NEEDED", "NOT_VALID", "AS_CONSUMER", "AWAITED")),
        (FRESH._replace(tried="UNAVAILABLE", tried_at=NOW), ("NOT_NEEDED", "PROVEN", "PROVEN", "PROVEN")),
    ],
)
def test_what_is_done_with_a_supply(known: Known, by_configuration: tuple[str, ...]) -> None:
    """Without validation, and by what is to be done while nobody answers: ISSUE_WITH_LAST_PROOF, TAX_AS_B2C, HOLD."""
    assert tuple(verdict(known, one, NOW).kind for one in (OFF, LAST, CONSUMER, HOLD)) == by_configuration


def test_what_waits_says_why() -> None:
    assert verdict(DOWN, HOLD, NOW).reason == (
        "the VAT id FR40303265045 cannot be confirmed now: the register of the member state does not answer;"
        " it is asked for again, and goes on by itself"
    )
    assert "no earlier proof" in verdict(DOWN, LAST, NOW).reason
    older = TaxConfiguration(vat_id_validation=True, max_proof_age_in_hours=25)
    assert verdict(OLD, older, NOW).kind == "PROVEN"  # the tenant says how old a proof may be
