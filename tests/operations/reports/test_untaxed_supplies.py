"""What bears no tax of ours is declared by its net: whatever becomes of its price, the return and the recapitulative statement follow.

One of each kind is sold for 100.00 in the same month, and then each is reduced, credited, lost or paid by more.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from tests.factories.cases import decide
from tests.factories.companies import a_row_of
from tests.factories.reported import OF, Reported

D = Decimal
MONTH, DAY = "2028-02", "2028-02-29"


def untaxed(category: str, code: str | None = None, text: str = "Steuerfrei") -> list[dict[str, Any]]:
    said = {"exemptionReasonCode": code} if code else {}
    return [{"rate": 0, "categoryCode": category, **said, "exemptionReasonText": text}]


class UntaxedSale(NamedTuple):
    """What is sold to whom; `factor`: gross of one net."""

    line: str
    customer: str
    taxes: list[dict[str, Any]]
    row: dict[str, Any] = {}
    factor: Decimal = D(1)


FRANCE, SWISS = {"performanceLocation": {"country": "FR"}}, {"performanceLocation": {"country": "CH"}}
GOODS = {"category": "PHYSICAL_PRODUCT", "deliveryDate": DAY}
SALES = (
    UntaxedSale("21", "paris", untaxed("AE", "VATEX-EU-AE"), FRANCE),
    UntaxedSale("41", "paris", untaxed("K", "VATEX-EU-IC"), FRANCE | GOODS),
    UntaxedSale("43", "zuerich", untaxed("G", "VATEX-EU-G"), SWISS | GOODS),
    UntaxedSale("45", "zuerich", untaxed("O", "VATEX-EU-O"), SWISS),
    UntaxedSale("48", "muster-handel", untaxed("E", None, "Steuerfrei nach § 4 Nr. 21 UStG")),
    UntaxedSale("60", "muster-handel", untaxed("AE", "VATEX-EU-AE")),
    UntaxedSale("OSS", "lyon", [{"rate": 20, "categoryCode": "S"}], FRANCE | {"category": "DIGITAL_PRODUCT"}, D("1.2")),
)


def amount(sale: UntaxedSale, net: str) -> str:
    return f"{D(net) * sale.factor:.2f}"


def credit(company: Reported, sale: UntaxedSale, number: str, net: str, **more: Any) -> None:
    row = {**a_row_of(net), **sale.row, "ident": "g-1", "referenceIdent": "i-1", "taxDetail": {"taxes": sale.taxes}}
    details = {"customerDetail": OF[sale.customer], "relatedDocumentIdent": number}
    company.document("credit-memos", items=[row], **details, **more)


def paid_after_all(company: Reported, sale: UntaxedSale, number: str, net: str) -> None:
    payment = company.paid(DAY, amount(sale, net), "late")
    company.call("POST", "/v2/payment-assignments", {"paymentIdent": payment["paymentIdent"], "targetIdent": number}, 201)


def discounted_and_credited(company: Reported, sale: UntaxedSale, number: str) -> None:
    decide(company, number, "DISCOUNT", amount=amount(sale, "10.10"))
    credit(company, sale, number, "100.00")


def less_skonto_and_credited(company: Reported, sale: UntaxedSale, number: str) -> None:
    decide(company, number, "CASH_DISCOUNT", amount=amount(sale, "3.30"))
    credit(company, sale, number, "100.00")


def reduced_and_credited(company: Reported, sale: UntaxedSale, number: str) -> None:
    credit(company, sale, number, "10.10", properties=[{"key": "reason", "value": "GOODWILL"}])
    credit(company, sale, number, "89.90")


def lost(company: Reported, sale: UntaxedSale, number: str) -> None:
    decide(company, number, "UNCOLLECTABLE_RECEIVABLE")


def lost_out_of_the_allowance(company: Reported, sale: UntaxedSale, number: str) -> None:
    decide(company, number, "DOUBTFUL_RECEIVABLE", allowance="60.00")
    decide(company, number, "UNCOLLECTABLE_RECEIVABLE")


def lost_and_paid_after_all(company: Reported, sale: UntaxedSale, number: str) -> None:
    lost(company, sale, number)
    paid_after_all(company, sale, number, "40.30")


def lost_out_of_the_allowance_and_paid_after_all(company: Reported, sale: UntaxedSale, number: str) -> None:
    lost_out_of_the_allowance(company, sale, number)
    paid_after_all(company, sale, number, "40.30")


def paid_too_much_that_is_kept(company: Reported, sale: UntaxedSale, number: str) -> None:
    paid_after_all(company, sale, number, "107.70")
    decide(company, number, "OTHER_REVENUE", amount=amount(sale, "7.70"))


@pytest.mark.parametrize(
    ("becomes", "stays"),
    [
        (discounted_and_credited, "0.00"),
        (less_skonto_and_credited, "0.00"),
        (reduced_and_credited, "0.00"),
        (lost, "0.00"),
        (lost_out_of_the_allowance, "0.00"),
        (lost_and_paid_after_all, "40.30"),
        (lost_out_of_the_allowance_and_paid_after_all, "40.30"),
        (paid_too_much_that_is_kept, "107.70"),
    ],
    ids=lambda it: getattr(it, "__name__", None),
)
def test_it_is_declared_as_what_it_is_paid_with(
    company: Reported, becomes: Callable[[Reported, UntaxedSale, str], None], stays: str
) -> None:
    for sale in SALES:
        number = company.sell(DAY, "100.00", sale.customer, taxes=sale.taxes, **sale.row)
        becomes(company, sale, number)
    rows = {row["Number"]: row["Base by the books"] for row in company.read("VAT", MONTH) if row["Section"] == "Return"}
    found = {number: rows[number] for number in ("21", "41", "43", "45", "48", "60", "OSS", "81", "86")}
    twice = f"{2 * D(stays):.2f}"  # services to third countries and to the one-stop shop are not taxable here
    assert found == dict.fromkeys(found, stays) | {"45": twice, "81": "0.00", "86": "0.00"}
    stated = [(it["VAT id"], it["Supply (L, S, D)"], it["Base by the books"]) for it in company.read("EC_SALES", MONTH)]
    assert stated == ([("FR83404833048", kind, stays) for kind in "LS"] if D(stays) else [])
    company.sound()
