"""Reports of payment providers: what their items do, what is taken once, and what is kept aside with nothing stored."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.companies import BANK, day_here
from tests.factories.settlements import ACCOUNT, REPORTS, Moved, Settled, adyen_file, days_ago, paypal_file, stripe_file

from contor.payments.settlements import ReadUpload, read_upload
from contor.runtime.work.jobs import run_job

D = Decimal
UPLOADS = f"{ACCOUNT}/settlement-uploads"


def nothing_stored(settled: Settled) -> bool:
    counts = settled.tenant.rows(
        "SELECT (SELECT count(*) FROM settlement_report) AS reports, (SELECT count(*) FROM settlement_item) AS items,"
        " (SELECT count(*) FROM payment) AS payments"
    )
    return tuple(counts[0]) == (0, 0, 0)


def codes(upload: Any) -> list[str]:
    return [finding["code"] for finding in upload["findings"]]


def test_a_known_payment_is_confirmed_and_only_its_fee_is_booked(settled: Settled) -> None:
    number = settled.document()
    body = {
        "externalIdent": "at-checkout",
        "baseAmount": {"amount": "119.00"},
        "bookingDate": day_here(),
        "creditDebitIndicator": "CREDIT",
        "description": number,
        "providerReference": "pi_9",
    }
    settled.call("PUT", ACCOUNT, {"name": "Provider", "active": True, "bookingAccount": 1360})
    paid = settled.call("POST", f"{ACCOUNT}/payments", body, 201)
    assert settled.upload(stripe_file(Moved("charge", "119.00", "1.66", "9", number)))["state"] == "READ"
    first, second = sorted(settled.items(), key=lambda item: item["type"])
    assert (first["type"], first["state"], first["paymentIdent"]) == ("PAYMENT", "CONFIRMED", paid["paymentIdent"])
    assert second["state"] == "IN_TRANSIT"
    assert settled.sums() == {8400: D(-100), 1776: D(-19), 4970: D("1.66"), 1792: D("117.34")}
    settled.sound()


def test_a_fee_that_the_payment_says_itself_is_not_booked_again(settled: Settled) -> None:
    settled.call("PUT", ACCOUNT, {"name": "Provider", "active": True, "bookingAccount": 1360})
    body = {
        "externalIdent": "at-checkout",
        "baseAmount": {"amount": "50.00"},
        "bookingDate": day_here(),
        "creditDebitIndicator": "CREDIT",
        "providerReference": "ch_1",
        "fees": [{"type": "card", "amount": "1.00"}],
    }
    settled.call("POST", f"{ACCOUNT}/payments", body, 201)
    report = settled.begin("48.50")
    assert settled.add(report, "PAYMENT", "50.00", "1.50", reference="ch_1")["state"] == "CONFIRMED"
    assert settled.sums() == {1360: D("48.50"), 4970: D("1.50"), 1792: D(-50)}
    settled.sound()


def test_two_captures_of_one_payment_are_two(settled: Settled) -> None:
    report = settled.begin("30.00")
    first = settled.add(report, "PAYMENT", "10.00", reference="psp-1")
    second = settled.add(report, "PAYMENT", "20.00", reference="psp-1")
    third = settled.add(report, "PAYMENT", "10.00", reference="psp-1")
    assert [item["state"] for item in (first, second, third)] == ["CREATED"] * 3
    assert len({item["paymentIdent"] for item in (first, second, third)}) == 3
    settled.sound()


def test_what_nobody_knew_of_is_listed_and_waits(settled: Settled) -> None:
    report = settled.begin("9.00")
    item = settled.add(report, "PAYMENT", "10.00", "1.00", description="who knows")
    assert [one["settlementItemIdent"] for one in settled.items("state==CREATED")] == [item["settlementItemIdent"]]
    payment = settled.call("GET", f"{ACCOUNT}/payments/{item['paymentIdent']}")
    assert (payment["status"], payment["reason"]) == ("OPEN", "NO_MATCH")
    assert [fee["amount"] for fee in payment["fees"]] == [1]
    assert settled.sums() == {1360: D(9), 4970: D(1), 1792: D(-10)}
    settled.sound()


def test_a_chargeback_says_what_it_takes_back_and_its_fee_is_a_cost(settled: Settled) -> None:
    report = settled.begin("0.00")
    settled.add(report, "PAYMENT", "119.00", "1.66", reference="ch_1")
    item = settled.add(report, "CHARGEBACK", "-119.00", "15.00", reference="ch_1", reasonCode="MD06")
    payment = settled.call("GET", f"{ACCOUNT}/payments/{item['paymentIdent']}")
    assert payment["creditDebitIndicator"] == "DEBIT"
    assert payment["providerReference"] == "ch_1"
    assert payment["returnInformation"] == {"reasonCode": "MD06", "originalAmount": 119.0, "charges": 0}
    assert settled.sums() == {1360: D("-16.66"), 4970: D("16.66")}
    won = settled.add(report, "CHARGEBACK", "119.00", "-15.00", reference="ch_1")
    assert settled.call("GET", f"{ACCOUNT}/payments/{won['paymentIdent']}")["creditDebitIndicator"] == "CREDIT"
    assert settled.sums() == {1360: D("117.34"), 4970: D("1.66"), 1792: D(-119)}
    settled.sound()


def test_refunds_fees_and_corrections_move_the_account_by_their_net(settled: Settled) -> None:
    report = settled.begin("-28.50")
    settled.add(report, "REFUND", "-20.00", "-0.50", reference="re_1")
    settled.add(report, "FEE", "-5.00")
    settled.add(report, "FEE", "0", "3.00")
    settled.add(report, "CORRECTION", "-1.00")
    got = settled.call("GET", f"{REPORTS}/{report}")
    assert (got["itemCount"], got["difference"]) == (4, 0)
    assert settled.sums() == {1360: D("-28.50"), 4970: D("7.50"), 1792: D(21)}
    settled.sound()


def test_a_payout_that_is_expected_tomorrow_has_left_today(settled: Settled) -> None:
    tomorrow = (dt.date.fromisoformat(day_here()) + dt.timedelta(days=1)).isoformat()
    content = stripe_file(Moved("charge", "10.00", "1.00")).replace(f"po_1,{day_here()}".encode(), f"po_1,{tomorrow}".encode())
    assert settled.upload(content)["state"] == "READ"
    (payout,) = settled.items("state==IN_TRANSIT")
    assert (payout["bookingDate"], payout["valueDate"]) == (day_here(), tomorrow)
    assert 1360 not in settled.sums()
    settled.sound()


def test_a_file_is_read_by_a_job_and_a_job_that_runs_twice_reads_it_once(settled: Settled) -> None:
    file = {"file": ("a.csv", stripe_file(Moved("charge", "10.00", "1.00")), "text/csv")}
    sent = settled.client.post(f"{REPORTS}/actions/upload", files=file, headers=settled.headers).json()
    sql = "SELECT payload FROM infra.pgqueuer WHERE entrypoint = %s AND convert_from(payload, 'UTF8') LIKE %s"
    (job,) = settled.tenant.rows(sql, (read_upload.name, f"%{sent['settlementUploadIdent']}%"))
    for _ in range(2):
        run_job(settled.tenant.runtime, read_upload, job.payload)
        assert settled.call("GET", f"{UPLOADS}/{sent['settlementUploadIdent']}")["state"] == "READ"
        assert len(settled.items()) == 2
    settled.sound()


def test_one_content_is_taken_once(settled: Settled) -> None:
    content = stripe_file(Moved("charge", "10.00", "1.00"))
    first = settled.upload(content)
    before = settled.sums()
    again = settled.upload(content, 409)
    assert first["settlementUploadIdent"] in again["message"]
    assert settled.sums() == before
    path = f"{UPLOADS}/{first['settlementUploadIdent']}/file"
    assert settled.client.get(path, headers=settled.headers).content == content


def test_one_report_is_taken_once_whatever_else_its_file_says(settled: Settled) -> None:
    settled.upload(stripe_file(Moved("charge", "10.00", "1.00", "1")))
    before = settled.sums()
    other = settled.upload(stripe_file(Moved("charge", "10.00", "1.00", "2", "other text")))
    assert (other["state"], codes(other)) == ("KEPT_ASIDE", ["settlement_report_exists", "settlement_item_exists"])
    assert settled.sums() == before
    settled.begin("0", externalIdent="po_2")
    body = {
        "provider": "STRIPE",
        "externalIdent": "po_2",
        "periodStart": day_here(),
        "periodEnd": day_here(),
        "closingBalance": "0",
    }
    settled.call("POST", REPORTS, body, 409)


def test_one_movement_is_taken_once_whatever_report_has_it(settled: Settled) -> None:
    settled.upload(stripe_file(Moved("charge", "10.00", "1.00", "1")))
    other = settled.upload(stripe_file(Moved("charge", "10.00", "1.00", "1"), payout="po_2"))
    assert (other["state"], codes(other)) == ("KEPT_ASIDE", ["settlement_item_exists"])
    report = settled.begin("0")
    settled.add(report, "FEE", "-1.00", externalIdent="txn_1", status=409)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (lambda: paypal_file(Moved("T0006", "119.00", "1.66"), said="117.35"), ["settlement_balance_differs"]),
        (
            lambda: adyen_file(Moved("Settled", "119.00", "1.66"), Moved("MerchantPayout", "-117.33")),
            ["settlement_balance_differs"],
        ),
        (
            lambda: stripe_file(Moved("charge", "10.00", "1.00"), Moved("payout", "-8.99", ident="2")),
            ["settlement_balance_differs"],
        ),
        (lambda: stripe_file(Moved("charge", "10.00", "1.00")).replace(b",9.00,", b",9.01,"), ["settlement_net_differs"]),
        (lambda: stripe_file(Moved("charge", "-10.00", "1.00")), ["settlement_side_wrong"]),
        (lambda: stripe_file(Moved("charge", "10.00"), currency="usd"), ["currency_differs"]),
        (lambda: stripe_file(Moved("charge", "10.00"), day=days_ago(-40)), ["payment_in_future"]),
        (lambda: stripe_file(Moved("charge", "10.00"), day="2001-01-01"), ["backdating_limit"]),
        (lambda: b"a,b\n1,2\n", ["settlement_file_unreadable"]),
        (lambda: b"\x00\x01\x02" * 100, ["settlement_file_unreadable"]),
    ],
)
def test_what_does_not_come_out_is_kept_aside_by_name_and_nothing_is_stored(
    settled: Settled, content: Callable[[], bytes], expected: list[str]
) -> None:
    sent = content()
    upload = settled.upload(sent)
    assert upload["state"] == "KEPT_ASIDE"
    assert set(codes(upload)) == set(expected)
    assert all(finding["message"] for finding in upload["findings"])
    assert nothing_stored(settled)
    assert settled.client.get(f"{UPLOADS}/{upload['settlementUploadIdent']}/file", headers=settled.headers).content == sent
    assert settled.call("GET", UPLOADS)["_embedded"][0]["state"] == "KEPT_ASIDE"
    settled.sound()


def test_what_was_kept_aside_is_read_anew_when_it_is_sent_again(settled: Settled) -> None:
    content = b"Art,Netto,Tag\nVerkauf,10.00," + day_here().encode() + b"\n"
    aside = settled.upload(content)
    assert codes(aside) == ["settlement_file_unreadable"]
    mapping = {
        "provider": "KASSE",
        "columns": {"type": "Art", "net": "Netto", "bookingDate": "Tag"},
        "types": [{"value": "Verkauf", "type": "PAYMENT"}],
    }
    settled.call("GET", f"{ACCOUNT}/settlement-mapping", status=404)
    assert settled.call("PUT", f"{ACCOUNT}/settlement-mapping", mapping)["delimiter"] == ","
    assert settled.call("GET", f"{ACCOUNT}/settlement-mapping")["provider"] == "KASSE"
    again = settled.upload(content)
    assert (again["settlementUploadIdent"], again["state"], again["format"]) == (
        aside["settlementUploadIdent"],
        "READ",
        "GENERIC_SETTLEMENT",
    )
    assert settled.sums() == {1360: D(10), 1792: D(-10)}
    settled.call("DELETE", f"{ACCOUNT}/settlement-mapping", status=204)
    twice = {**mapping, "types": [*mapping["types"], *mapping["types"]]}
    settled.call("PUT", f"{ACCOUNT}/settlement-mapping", twice, 400)


def test_a_line_that_comes_twice_is_not_booked_twice(settled: Settled) -> None:
    """By its number, in one file as in two. A number alone may name a sale and its fee; without one, two equal lines stay two."""
    columns = {"type": "Art", "net": "Netto", "bookingDate": "Tag", "externalIdent": "Nr"}
    mapping = {"provider": "KASSE", "columns": columns, "types": [{"value": "Verkauf", "type": "PAYMENT"}]}
    settled.call("PUT", f"{ACCOUNT}/settlement-mapping", mapping)
    sale, cost, bare = (
        f"{row},{day_here()},{number}" for row, number in (("Verkauf,10.00", "1"), ("Kosten,-0.50", "1"), ("Verkauf,3.00", ""))
    )

    def sent(*rows: str) -> Any:
        return settled.upload("\n".join(["Art,Netto,Tag,Nr", *rows, ""]).encode())

    aside = sent(sale, cost, sale)
    assert (aside["state"], aside["findings"]) == (
        "KEPT_ASIDE",
        [{"code": "settlement_item_exists", "row": 4, "message": "is item '1' again, word for word as in line 2"}],
    )
    assert nothing_stored(settled)
    assert sent(sale, cost, bare, bare)["state"] == "READ"
    assert sorted(item["net"] for item in settled.items()) == [D("-0.5"), 3, 3, 10]
    settled.sound()


def test_a_report_that_is_missing_between_two_is_named(settled: Settled) -> None:
    day, later, last = days_ago(3), days_ago(2), days_ago(1)
    assert settled.upload(paypal_file(Moved("T0006", "10.00", "0", "1"), day=day))["state"] == "READ"
    third = paypal_file(Moved("T0006", "5.00", "0", "3"), opening="30.00", day=last)
    assert codes(settled.upload(third)) == ["settlement_gap"]
    second = paypal_file(Moved("T0006", "20.00", "0", "2"), opening="10.00", day=later)
    assert settled.upload(second)["state"] == "READ"
    assert settled.upload(third)["state"] == "READ"
    assert settled.sums()[1360] == 35
    settled.sound()


def test_an_account_without_settlements_takes_none(settled: Settled) -> None:
    settled.call("POST", "/v2/merchant-payment-accounts", {**BANK, "ident": "off", "settlementCreationDisabled": True}, 201)
    off = "/v2/merchant-payment-accounts/off/settlement-reports"
    body = {"provider": "STRIPE", "externalIdent": "1", "periodStart": day_here(), "periodEnd": day_here(), "closingBalance": "0"}
    assert "settlementCreationDisabled" in settled.call("POST", off, body, 400)["message"]
    settled.upload(stripe_file(Moved("charge", "1.00")), 400, account="off")
    assert nothing_stored(settled)


@pytest.mark.parametrize(("column", "value"), [("active", "false"), ("currency", "'USD'")])
def test_an_account_that_became_unfit_takes_none(settled: Settled, column: str, value: str) -> None:
    """Neither a file, nor one that waits."""
    content = stripe_file(Moved("charge", "1.00"))
    answer = settled.client.post(f"{REPORTS}/actions/upload", files={"file": ("a.csv", content)}, headers=settled.headers)
    with settled.tenant.runtime.transaction(settled.tenant.caller()) as uow:
        uow.run(f"UPDATE merchant_payment_account SET {column} = {value} WHERE ident = 'psp'")
    ident = answer.json()["settlementUploadIdent"]
    settled.tenant.execute(read_upload, ReadUpload(upload_ident=ident))
    assert settled.call("GET", f"{UPLOADS}/{ident}")["state"] == "KEPT_ASIDE"
    settled.upload(content + b"\n", 400)
    assert nothing_stored(settled)


def test_money_that_stands_on_the_bank_s_account_names_another_first(settled: Settled) -> None:
    body = {"externalIdent": "1", "baseAmount": {"amount": "1.00"}, "bookingDate": day_here(), "creditDebitIndicator": "CREDIT"}
    settled.call("POST", f"{ACCOUNT}/payments", body, 201)
    report = settled.begin("0.00")
    refused = settled.add(report, "FEE", "-1.00", status=400)
    assert "name the account" in str(refused)
    content = stripe_file(Moved("charge", "10.00", "1.00"))
    assert codes(settled.upload(content)) == ["booking_account_missing"]
    settled.call("PUT", ACCOUNT, {"name": "Provider", "active": True, "bookingAccount": 1360})
    assert settled.upload(content)["state"] == "READ"


def test_the_provider_s_own_account_of_the_chart_is_used(settled: Settled) -> None:
    chart = {"accountNumber": 1361, "currency": "EUR", "accountType": "ASSET", "name": "Stripe"}
    settled.call("POST", "/v2/bookingAccounts", chart, 201)
    settled.open_provider(ident="own", bookingAccount=1361)
    settled.upload(stripe_file(Moved("charge", "10.00", "1.00")), account="own")
    assert settled.sums() == {4970: D(1), 1792: D(-1)}
    report = settled.call("GET", "/v2/settlement-reports")["_embedded"][0]
    assert report["merchantPaymentAccountIdent"] == "own"
    lines = settled.tenant.rows("SELECT DISTINCT account FROM journal_line ORDER BY account")
    assert [row.account for row in lines] == [1361, 1792, 4970]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"net": "9.01"}, "net"),
        ({"gross": "-10.00", "net": "-11.00"}, "gross"),
        ({"gross": "10.001", "net": "9.001"}, "gross"),
        ({"currency": "USD"}, "currency"),
        ({"bookingDate": "2999-01-01"}, "bookingDate"),
        ({"reasonCode": "MD06"}, "reasonCode"),
        ({"type": "REFUND", "gross": "0", "net": "-1.00"}, "gross"),
        ({"type": "CARD"}, "type"),
    ],
)
def test_an_item_that_cannot_be_is_refused_by_its_field(settled: Settled, more: dict[str, str], field: str) -> None:
    report = settled.begin("0")
    body = {
        "externalIdent": "1",
        "type": "PAYMENT",
        "gross": "10.00",
        "fee": "1.00",
        "net": "9.00",
        "bookingDate": day_here(),
        **more,
    }
    refused = settled.call("POST", f"{REPORTS}/{report}/settlement-items", body, 400)
    assert field in [error["fieldName"] for error in refused["errors"]]
    assert settled.items() == []
    assert settled.sums() == {}


def test_a_header_that_cannot_be_is_refused_with_every_finding(settled: Settled) -> None:
    body = {"provider": "P", "externalIdent": "1", "periodStart": day_here(), "periodEnd": days_ago(1), "closingBalance": "0.001"}
    refused = settled.call("POST", REPORTS, {**body, "currency": "USD"}, 400)
    assert sorted(error["fieldName"] for error in refused["errors"]) == ["closingBalance", "currency", "periodEnd"]
    settled.call("POST", f"{REPORTS}/none/settlement-items", {}, 400)


def test_a_payout_is_matched_by_a_person_where_the_text_says_nothing(settled: Settled) -> None:
    settled.upload(stripe_file(Moved("charge", "10.00", "1.00")))
    line = settled.pay("9.00", "Gutschrift")
    (payout,) = settled.items("state==IN_TRANSIT")
    path = f"/v2/settlement-items/{payout['settlementItemIdent']}/actions"
    wrong = settled.pay("8.00", "Gutschrift")
    settled.call("POST", f"{path}/match", {"paymentIdent": wrong["paymentIdent"]}, 400)
    settled.call("POST", f"{path}/match", {"paymentIdent": payout["paymentIdent"]}, 400)
    settled.call("POST", f"{path}/match", {"paymentIdent": "none"}, 404)
    settled.call("POST", f"{path}/unmatch", status=400)
    matched = settled.call("POST", f"{path}/match", {"paymentIdent": line["paymentIdent"]})
    assert (matched["state"], matched["bankPaymentIdent"]) == ("ARRIVED", line["paymentIdent"])
    assert settled.sums() == {1200: D(17), 4970: D(1), 1792: D(-18)}
    settled.sound()
    settled.call("POST", f"{path}/match", {"paymentIdent": line["paymentIdent"]}, 400)
    assert settled.call("POST", f"{path}/unmatch")["state"] == "IN_TRANSIT"
    assert settled.call("GET", f"/v2/merchant-payment-accounts/bank/payments/{line['paymentIdent']}")["status"] == "OPEN"
    settled.sound()


def test_nothing_of_a_transfer_is_assigned(settled: Settled) -> None:
    number = settled.document()
    settled.upload(stripe_file(Moved("charge", "120.00", "1.00")))
    line = settled.pay("119.00", f"STRIPE {number}")
    assert line["reason"] == "OWN_TRANSFER"
    assert settled.case(number)["status"] == "OPEN"
    body = {"paymentIdent": line["paymentIdent"], "targetIdent": number}
    settled.call("POST", "/v2/payment-assignments", body, 400)
    settled.sound()


def test_a_payout_of_a_negative_balance_is_taken_from_the_bank(settled: Settled) -> None:
    settled.upload(stripe_file(Moved("refund", "-10.00", "0", "1")))
    line = settled.pay("10.00", "STRIPE", creditDebitIndicator="DEBIT")
    assert line["reason"] == "OWN_TRANSFER"
    assert settled.sums() == {1200: D(-10), 1792: D(10)}
    settled.sound()


def test_a_payout_and_two_lines_of_its_amount_meet_once(settled: Settled) -> None:
    settled.upload(stripe_file(Moved("charge", "10.00", "1.00")))
    first, second = settled.pay("9.00", "STRIPE"), settled.pay("9.00", "STRIPE")
    assert [first["status"], second["status"]] == ["IGNORED", "OPEN"]
    settled.upload(stripe_file(Moved("charge", "10.00", "1.00", "2"), payout="po_2"))
    assert {item["bankPaymentIdent"] for item in settled.items("state==ARRIVED")} == {first["paymentIdent"], second["paymentIdent"]}
    settled.sound()


@pytest.mark.parametrize(("provider", "account"), [("STRIPE", 1360), ("PAYPAL", 1360), ("SEPA_FILE", None), ("OTHER", None)])
def test_an_account_with_a_payment_provider_stands_there_from_the_beginning(
    settled: Settled, provider: str, account: int | None
) -> None:
    """Before its first report: a payment at the checkout, and a bank's."""
    keys = [{"name": "apiKey", "value": "sk_test_1"}, {"name": "webhookSecret", "value": "whsec_1"}] if provider == "STRIPE" else []
    settled.call("POST", "/v2/payment-providers", {"id": 77, "name": provider, "credentials": keys}, 201)
    settled.open_provider(ident="kept", paymentServiceProviderId=77)
    path = "/v2/merchant-payment-accounts/kept"
    assert settled.call("GET", path).get("bookingAccount") == account
    kept = settled.call("PUT", path, {"name": "Renamed", "active": True})
    assert (kept["name"], kept.get("bookingAccount")) == ("Renamed", account)
    body = {"externalIdent": "1", "baseAmount": {"amount": "1.00"}, "bookingDate": day_here(), "creditDebitIndicator": "CREDIT"}
    settled.call("POST", f"{path}/payments", body, 201)
    assert settled.sums() == {account or 1200: D(1), 1792: D(-1)}
    settled.sound()
