"""Rules of mandates (money reference 2.4): the key, when one lapses, what an amendment tells the bank."""

import datetime as dt
from typing import Any

import pytest

from contor.payments.customer_accounts import CollectableAccount, MandateRow, collectable, mandate_key
from contor.payments.customer_accounts.mandates import status_on
from contor.payments.customer_accounts.signing import Creditor, KnownIban, amended_mandate, moved_account
from contor.payments.customer_accounts.types import Mandate

CREDITOR = "DE98ZZZ09999999999"
TODAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)


def a_mandate(**changes: Any) -> MandateRow:
    said: dict[str, Any] = {
        "key": mandate_key(CREDITOR, "M-1"),
        "account_ident": "acc",
        "reference": "M-1",
        "creditor_identifier": CREDITOR,
        "creditor_name": "Elbe GmbH",
        "signed_on": dt.date(2020, 1, 1),
        "scheme": "CORE",
        "kind": "RECURRENT",
        "pre_notification_days": None,
        "status": "ACTIVE",
        "status_reason": None,
        "last_presented_on": None,
        "amendment": None,
        "amendment_pending": False,
    }
    return MandateRow(**{**said, **changes})


def an_account(**changes: Any) -> CollectableAccount:
    said: dict[str, Any] = {
        "ident": "acc",
        "has_iban": True,
        "token": None,
        "health_status": "HEALTHY",
        "health_reason": None,
        "mandate": a_mandate(),
    }
    return CollectableAccount(**{**said, **changes})


def codes(account: CollectableAccount, due: dt.date = dt.date(2026, 11, 26), **by: Any) -> list[str]:
    return [problem.code for problem in collectable(account, due, TODAY, **by)]


@pytest.mark.parametrize(("due", "found"), [("2026-11-26", []), ("2026-11-27", ["mandate_lapsed"])])
def test_m17_a_mandate_lapses_36_months_after_its_last_presented_collection(due: str, found: list[str]) -> None:
    account = an_account(mandate=a_mandate(last_presented_on=dt.date(2023, 11, 26)))
    assert codes(account, dt.date.fromisoformat(due)) == found


def test_a_mandate_that_was_never_presented_does_not_lapse() -> None:
    assert codes(an_account(), dt.date(2031, 1, 1)) == []


def test_a_lapsed_mandate_is_shown_as_one() -> None:
    mandate = a_mandate(last_presented_on=dt.date(2023, 11, 26))
    shown = [status_on(mandate, dt.date(2026, 11, day)) for day in (26, 27)]
    assert shown == ["ACTIVE", "LAPSED"]
    assert status_on(a_mandate(status="REVOKED", last_presented_on=dt.date(2000, 1, 1)), TODAY) == "REVOKED"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"health_status": "UNKNOWN"}, []),
        ({"health_status": "UNHEALTHY"}, ["account_unhealthy"]),
        ({"has_iban": False}, ["account_without_iban"]),
        ({"mandate": None}, ["mandate_missing"]),
        ({"mandate": None, "token": "pm_1", "has_iban": False}, ["account_without_iban", "mandate_missing"]),
        ({"mandate": a_mandate(status="REVOKED")}, ["mandate_revoked"]),
        ({"mandate": a_mandate(kind="ONE_OFF", status="LAPSED")}, ["mandate_used_up"]),
        ({"mandate": a_mandate(signed_on=dt.date(2026, 11, 21))}, ["mandate_not_signed"]),
        (
            {"has_iban": False, "health_status": "UNHEALTHY", "mandate": None},
            ["account_unhealthy", "account_without_iban", "mandate_missing"],
        ),
    ],
)
def test_what_keeps_from_collecting_is_named(change: dict[str, Any], found: list[str]) -> None:
    assert codes(an_account(**change)) == found


@pytest.mark.parametrize(
    ("change", "by", "found"),
    [
        ({"token": "pm_1", "mandate": None, "has_iban": False}, {}, []),
        ({"token": "pm_1", "mandate": None, "health_status": "UNHEALTHY"}, {}, ["account_unhealthy"]),
        ({"token": "pm_1", "mandate": a_mandate(status="REVOKED")}, {}, ["mandate_revoked"]),
        ({}, {}, ["account_without_token"]),
        ({"mandate": None, "has_iban": False}, {}, ["account_without_token"]),
        ({}, {"or_mandate": True}, []),
        ({"mandate": a_mandate(status="REVOKED")}, {"or_mandate": True}, ["mandate_revoked"]),
        ({"mandate": None}, {"or_mandate": True}, ["account_without_token"]),
    ],
)
def test_a_provider_is_called_with_a_token(change: dict[str, Any], by: dict[str, Any], found: list[str]) -> None:
    """What no provider needs is not asked for."""
    assert codes(an_account(**{"token": None, **change}), token_of="STRIPE", **by) == found


def test_the_business_code_is_no_part_of_the_key() -> None:
    assert mandate_key("DE98ABC09999999999", "M-1") == mandate_key(CREDITOR, "M-1") == "DE9809999999999 M-1"


def test_a_changed_reference_is_told_if_the_bank_knows_the_former_one() -> None:
    sent = Mandate(reference="M-2", signed_on=dt.date(2020, 1, 1))
    quiet = amended_mandate(sent, a_mandate(), Creditor(CREDITOR, "Elbe GmbH"), NOW)
    told = amended_mandate(sent, a_mandate(last_presented_on=TODAY), Creditor(CREDITOR, "Elbe GmbH"), NOW)
    assert quiet is not None
    assert told is not None
    assert (quiet["amendment"], quiet["amendment_pending"]) == (None, False)
    assert (told["amendment"], told["amendment_pending"], told["last_presented_on"]) == ({"reference": "M-1"}, True, TODAY)


def test_the_bank_is_told_the_name_that_it_knows_however_often_it_changes() -> None:
    first = amended_mandate(
        Mandate(reference="M-2", signed_on=dt.date(2020, 1, 1)), a_mandate(last_presented_on=TODAY), Creditor(), NOW
    )
    assert first is not None
    middle = MandateRow(**{name: first[name] for name in MandateRow._fields})
    second = amended_mandate(Mandate(reference="M-3", signed_on=dt.date(2020, 1, 1)), middle, Creditor(), NOW)
    assert second is not None
    assert second["amendment"] == {"reference": "M-1"}
    told = middle._replace(amendment_pending=False)
    third = amended_mandate(Mandate(reference="M-3", signed_on=dt.date(2020, 1, 1)), told, Creditor(), NOW)
    assert third is not None
    assert third["amendment"] == {"reference": "M-2"}


def test_another_creditor_is_told_with_the_name_of_the_former_one() -> None:
    sent = Mandate(signed_on=dt.date(2020, 1, 1), creditor_identifier="DE02ZZZ0123456789A")
    made = amended_mandate(sent, a_mandate(last_presented_on=TODAY), Creditor(), NOW)
    assert made is not None
    assert made["amendment"] == {"creditor_identifier": CREDITOR, "creditor_name": "Elbe GmbH"}
    other_code = Mandate(signed_on=dt.date(2020, 1, 1), creditor_identifier="DE98ABC09999999999")
    assert amended_mandate(other_code, a_mandate(last_presented_on=TODAY), Creditor(), NOW) is None


def test_another_account_is_told_by_its_former_iban_or_as_one_of_another_bank() -> None:
    old, same, other = KnownIban("s1", "k1", "DE1"), KnownIban("s2", "k2", "DE1"), KnownIban("s3", "k3", "DE2")
    known = a_mandate(last_presented_on=TODAY)
    assert moved_account(a_mandate(), old, same) is None
    moved = moved_account(known, old, same)
    assert moved == {"amendment": {"iban": "s1", "iban_key": "k1", "other_bank": False}, "amendment_pending": True}
    again = moved_account(known._replace(**moved), same, other)
    assert again == {"amendment": {"iban": "s1", "iban_key": "k1", "other_bank": True}, "amendment_pending": True}
    back = moved_account(known._replace(**again), other, old)
    assert back == {"amendment": None, "amendment_pending": False}
