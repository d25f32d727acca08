"""A draft in another currency than the ledger's may leave its rate out: it is that of the supply, as a billing run would take it."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.drafts import Writer, a_body, a_row, findings
from tests.factories.tenants import Tenant

D = Decimal


@pytest.fixture
def writer(furnished: Tenant, client: TestClient, bearer: Callable[[Any], dict[str, str]]) -> Writer:
    return Writer(client, bearer(furnished))


def rates(writer: Writer, *given: tuple[str, str, str]) -> None:
    said = [{"kind": kind, "currency": "USD", "day": day, "rate": rate} for kind, day, rate in given]
    writer.call("POST", "/exchange-rates", {"rates": said})


def in_dollars(**more: Any) -> dict[str, Any]:
    return a_body(a_row("i-1", deliveryDate="2026-04-30"), currency="USD", **more)


def test_it_is_the_average_of_the_month_of_the_supply(writer: Writer, furnished: Tenant) -> None:
    rates(writer, ("MONTHLY_AVERAGE", "2026-04-01", "1.25"), ("DAILY", "2026-04-30", "1.60"))
    writer.create(**in_dollars())
    preview = writer.preview()
    assert (preview["findings"], preview["ledger"]["exchangeRate"]["rate"]) == ([], D("1.25"))
    assert "exchangeRate" not in writer.call("GET", "/drafts/d-1")
    writer.complete()
    said = {"rate": D("1.25"), "date": "2026-04-30", "source": "BMF"}
    assert writer.call("GET", "/drafts/d-1")["exchangeRate"] == said
    ledger = writer.document()["ledger"]
    assert (ledger["exchangeRate"], ledger["gross"], ledger["tax"]) == (said, D("95.20"), D("15.20"))
    assert furnished.unsound() == []


def test_it_is_the_rate_of_the_day_where_the_tax_office_allowed_it(writer: Writer) -> None:
    rates(writer, ("MONTHLY_AVERAGE", "2026-04-01", "1.25"), ("DAILY", "2026-04-30", "1.60"))
    writer.call("PATCH", "/tenant-settings", {"exchangeRateRule": "DAILY"})
    writer.create(**in_dollars())
    writer.complete()
    assert writer.document()["ledger"]["exchangeRate"] == {"rate": D("1.6"), "date": "2026-04-30", "source": "ECB"}


def test_what_is_said_stays_as_it_is_said(writer: Writer) -> None:
    rates(writer, ("MONTHLY_AVERAGE", "2026-04-01", "1.25"))
    writer.create(**in_dollars(exchangeRate={"rate": "2", "date": "2026-04-30", "source": "Bank"}))
    writer.complete()
    assert writer.document()["ledger"]["exchangeRate"]["source"] == "Bank"


def test_without_any_the_missing_month_is_named_and_what_helps(writer: Writer) -> None:
    writer.create(**in_dollars())
    (finding,) = findings(writer.preview())
    assert finding[0] == "exchangeRate"
    message = writer.preview()["findings"][0]["error"]
    assert message == (
        "there is no exchange rate of USD as the average of 2026-04, the month of 2026-04-30 (no daily rate is stored):"
        " import it (contor exchange-rates import), or say exchangeRate"
    )
    refused = writer.call("POST", "/drafts/d-1/actions/complete", {"version": 1}, 400)
    assert [one["error"] for one in refused["errors"]] == [message]
    rates(writer, ("MONTHLY_AVERAGE", "2026-04-01", "1.25"))
    writer.complete()


def test_a_credit_goes_back_at_the_rate_of_its_original(writer: Writer) -> None:
    rates(writer, ("MONTHLY_AVERAGE", "2026-04-01", "1.25"))
    writer.create(**in_dollars())
    writer.complete()
    number = writer.document()["ident"]
    rates(writer, ("MONTHLY_AVERAGE", "2026-04-01", "1.75"))
    body = {**in_dollars(), "draftIdent": "d-2", "type": "CREDIT_MEMO", "relatedDocumentIdent": number}
    writer.call("POST", "/drafts", body, 201)
    writer.call("POST", "/drafts/d-2/actions/complete", {"version": 1})
    credit = writer.call("GET", "/drafts/d-2")["documentIdent"]
    assert writer.call("GET", f"/documents/{credit}")["ledger"]["exchangeRate"]["rate"] == D("1.25")


def test_today_counts_for_what_says_no_day(writer: Writer, furnished: Tenant) -> None:
    today = dt.date.fromisoformat(writer.call("POST", "/drafts", {"draftIdent": "d-0", "type": "INVOICE"}, 201)["createdAt"][:10])
    rates(writer, ("MONTHLY_AVERAGE", f"{today:%Y-%m}-01", "1.10"))
    writer.create(**a_body(a_row("i-1"), currency="USD"))
    writer.complete()
    assert writer.document()["ledger"]["exchangeRate"]["rate"] == D("1.1")
