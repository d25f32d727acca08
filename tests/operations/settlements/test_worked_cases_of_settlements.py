"""Money 9, M26: a customer pays by a provider, which keeps its fee and pays out; the transfer is at the bank before its report or after."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.settlements import Moved, Settled, adyen_file, paypal_file, stripe_file

D = Decimal
PAID = ("PAYMENT", [(1360, "D", D("119.00")), (10000, "C", D("119.00"))])
FEE = ("PAYMENT_COST", [(4970, "D", D("1.66")), (1360, "C", D("1.66"))])
PAID_OUT = ("PAYOUT", [(1792, "D", D("117.34")), (1360, "C", D("117.34"))])
ARRIVED = ("PAYOUT", [(1200, "D", D("117.34")), (1792, "C", D("117.34"))])
CAME_FIRST = ("PAYMENT_UNASSIGNED", [(1200, "D", D("117.34")), (1792, "C", D("117.34"))])
REST = {8400: D("-100.00"), 1776: D("-19.00"), 1200: D("117.34"), 4970: D("1.66")}


def stripe(number: str) -> tuple[bytes, str]:
    return stripe_file(Moved("charge", "119.00", "1.66", "9", number)), "STRIPE PAYOUT po_1"


def adyen(number: str) -> tuple[bytes, str]:
    rows = (Moved("Settled", "119.00", "1.66", "9", number), Moved("MerchantPayout", "-117.34"))
    return adyen_file(*rows), "ADYEN N.V. TX8817 batch 4"


def paypal(number: str) -> tuple[bytes, str]:
    rows = (Moved("T0006", "119.00", "1.66", "9", number), Moved("T0400", "-117.34", ident="10"))
    return paypal_file(*rows), "PAYPAL EUROPE S.A.R.L. ET CIE"


@pytest.mark.parametrize("made", [stripe, adyen, paypal])
def test_m26_the_report_comes_before_the_bank_s_line(settled: Settled, made: Any) -> None:
    number = settled.document()
    content, text = made(number)
    upload = settled.upload(content)
    assert (upload["state"], upload["findings"]) == ("READ", [])
    assert settled.case(number)["status"] == "CLOSED"
    assert sorted(settled.booked()) == sorted([PAID, FEE, PAID_OUT])
    assert settled.sums() == {8400: D(-100), 1776: D(-19), 4970: D("1.66"), 1792: D("117.34")}
    assert [item["type"] for item in settled.items("state==IN_TRANSIT")] == ["PAYOUT"]
    settled.sound()
    line = settled.pay("117.34", text)
    assert (line["status"], line["reason"]) == ("IGNORED", "OWN_TRANSFER")
    assert settled.booked()[-1] == ARRIVED
    assert settled.sums() == REST
    (payout,) = settled.items("type==PAYOUT")
    assert (payout["state"], payout["bankPaymentIdent"]) == ("ARRIVED", line["paymentIdent"])
    assert settled.items("state==IN_TRANSIT") == []
    settled.sound()


@pytest.mark.parametrize("made", [stripe, adyen, paypal])
def test_m26_the_bank_s_line_comes_before_the_report(settled: Settled, made: Any) -> None:
    number = settled.document()
    content, text = made(number)
    line = settled.pay("117.34", text)
    assert line["status"] == "OPEN"
    settled.sound()
    assert settled.upload(content)["state"] == "READ"
    assert sorted(settled.booked()) == sorted([CAME_FIRST, PAID, FEE, PAID_OUT])
    assert settled.sums() == REST
    assert settled.case(number)["status"] == "CLOSED"
    (payout,) = settled.items("type==PAYOUT")
    assert (payout["state"], payout["bankPaymentIdent"]) == ("ARRIVED", line["paymentIdent"])
    line = settled.call("GET", f"/v2/merchant-payment-accounts/bank/payments/{line['paymentIdent']}")
    assert (line["status"], line["reason"]) == ("IGNORED", "OWN_TRANSFER")
    settled.sound()


def test_m26_item_by_item(settled: Settled) -> None:
    number = settled.document()
    report = settled.begin("0.00")
    paid = settled.add(report, "PAYMENT", "119.00", "1.66", reference="ch_9", description=number)
    assert (paid["state"], D(str(paid["net"]))) == ("CREATED", D("117.34"))
    got = settled.call("GET", f"/v2/merchant-payment-accounts/psp/settlement-reports/{report}")
    assert (got["itemCount"], D(str(got["difference"]))) == (1, D("-117.34"))
    settled.add(report, "PAYOUT", "-117.34", reference="po_12345")
    got = settled.call("GET", f"/v2/merchant-payment-accounts/psp/settlement-reports/{report}")
    assert (got["itemCount"], got["difference"]) == (2, 0)
    settled.pay("117.34", "Auszahlung PO-12345")
    assert settled.booked() == [PAID, FEE, PAID_OUT, ARRIVED]
    assert settled.sums() == REST
    settled.sound()
