"""Invoices in the words of fynn: their amounts are those of the platform and of the ledger, and each stands as its money does."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.fynn import Fynn

D = Decimal
POSITION: dict[str, Any] = {"name": "Beratung", "quantity": 1, "unitPrice": {"amount": 10000, "currencyCode": "EUR"}}


def draft(fynn: Fynn, *positions: dict[str, Any], **words: Any) -> Any:
    body = {"customer": "muster-handel", "positions": list(positions or [POSITION]), **words}
    return fynn.call("POST", "/invoices", body, 201)


def finalized(fynn: Fynn, *positions: dict[str, Any], **words: Any) -> Any:
    made = draft(fynn, *positions, **words)
    done = fynn.call("POST", f"/invoices/{made['id']}/finalize", {}, 201)
    fynn.file()
    return fynn.call("GET", f"/invoices/{done['id']}")


def eur(amount: Any) -> dict[str, Any]:
    return {"amount": amount, "currencyCode": "EUR"}


def test_amounts_are_those_of_the_platform_and_of_the_open_item(fynn: Fynn) -> None:
    """A tenth off ten hours at 99.99, and a journey at 7 per cent: 899.91 + 170.98 and 25.00 + 1.75."""
    hours = {"name": "Beratung", "quantity": 10, "unit": "Stunde", "unitPrice": 9999, "discountPercentage": 10}
    made = finalized(fynn, {**hours, "children": [{"name": "Fahrt", "unitPrice": 2500, "taxGroup": "reduced"}]})
    assert (made["netAmount"], made["taxAmount"], made["grossAmount"]) == (eur(92491), eur(17273), eur(109764))
    assert (made["discountAmount"], made["unpaidAmount"]) == (eur(9999), eur(109764))
    view = fynn.tenant.call("GET", f"/documents/invoices/{made['number']}").body
    assert [D(str(view["totals"][side])) * 100 for side in ("net", "tax", "gross")] == [92491, 17273, 109764]
    ((balance,),) = fynn.tenant.rows("SELECT balance FROM opos_case WHERE ident = %s", (made["number"],))
    assert balance == D("1097.64")
    (root,) = made["positions"]
    (child,) = root["children"]
    assert [root[name]["amount"] for name in ("netAmount", "discountAmount", "taxAmount", "grossAmount")] == [
        99990,
        9999,
        17098,
        107089,
    ]
    assert (child["grossAmount"], child["tax"]["rate"], child["parent"]["id"]) == (eur(2675), 7, root["id"])


def test_it_keeps_its_id_and_gets_number_files_and_due_date(fynn: Fynn) -> None:
    made = draft(fynn, title="Projekt")
    assert (made["status"], made["number"], made["file"]) == ("STATUS_DRAFT", None, None)
    done = fynn.call("POST", f"/invoices/{made['id']}/finalize", {"dueDate": "2026-12-31T00:00:00.000Z"}, 201)
    assert (done["id"], done["status"], done["dueDate"]) == (made["id"], "STATUS_FINALIZING", "2026-12-31T00:00:00+00:00")
    fynn.file()
    done = fynn.call("GET", f"/invoices/{made['id']}")
    assert (done["status"], done["title"]) == ("STATUS_UNPAID", "Projekt")
    assert (done["file"]["mimeType"], done["file"]["fileExtension"]) == ("application/pdf", "pdf")
    assert done["xmlFile"]["fileExtension"] == "xml"
    assert fynn.send("GET", f"/invoices/{made['id']}/download").content.startswith(b"%PDF")
    refused = fynn.send("PUT", f"/invoices/{made['id']}", {"title": "Anders"})
    assert refused.status_code == 409
    assert "only a draft can be changed" in refused.json()["detail"]
    assert fynn.send("DELETE", f"/invoices/{made['id']}").status_code == 409


def test_it_is_due_on_the_day_that_is_said_also_shortly_before_midnight(fynn: Fynn) -> None:
    fynn.turn("2026-11-30T23:30:00")  # in Berlin the next day has begun
    made = draft(fynn, dueDate="2026-12-20")
    assert made["dueDate"] == "2026-12-20T00:00:00+00:00"
    assert fynn.call("POST", f"/invoices/{made['id']}/finalize", {}, 201)["dueDate"] == made["dueDate"]
    made = draft(fynn)
    done = fynn.call("POST", f"/invoices/{made['id']}/finalize", {"dueDate": "2026-12-31"}, 201)
    assert done["dueDate"] == "2026-12-31T00:00:00+00:00"


def test_who_is_exempt_is_billed_without_tax_by_the_article_that_goes_by_who_he_is(fynn: Fynn) -> None:
    embassy = {"email": "post@embassy.example", "companyName": "Embassy", "countryCode": "DE", "city": "Berlin", "zip": "10117"}
    made = fynn.call("POST", "/customers", {**embassy, "street": "Allee", "houseNumber": "1", "taxExempt": "exempt"}, 201)
    done = fynn.call("GET", f"/invoices/{finalized(fynn, customer=made['id'])['id']}")
    assert (done["taxAmount"], done["grossAmount"]) == (eur(0), eur(10000))
    (paper,) = fynn.tenant.call("GET", f"/documents/{done['number']}").body["items"]
    (tax,) = paper["taxDetail"]["taxes"]
    assert (tax["categoryCode"], tax["exemptionReasonCode"]) == ("E", "VATEX-EU-151")


def test_payments_make_it_paid_to_the_cent(fynn: Fynn) -> None:
    made = finalized(fynn)
    part = fynn.call("POST", f"/invoices/{made['id']}/payments", {"amount": 3000, "type": "cash"}, 201)
    assert (part["status"], part["unpaidAmount"], part["payDate"]) == ("STATUS_UNPAID", eur(8900), None)
    more = fynn.send("POST", f"/invoices/{made['id']}/payments", {"amount": 8901})
    assert more.status_code == 422
    assert more.json()["violations"][0]["propertyPath"] == "amount"
    paid = fynn.call("POST", f"/invoices/{made['id']}/payments", {}, 201)
    assert (paid["status"], paid["unpaidAmount"]) == ("STATUS_PAID", eur(0))
    assert paid["payDate"] is not None
    assert fynn.send("POST", f"/invoices/{made['id']}/payments", {}).status_code == 409


@pytest.mark.parametrize(
    ("action", "is_paid", "status", "kind"),
    [
        ("cancel", False, "STATUS_CANCELLED", "TYPE_CANCEL"),
        ("cancel", True, "STATUS_CANCELLED", "TYPE_CANCEL"),
        ("credit", False, "STATUS_CLOSED", "TYPE_CREDIT"),
        ("refund", True, "STATUS_REFUNDED", "TYPE_REFUND"),
    ],
)
def test_what_takes_it_back_is_a_document_of_its_own(fynn: Fynn, action: str, is_paid: bool, status: str, kind: str) -> None:
    made = finalized(fynn)
    if is_paid:
        fynn.call("POST", f"/invoices/{made['id']}/payments", {}, 201)
    done = fynn.call("POST", f"/invoices/{made['id']}/{action}", {"reason": "Irrtum"}, 201)
    assert (done["status"], done["referencedCancellation"]["type"]) == (status, kind)
    assert done["referencedCancellation"]["grossAmount"] == eur(11900)
    credit = fynn.call("GET", f"/invoices/{done['referencedCancellation']['id']}")
    assert (credit["type"], credit["grossAmount"], credit["closing"]) == (kind, eur(11900), "Irrtum")
    assert credit["referencedInvoice"]["id"] == made["id"]
    assert credit["referencedInvoice"]["status"] == status
    assert fynn.send("POST", f"/invoices/{made['id']}/{action}", {}).status_code == 409
    listed = fynn.call("GET", f"/invoices?status={status}&type=TYPE_INVOICE")["data"]
    assert [row["id"] for row in listed] == [made["id"]]
    assert [row["id"] for row in fynn.call("GET", f"/invoices?type={kind}")["data"]] == [credit["id"]]


def test_nothing_is_refunded_that_was_not_paid(fynn: Fynn) -> None:
    made = finalized(fynn)
    refused = fynn.send("POST", f"/invoices/{made['id']}/refund", {})
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        f"Nothing was paid on {made['number']}: it is cancelled or credited instead.",
    )


def test_a_part_is_credited_and_the_rest_is_owed(fynn: Fynn) -> None:
    made = finalized(fynn)
    done = fynn.call("POST", f"/invoices/{made['id']}/credit", {"amount": {"amount": 2380, "currencyCode": "EUR"}}, 201)
    fynn.work()
    assert (done["referencedCancellation"]["grossAmount"], done["status"]) == (eur(2380), "STATUS_UNPAID")


def test_prices_in_other_currencies_are_converted_and_the_rate_is_said(fynn: Fynn) -> None:
    """1.00 EUR = 1.25 USD: 100 USD are 80.00 EUR."""
    rates = [{"currency": "USD", "day": "2026-11-27", "kind": "DAILY", "rate": "1.25"}]
    fynn.turn("2026-11-28")
    said = fynn.tenant.call("POST", "/exchange-rates", {"rates": rates})
    assert said.status < 300, said.body
    made = draft(fynn, {"name": "Lizenz", "unitPrice": {"amount": 10000, "currencyCode": "USD"}})
    assert made["netAmount"] == eur(8000)
    (rate,) = made["exchangeRates"]
    assert (rate["sourceCurrencyCode"], rate["targetCurrencyCode"], rate["rate"]) == ("USD", "EUR", D("0.8"))
    lacking = fynn.send(
        "POST",
        "/invoices",
        {"customer": "muster-handel", "positions": [{"name": "x", "unitPrice": {"amount": 1, "currencyCode": "CHF"}}]},
    )
    assert lacking.status_code == 422
    assert lacking.json()["violations"][0]["propertyPath"] == "positions[0].unitPrice"


def test_positions_are_added_moved_changed_and_taken_out(fynn: Fynn) -> None:
    made = draft(fynn, {"name": "A", "unitPrice": 100}, {"name": "B", "unitPrice": 200})
    first, second = made["positions"]
    added = fynn.call("POST", f"/invoices/{made['id']}/positions", {"name": "C", "unitPrice": 300, "position": 1}, 201)
    assert [one["name"] for one in added["positions"]] == ["C", "A", "B"]
    moved = fynn.call("PUT", f"/invoice-position-items/{second['id']}", {"position": 1, "quantity": 2})
    assert [(one["name"], one["quantity"], one["netAmount"]["amount"]) for one in moved["positions"]] == [
        ("B", 2, 400),
        ("C", 1, 300),
        ("A", 1, 100),
    ]
    below = fynn.call("PUT", f"/invoice-position-items/{first['id']}", {"parent": second["id"]})
    assert [(one["name"], [child["name"] for child in one["children"]]) for one in below["positions"]] == [("B", ["A"]), ("C", [])]
    deeper = fynn.send(
        "POST", "/invoice-position-items", {"invoice": made["id"], "name": "D", "unitPrice": 1, "parent": first["id"]}
    )
    assert deeper.json()["violations"][0]["propertyPath"] == "parent"
    assert fynn.send("DELETE", f"/invoice-position-items/{second['id']}").status_code == 204
    left = fynn.call("GET", f"/invoices/{made['id']}")
    assert [one["name"] for one in left["positions"]] == ["C"]
    assert fynn.send("DELETE", f"/invoice-position-items/{second['id']}").status_code == 404


def test_every_finding_about_positions_is_said_at_once(fynn: Fynn) -> None:
    positions = [
        {"unitPrice": 100, "discountPercentage": 10, "fixedDiscountAmount": 5},
        {"name": "x", "unitPrice": 100, "serviceDateFrom": "2026-02-02", "serviceDateTo": "2026-02-01"},
        {"name": "y", "unitPrice": 100, "fixedDiscountAmount": 101},
    ]
    refused = fynn.send("POST", "/invoices", {"customer": "muster-handel", "positions": positions})
    assert refused.status_code == 422
    assert {one["propertyPath"] for one in refused.json()["violations"]} == {
        "positions[0].name",
        "positions[0].fixedDiscountAmount",
        "positions[1].serviceDateTo",
        "positions[2].fixedDiscountAmount",
    }


def test_discounts_reduce_and_setup_fees_are_told_apart(fynn: Fynn) -> None:
    positions = [
        {"name": "Anlage", "unitPrice": 10000, "fixedDiscountAmount": 1000},
        {"name": "Einrichtung", "unitPrice": 5000, "type": "setup"},
        {"name": "Treue", "unitPrice": 2000, "type": "discount"},
    ]
    made = finalized(fynn, *positions)
    assert [one["type"] for one in made["positions"]] == ["product", "setup", "discount"]
    assert (made["netAmount"], made["grossAmount"]) == (eur(12000), eur(14280))


def test_lists_find_by_number_customer_and_dates_in_both_ways(fynn: Fynn) -> None:
    one, other = finalized(fynn), draft(fynn)
    listed = fynn.call("GET", "/invoices")
    assert [row["id"] for row in listed["data"]] == [other["id"], one["id"]]
    assert listed["meta"]["pagination"] == {
        "totalItems": 2,
        "itemsPerPage": 30,
        "currentPage": 1,
        "lastPage": 1,
        "pageTotalItems": 2,
    }
    for query, found in (
        ("order[creationDate]=asc", [one, other]),
        ("order[number]=desc", [one, other]),
        ("order[dueDate]=asc&limit=1&page=2", [other]),
        (f"number={one['number']}", [one]),
        ("status[]=STATUS_DRAFT&status[]=STATUS_NEW", [other]),
        ("status=STATUS_UNPAID", [one]),
        ("customer=muster-handel", [other, one]),
        ("customer[id]=nobody", []),
        (f"id[]={one['id']}", [one]),
        ("finalizationDate[before]=2000-01-01", []),
        ("dueDate[after]=2000-01-01", [one]),
        ("type=TYPE_DUNNING", []),
        ("page=7", []),
    ):
        rows = fynn.call("GET", f"/invoices?{query}")["data"]
        assert [row["id"] for row in rows] == [it["id"] for it in found], query


def test_it_is_not_dunned_where_that_is_said_before_or_afterwards(fynn: Fynn) -> None:
    made = finalized(fynn, dunningDisabled=True)
    assert made["dunningDisabled"] is True
    assert fynn.tenant.rows("SELECT dunning_block FROM opos_case WHERE ident = %s", (made["number"],)) == [(True,)]
    lifted = fynn.call("PATCH", f"/invoices/{made['id']}", {"dunningDisabled": False})
    assert lifted["dunningDisabled"] is False


@pytest.mark.parametrize("zone", ["utc", "tenant"])
def test_it_is_due_on_the_day_that_was_said_also_while_it_is_another_day_elsewhere(fynn: Fynn, zone: str) -> None:
    fynn.call("PATCH", "/settings/invoice", {"documentDateZone": zone})
    fynn.turn("2028-02-28T23:30:00+00:00")  # the 29th in Berlin
    made = draft(fynn, dueDate="2028-03-15")
    assert made["dueDate"] == "2028-03-15T00:00:00+00:00"
    assert fynn.call("POST", f"/invoices/{made['id']}/finalize", {}, 201)["dueDate"] == "2028-03-15T00:00:00+00:00"
    said = fynn.call("POST", f"/invoices/{draft(fynn)['id']}/finalize", {"dueDate": "2028-03-31"}, 201)
    assert said["dueDate"] == "2028-03-31T00:00:00+00:00"
    first = "2028-02-28" if zone == "utc" else "2028-02-29"
    at_once = fynn.call("POST", f"/invoices/{draft(fynn)['id']}/finalize", {"dueDate": first}, 201)
    assert at_once["dueDate"] == f"{first}T00:00:00+00:00"


def an_account(fynn: Fynn, ident: str, iban: str | None) -> None:
    body = {"ident": ident, "name": ident, "active": True, "country": "DE", "currency": "EUR", "paymentServiceProviderId": 1}
    answer = fynn.tenant.call("POST", "/merchant-payment-accounts", {**body, **({"iban": iban} if iban else {})})
    assert answer.status == 201, answer.body


def paid_on(fynn: Fynn) -> list[str]:
    made = finalized(fynn)
    assert fynn.call("POST", f"/invoices/{made['id']}/payments", {}, 201)["status"] == "STATUS_PAID"
    return [row.ident for row in fynn.tenant.rows("SELECT account_ident AS ident FROM payment ORDER BY id")]


def test_what_a_person_says_was_paid_finds_its_account_also_where_there_are_several(fynn: Fynn) -> None:
    """Nobody can say which one here: the one that the invoice prints, else the bank's which is there the longest."""
    for ident, iban in (("card", None), ("second", "DE02500105170137075030"), ("third", "DE75512108001245126199")):
        an_account(fynn, ident, iban)
    assert paid_on(fynn) == ["second"]
    an_account(fynn, "printed", "DE02120300000000202051")
    assert paid_on(fynn) == ["second", "printed"]
    assert fynn.tenant.unsound() == []
