"""A booking that turns out to be a payout of ours is nobody's: what was suggested of it is withdrawn, and nobody opens it again."""

from tests.factories.cases import said
from tests.factories.settlements import Settled


def test_suggestions_of_what_was_a_payout_are_withdrawn(settled: Settled) -> None:
    number = settled.document()
    line = settled.pay("119.00", "Sammelgutschrift")
    path = f"/v2/payments/{line['paymentIdent']}/suggestions"
    (one,) = settled.call("GET", path)["suggestions"]
    assert (one["targetIdent"], one["status"]) == (number, "OPEN")
    report = settled.begin("0.00")
    settled.add(report, "PAYMENT", "119.00")
    payout = settled.add(report, "PAYOUT", "-119.00")
    if payout["state"] == "IN_TRANSIT":
        act = f"/v2/settlement-items/{payout['settlementItemIdent']}/actions/match"
        payout = settled.call("POST", act, {"paymentIdent": line["paymentIdent"]})
    assert (payout["state"], payout["bankPaymentIdent"]) == ("ARRIVED", line["paymentIdent"])
    (one,) = settled.call("GET", path)["suggestions"]
    assert one["status"] == "WITHDRAWN"
    settled.sound()
    status = f"/v2/merchant-payment-accounts/bank/payments/{line['paymentIdent']}/actions/update-status"
    refusals = [
        settled.call("POST", status, {"status": "OPEN"}, 400),
        settled.call("POST", f"{path}/actions/refresh", status=400),
        settled.call("POST", "/v2/payment-assignments", {"paymentIdent": line["paymentIdent"], "targetIdent": number}, 400),
    ]
    assert all("moves money between accounts of ours" in said(refused) for refused in refusals), refusals
    assert settled.case(number)["balance"] == 119
    settled.sound()
