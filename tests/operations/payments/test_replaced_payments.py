"""A payment that gives place to its parts is nobody's any more: what was suggested of it is withdrawn, and nobody opens it again."""

import datetime as dt
from decimal import Decimal

from tests.factories.cases import said
from tests.factories.companies import Company
from tests.factories.statements import BankLine, BankPaper, Reader

D = Decimal
DAY = dt.date(2026, 11, 2)


def test_suggestions_of_what_was_replaced_are_withdrawn(reader: Reader, company: Company) -> None:
    """M32 with an open item of the whole amount."""
    number = company.document()
    noon = BankPaper(D(0), DAY, [BankLine(D("119.00"), DAY, reference="B1")])
    reader.take(noon.camt("camt.052.001.08", balances=False))
    (whole,) = reader.payments()
    path = f"/v2/payments/{whole.ident}/suggestions"
    (one,) = company.call("GET", path)["suggestions"]
    assert (one["targetIdent"], one["status"]) == (number, "OPEN")
    parts = (BankLine(D("49.00"), DAY, "A", end_to_end="E1"), BankLine(D("70.00"), DAY, "B", end_to_end="E2"))
    reader.take(BankPaper(D(0), DAY, [BankLine(D("119.00"), DAY, parts=parts, reference="B1")]).camt())
    assert reader.amounts() == [D("49.00"), D("70.00")]
    (one,) = company.call("GET", path)["suggestions"]
    assert one["status"] == "WITHDRAWN"
    company.sound()
    status = f"/v2/merchant-payment-accounts/bank/payments/{whole.ident}/actions/update-status"
    refusals = [
        company.call("POST", status, {"status": "OPEN"}, 400),
        company.call("POST", f"{path}/actions/refresh", status=400),
        company.call("POST", f"{path}/actions/accept", {"suggestionIdents": [one["suggestionIdent"]]}, 400),
        company.call("POST", "/v2/payment-assignments", {"paymentIdent": whole.ident, "targetIdent": number}, 400),
    ]
    assert all("they are payments of their own, in its place" in said(refused) for refused in refusals), refusals
    assert company.case(number)["balance"] == 119
    company.sound()
