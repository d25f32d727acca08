"""Estimates through FastBill's services: how long they hold, what their page says, what their invoice takes over."""

import io
from decimal import Decimal
from typing import Any

import pytest
from pypdf import PdfReader
from tests.factories.fastbill import Account

from contor.api.fastbill.taking.foreign import discount_of
from contor.offers.offers import OpenOffer, open_offer

ITEM = {"DESCRIPTION": "Beratung", "QUANTITY": 3, "UNIT_PRICE": "33.33", "VAT_PERCENT": "19.00"}
BOOK = {"DESCRIPTION": "Buch", "QUANTITY": 1, "UNIT_PRICE": "10.03", "VAT_PERCENT": "7.00"}


@pytest.fixture
def customer(account: Account) -> int:
    """The number of Muster Handel GmbH."""
    return int(account.tenant.rows("SELECT id FROM customer WHERE customer_ident = 'muster-handel'")[0].id)


def done(answer: Any) -> Any:
    assert answer.get("STATUS") == "success", answer
    return answer


def estimate(account: Account, customer: int, *items: Any, **data: Any) -> Any:
    number = done(account.call("estimate.create", {"CUSTOMER_ID": customer, "ITEMS": list(items) or [ITEM], **data}))
    (found,) = account.call("estimate.get", FILTER={"ESTIMATE_ID": number["ESTIMATE_ID"]})["ESTIMATES"]
    return found


def billed(account: Account, number: Any) -> Any:
    draft = done(account.call("estimate.createinvoice", {"ESTIMATE_ID": number}))["INVOICE_ID"]
    done(account.call("invoice.complete", {"INVOICE_ID": draft}))
    (found,) = account.call("invoice.get", FILTER={"INVOICE_ID": draft})["INVOICES"]
    return found


def page_of(account: Account, number: Any) -> str:
    content = account.tenant.execute(open_offer, OpenOffer(offer_id=int(number))).content
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_an_estimate_without_a_last_day_holds_as_long_as_is_configured(account: Account, customer: int) -> None:
    made = estimate(account, customer, ESTIMATE_DATE="2026-03-02")
    assert made["DUE_DATE"] == "2026-04-01 00:00:00"
    assert estimate(account, customer, ESTIMATE_DATE="2026-03-02", DUE_DATE="2026-03-20")["DUE_DATE"] == "2026-03-20 00:00:00"
    assert estimate(account, customer, ESTIMATE_DATE="2026-03-02", DUE_DATE="")["DUE_DATE"] == "2026-04-01 00:00:00"
    body = {"prefix": "AN-##YEAR##-", "mask": "000000", "suffix": "", "reset": "NEW_YEAR", "validDays": 0}
    assert account.tenant.call("PUT", "/offers/configuration", body).status == 200
    assert estimate(account, customer)["DUE_DATE"] == "0000-00-00 00:00:00"  # without end


@pytest.mark.parametrize("is_gross", ["0", "1"])
def test_the_invoice_of_an_estimate_takes_its_discount_over(account: Account, customer: int, is_gross: str) -> None:
    offered = estimate(account, customer, ITEM, BOOK, DISCOUNT="7.5", IS_GROSS=is_gross)
    invoice = billed(account, offered["ESTIMATE_ID"])
    assert [invoice[name] for name in ("SUB_TOTAL", "VAT_TOTAL", "TOTAL")] == [
        offered[name] for name in ("SUB_TOTAL", "VAT_TOTAL", "TOTAL")
    ]
    assert offered["DISCOUNT"] == "7.50"
    assert account.tenant.unsound() == []


def test_a_row_of_an_estimate_names_no_invoice(account: Account, customer: int) -> None:
    made = estimate(account, customer, ITEM, BOOK)
    page = page_of(account, made["ESTIMATE_ID"])
    assert "Beratung" in page and "Leistungsdatum" not in page
    company = account.tenant
    (row,) = company.rows("SELECT ident FROM offer")
    period = {"start": "2026-03-01", "end": "2026-03-31"}
    items = company.call("GET", f"/offers/{row.ident}").body["items"]
    change = {"version": 1, "items": [{**items[0], "servicePeriod": period}, items[1]]}
    assert company.call("PATCH", f"/offers/{row.ident}", change).status == 200
    page = page_of(account, made["ESTIMATE_ID"])
    assert "01.03.2026" in page and "Leistungsdatum entspricht" not in page  # what is agreed of one row, and nothing of the other


@pytest.mark.parametrize(
    ("said", "percent"),
    [
        ({"DISCOUNT": "7.50"}, Decimal("7.50")),
        ({"DISCOUNT": "0.00"}, None),
        ({"SUB_TOTAL": "185.00"}, Decimal("7.5")),
        ({"SUB_TOTAL": "200.00"}, None),
        ({"SUB_TOTAL": "190.00"}, Decimal(5)),
        ({}, None),
    ],
)
def test_the_discount_of_another_account_is_said_or_what_its_sums_lack(said: dict[str, str], percent: Decimal | None) -> None:
    rows = [{"COMPLETE_NET": "133.33", "VAT_PERCENT": "19.00"}, {"COMPLETE_NET": "66.67", "VAT_PERCENT": "7.00"}]
    assert discount_of({"CURRENCY_CODE": "EUR", "ITEMS": rows, **said}) == percent


def test_an_estimate_that_takes_nothing_off_is_sent_back_as_it_is(account: Account, customer: int) -> None:
    made = estimate(account, customer)
    assert made["DISCOUNT"] == "0.00"
    again = estimate(account, customer, DISCOUNT=made["DISCOUNT"])
    assert (again["DISCOUNT"], again["TOTAL"]) == ("0.00", made["TOTAL"])


def test_an_estimate_speaks_the_language_of_its_customer(account: Account, customer: int) -> None:
    assert "Rabatt" in page_of(account, estimate(account, customer, DISCOUNT=5)["ESTIMATE_ID"])
    done(account.call("customer.update", {"CUSTOMER_ID": customer, "LANGUAGE_CODE": "en"}))
    page = page_of(account, estimate(account, customer, DISCOUNT=5)["ESTIMATE_ID"])
    assert ("Estimate No." in page, "Discount" in page, "Rabatt" in page) == (True, True, False)
