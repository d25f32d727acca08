"""Contracts and orders in another currency than the ledger's: billed at the rate of their supply, as soon as it is there."""

import datetime as dt
from decimal import Decimal

import pytest
from tests.factories.contracts import CONTRACTS, a_contract
from tests.factories.desks import ORDERS, a_line
from tests.factories.offices import RUN, Office

from contor.billing.runs import run_tenant
from contor.commands import billing as rates
from contor.documents.issue import worker
from contor.documents.queries import documents_by_id

D = Decimal
SETTINGS = "/v2/tenant-settings"


def ledgers(office: Office) -> list[tuple[str, D, D, D]]:
    """Of each document its currency, gross, rate, and tax in the ledger's currency."""
    ids = [row.id for row in office.tenant.rows("SELECT id FROM document ORDER BY id")]
    with office.tenant.runtime.transaction(office.tenant.caller(), reads=True) as uow:
        found = documents_by_id(uow, ids)
    made = []
    for number in ids:
        document = found[number]
        assert document.ledger is not None
        made.append((document.currency, document.totals.gross, document.ledger.exchange_rate.rate, document.ledger.tax))
    return made


def errors(office: Office) -> list[tuple[str, str | None, str | None]]:
    rows = office.tenant.rows("SELECT processing_status, status_reason, processing_error FROM billable_item ORDER BY item_id")
    return [(row.processing_status, row.status_reason, row.processing_error) for row in rows]


@pytest.mark.parametrize(
    ("currency", "rate", "tax"), [("USD", "1.0850", "17.51"), ("CHF", "0.9372", "20.27"), ("JPY", "162.34", "0.12")]
)
def test_a_contract_is_billed_by_the_average_of_the_month(office: Office, currency: str, rate: str, tax: str) -> None:
    office.rates((currency, "2026-05", rate))
    office.plan("100" if currency == "JPY" else "100.00", currency=currency)
    office.contract()
    assert office.bill()["documents"] == 1
    assert ledgers(office) == [(currency, D(119), D(rate), D(tax))]


def test_without_any_rate_nothing_is_agreed_in_the_currency(office: Office) -> None:
    office.plan(currency="USD")
    given = [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "basic-fee", "quantity": 1}]}]
    assert office.findings("POST", CONTRACTS, a_contract("v-1", planIdent="basic", optionQuantities=given)) == ["planIdent"]
    order = {
        "orderIdent": "o-1",
        "debtorOrderDetails": {"debtorIdent": "muster-handel"},
        "lineItems": [a_line()],
        "currency": "USD",
    }
    assert office.findings("POST", ORDERS, order) == ["currency"]
    office.rates(("USD", "2026-04", "1.1"))
    office.call("POST", ORDERS, order, 201)


def test_a_missing_day_is_named_and_billed_after_the_import(office: Office) -> None:
    office.rates(("USD", "2026-05-04", "1.0700"))
    office.call("PATCH", SETTINGS, {"exchangeRateRule": "DAILY"})
    office.plan("100.00", currency="USD")
    office.contract()
    report = office.call("POST", RUN, {})
    assert (report["documents"], report["failed"], report["parked"]) == (0, 1, [])
    ((status, reason, error),) = errors(office)
    assert (status, reason) == ("ERROR", "EXCHANGE_RATE_MISSING")
    assert error is not None and "exchange rate of USD for 2026-05-08" in error and "end on 2026-05-04" in error
    office.rates(("USD", "2026-05-08", "1.0850"))
    assert run_tenant(office.tenant.runtime, office.tenant.id, automatic=True).documents == 1
    assert ledgers(office) == [("USD", D(119), D("1.0850"), D("17.51"))]
    assert office.call("GET", "/v2/billableitems/pageable")["_embedded"][0]["processingStatus"] == "COMPLETED"


def test_a_month_without_average_waits_until_the_average_is_there_or_the_rule_is_another(office: Office) -> None:
    office.rates(("USD", "2026-04", "1.1214"), ("USD", "2026-05-08", "1.0850"))
    office.plan("100.00", currency="USD")
    office.contract()
    assert office.call("POST", RUN, {})["failed"] == 1
    assert "average of 2026-05" in str(errors(office)[0][2])
    office.call("PATCH", SETTINGS, {"exchangeRateRule": "DAILY"})
    assert office.bill()["documents"] == 1
    assert ledgers(office) == [("USD", D(119), D("1.0850"), D("17.51"))]


@pytest.mark.parametrize("rule", ["MONTHLY_AVERAGE", "DAILY"])
def test_what_comes_next_is_shown_at_the_newest_rate(office: Office, rule: str) -> None:
    """The rates of months to come are not there yet: the preview says by which it converted, and of when that is."""
    office.rates(("USD", "2026-05", "1.0850"), ("USD", "2026-05-08", "1.1000"))
    office.call("PATCH", SETTINGS, {"exchangeRateRule": rule})
    office.plan("100.00", currency="USD")
    office.contract()
    told = office.call("POST", f"{CONTRACTS}/v-1/actions/preview", {"n": 3})
    assert [one["ledger"]["exchangeRate"]["rate"] for one in told["now"]] == [1.085 if rule == "MONTHLY_AVERAGE" else 1.1]
    assert [(one["documentDate"], one["totals"]["gross"]) for one in told["next"]] == [(f"2026-0{n}-01", 119) for n in (6, 7, 8)]
    rates = [one["ledger"]["exchangeRate"] for one in told["next"]]
    assert {(rate["rate"], rate["date"], rate["source"]) for rate in rates} == {(1.1, "2026-05-08", "ECB")}
    assert told["notBilled"] == []
    office.bill()
    office.clock("2026-06-01T10:00")
    assert office.call("POST", RUN, {})["failed"] == 1  # a document is issued at the rate of its supply, or not at all
    told = office.call("POST", f"{CONTRACTS}/v-1/actions/preview", {"n": 1})
    assert (told["now"], [one["code"] for one in told["notBilled"]]) == ([], ["EXCHANGE_RATE_MISSING"])
    assert [one["documentDate"] for one in told["next"]] == ["2026-07-01"]


def test_what_is_taken_back_goes_back_at_the_rate_of_its_invoice(office: Office) -> None:
    office.rates(("USD", "2026-05", "1.0850"))
    office.plan("100.00", currency="USD")
    office.contract()
    office.bill()
    office.rates(("USD", "2026-05", "1.2000"))
    office.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    assert office.bill()["documents"] == 1
    assert [(rate, tax) for _, _, rate, tax in ledgers(office)] == [(D("1.0850"), D("17.51"))] * 2
    accounts = office.tenant.rows(
        "SELECT account, sum(CASE side WHEN 'D' THEN amount ELSE -amount END) AS balance FROM journal_line GROUP BY 1"
    )
    assert {row.balance for row in accounts} == {0}


def test_rates_are_shown_with_source_and_age(office: Office) -> None:
    office.rates(("USD", "2026-04", "1.1214"), ("CHF", "2026-05-08", "0.9372"))
    office.rates(("USD", "2026-04", "1.1215"), ("CHF", "2026-05-08", "0.9372"))
    shown = office.call("GET", "/v2/exchange-rates")["_embedded"]
    assert [(one["currency"], one["kind"], one["day"], one["rate"], one["source"], one["ageInDays"]) for one in shown] == [
        ("CHF", "DAILY", "2026-05-08", 0.9372, "ECB", 2),
        ("USD", "MONTHLY_AVERAGE", "2026-04-01", 1.1215, "BMF", 39),
    ]
    assert office.call("GET", SETTINGS)["exchangeRateRule"] == "MONTHLY_AVERAGE"
    assert office.findings("PATCH", SETTINGS, {"exchangeRateRule": "WEEKLY"}) == ["exchangeRateRule"]


def test_the_history_within_a_package_is_read(office: Office) -> None:
    package = pytest.importorskip("currency_converter")
    done = rates.store(office.tenant.runtime, office.tenant.realm, rates.bundled(), dt.date(2024, 5, 1))
    assert done.stored > 1000
    rows = office.tenant.rows("SELECT rate FROM exchange_rate WHERE currency = 'USD' AND kind = 'DAILY' AND day = '2024-05-10'")
    assert [row.rate for row in rows] == [
        package.CurrencyConverter(decimal=True).convert(D(1), "EUR", "USD", date=dt.date(2024, 5, 10))
    ]


CHF_AND_USD = b"Date,USD,CHF\n2026-05-08,1.0850,0.9372\n2026-05-07,1.0799,0.9370\n2020-01-02,1.1193,1.0865\n"


def test_a_file_is_uploaded_and_what_waited_is_billed_by_itself(office: Office) -> None:
    """An order in dollars and a contract in francs; the workers bill both once the file is there."""
    office.rates(("USD", "2026-05-04", "1.0700"), ("CHF", "2026-05-04", "0.9300"))
    office.call("PATCH", SETTINGS, {"exchangeRateRule": "DAILY", "activeBillingRun": True})
    line = a_line(deliveryDate="2026-05-08")
    order = {"orderIdent": "o-1", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": [line], "currency": "USD"}
    office.call("POST", ORDERS, order, 201)
    office.plan("100.00", currency="CHF")
    office.contract()
    assert office.call("POST", RUN, {})["failed"] == 2
    assert [error and error.split("there is no exchange rate of ")[1][:18] for _, _, error in errors(office)] == [
        "USD for 2026-05-08",
        "CHF for 2026-05-08",
    ]
    sent = {"file": ("eurofxref-hist.csv", CHF_AND_USD, "text/csv")}
    done = office.client.post("/v2/exchange-rates/actions/upload", files=sent, headers=office.headers)
    assert (done.status_code, done.json()) == (200, {"stored": 4, "first": "2026-05-07", "last": "2026-05-08"})  # none of 2020
    assert run_tenant(office.tenant.runtime, office.tenant.id, automatic=True).documents == 2
    assert sorted(ledgers(office)) == [("CHF", D(119), D("0.9372"), D("20.27")), ("USD", D(119), D("1.0850"), D("17.51"))]


def test_a_credit_names_no_other_rate_than_its_original(office: Office) -> None:
    office.rates(("USD", "2026-05", "1.0850"))
    line = a_line(deliveryDate="2026-05-08")
    order = {"orderIdent": "o-1", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": [line], "currency": "USD"}
    office.call("POST", ORDERS, order, 201)
    office.bill()
    (invoice,) = [row.ident for row in office.tenant.rows("SELECT ident FROM document")]
    rows = office.call("GET", f"/v2/documents/{invoice}")["items"]
    credit = {
        "requestId": "credit",
        "billingGroupIdent": "external",
        "currency": "USD",
        "language": "de",
        "customerDetail": {"customerIdent": "muster-handel", "invoiceAddressIdent": "zentrale"},
        "relatedDocumentIdent": invoice,
        "items": [
            {
                "ident": "c-1",
                "referenceIdent": rows[0]["ident"],
                "category": "PHYSICAL_PRODUCT",
                "name": "Machine",
                "quantity": 1,
                "quantityType": "PC",
                "prices": {"unit": {"net": "100.00"}, "originalTotal": {"net": "100.00"}, "total": {"net": "100.00"}},
                "taxDetail": {"taxes": [{"rate": 19, "categoryCode": "S"}]},
                "performanceLocation": {"country": "DE"},
            }
        ],
        "paymentCollection": {"collect": False},
    }
    other = {**credit, "exchangeRate": {"rate": "1.2000", "date": "2026-05-31", "source": "BMF"}}
    refused = office.call("POST", "/v2/documents/credit-memos", other, 400)
    assert [found["fieldName"] for found in refused["errors"]] == ["exchangeRate.rate"]
    office.call("POST", "/v2/documents/credit-memos", credit, 202)
    worker.drain(office.tenant.runtime, office.tenant.id)
    assert [(rate, tax) for _, _, rate, tax in ledgers(office)] == [(D("1.0850"), D("17.51"))] * 2


def test_rates_are_sent_one_by_one_and_the_newest_of_each_shown(office: Office) -> None:
    sent = [
        {"kind": "DAILY", "currency": "USD", "day": "2026-05-07", "rate": "1.0799"},
        {"kind": "DAILY", "currency": "USD", "day": "2026-05-08", "rate": "1.0850"},
        {"kind": "MONTHLY_AVERAGE", "currency": "USD", "day": "2026-04-01", "rate": "1.1214"},
    ]
    assert office.call("POST", "/v2/exchange-rates", {"rates": sent})["stored"] == 3
    shown = office.call("GET", "/v2/exchange-rates/newest")["rates"]
    assert [(one["kind"], one["day"], one["rate"], one["source"], one["ageInDays"]) for one in shown] == [
        ("DAILY", "2026-05-08", 1.085, "ECB", 2),
        ("MONTHLY_AVERAGE", "2026-04-01", 1.1214, "BMF", 39),
    ]
    told = rates.newest(office.tenant.runtime, office.tenant.realm)
    assert [one.rate for one in told.rates] == [D("1.0850"), D("1.1214")]
    assert office.findings("POST", "/v2/exchange-rates", {"rates": [{**sent[0], "rate": "0", "currency": "ZZZ"}]}) == [
        "rates[0].currency",
        "rates[0].rate",
    ]


def test_rates_at_which_nothing_would_ever_be_converted_are_refused(office: Office) -> None:
    """An average is looked for by the first day of its month; the euro has no rate to itself."""
    sent = [
        {"kind": "DAILY", "currency": "EUR", "day": "2026-05-07", "rate": "1.2"},
        {"kind": "MONTHLY_AVERAGE", "currency": "USD", "day": "2026-04-30", "rate": "1.1"},
        {"kind": "DAILY", "currency": "USD", "day": "2026-04-30", "rate": "1.1"},
    ]
    refused = office.call("POST", "/v2/exchange-rates", {"rates": sent}, 400)["errors"]
    assert [(one["fieldName"], one["error"]) for one in refused] == [
        ("rates[0].currency", "is the euro itself: expected is the currency of which there are so many for one euro"),
        ("rates[1].day", "is not the first of its month, by which an average is kept: expected is 2026-04-01"),
    ]
    assert office.call("GET", "/v2/exchange-rates/newest")["rates"] == []


@pytest.mark.parametrize(
    ("asked", "content", "fields"),
    [
        ("?year=26&since=tomorrow", CHF_AND_USD, ["since", "year"]),
        ("", b"not,a,table\n", ["file"]),
        ("", b"PK\x03\x04broken", ["file"]),
    ],
)
def test_a_file_that_is_no_table_of_rates_is_refused(office: Office, asked: str, content: bytes, fields: list[str]) -> None:
    sent = {"file": ("rates.csv", content, "text/csv")}
    refused = office.client.post(f"/v2/exchange-rates/actions/upload{asked}", files=sent, headers=office.headers)
    assert (refused.status_code, sorted(found["fieldName"] for found in refused.json()["errors"])) == (400, fields)
    assert office.tenant.rows("SELECT * FROM exchange_rate") == []
