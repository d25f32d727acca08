"""What people say of invoices: that they were paid, in whatever currency, and that a draft is right."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.fynn import Fynn

RATES = {"JPY": "160.55", "KWD": "0.33421"}


@pytest.fixture
def abroad(fynn: Fynn) -> Fynn:
    fynn.turn("2027-03-10")
    rates = [
        {"kind": kind, "currency": currency, "day": day, "rate": rate}
        for currency, rate in RATES.items()
        for kind, day in (("DAILY", "2027-03-09"), ("DAILY", "2027-03-10"), ("MONTHLY_AVERAGE", "2027-03-01"))
    ]
    assert fynn.tenant.call("POST", "/exchange-rates", {"rates": rates}).status < 300
    return fynn


def an_invoice(fynn: Fynn, currency: str, amount: int) -> Any:
    price = {"amount": amount, "currencyCode": currency}
    body = {"customer": "muster-handel", "currencyCode": currency, "positions": [{"name": "Rat", "unitPrice": price}]}
    made = fynn.call("POST", "/invoices", body)
    fynn.call("POST", f"/invoices/{made['id']}/finalize")
    fynn.work()
    return made["id"]


def test_what_was_paid_in_other_currencies_stands_at_the_rate_of_the_day(abroad: Fynn) -> None:
    for currency, amount, gross in (("JPY", 10000, 11900), ("KWD", 10000, 11900), ("JPY", 100, 119), ("EUR", 100, 119)):
        invoice = an_invoice(abroad, currency, amount)
        part = abroad.call("POST", f"/invoices/{invoice}/payments", {"amount": {"amount": 19, "currencyCode": currency}})
        assert part["unpaidAmount"] == {"amount": gross - 19, "currencyCode": currency}
        paid = abroad.call("POST", f"/invoices/{invoice}/payments", {})
        assert (paid["unpaidAmount"]["amount"], paid["payDate"][:10]) == (0, "2027-03-10")
    booked = abroad.tenant.rows("SELECT currency, additionally_accepted_currencies AS also FROM merchant_payment_account")
    assert [(row.currency, row.also) for row in booked] == [("EUR", ["JPY", "KWD"])]
    came = {Decimal(row.amount) for row in abroad.tenant.rows("SELECT base_amount AS amount FROM payment")}
    assert {Decimal("74.00"), Decimal("35.55"), Decimal("1.00")} <= came  # 11881 / 160.55, 11.881 / 0.33421, 119 - 19
    assert abroad.tenant.unsound() == []


def test_who_wrote_a_draft_is_told_in_words_of_this_api_that_others_approve_it(fynn: Fynn) -> None:
    fynn.call("PATCH", "/settings/invoice", {"manualApproval": True})
    body = {"customer": "muster-handel", "positions": [{"name": "Rat", "unitPrice": 1000}]}
    made = fynn.call("POST", "/invoices", body)
    for method, action in (("POST", "finalize"), ("PUT", "approve")):
        refused = fynn.call(method, f"/invoices/{made['id']}/{action}", status=403)
        assert refused["violations"] == []
        assert "manualApproval" in refused["detail"] and "draft_" not in refused["detail"] and "FOUR_EYES" not in refused["detail"]
