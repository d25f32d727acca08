"""Why a run comes to something else than the last one."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contor.billing.held.compare import Facts, by_key, differences, summed
from contor.billing.runs import BilledLine

D = Decimal
FACTS = Facts(frozenset({"new"}), frozenset({"gone"}))
Key = tuple[str, str, str, str]


def line(key: Key, net: Any, periods: int = 1, share: str = "1", quantity: str | None = "1", tax: Any = None) -> BilledLine:
    holder, origin, kind, currency = key
    net = D(net)
    taxed = net * D("0.19") if tax is None else D(tax)
    amounts = {"total": net, "net": net, "tax": taxed, "gross": net + taxed}
    counts = {"periods": periods, "share": D(share), "quantity": None if quantity is None else D(quantity)}
    return BilledLine(holder_ident=holder, origin_ident=origin, kind=kind, currency=currency, **amounts, **counts)


def of(*lines: BilledLine | None) -> Any:
    return by_key(one for one in lines if one is not None)


@pytest.mark.parametrize(
    ("key", "before", "now", "cause"),
    [
        (("v", "fee", "RECURRING", "EUR"), 10, 12, "PRICE"),
        (("new", "fee", "RECURRING", "EUR"), None, 12, "NEW"),
        (("new", "power", "USAGE", "EUR"), None, 3, "NEW"),
        (("gone", "fee", "RECURRING", "EUR"), 10, None, "ENDED"),
        (("gone", "power", "USAGE", "EUR"), 10, None, "ENDED"),
        (("v", "fee", "RECURRING", "EUR"), 10, None, "PERIODS"),
        (("v", "fee", "RECURRING", "EUR"), None, 10, "PERIODS"),
        (("v", "power", "USAGE", "EUR"), 10, 7, "USAGE"),
        (("gone", "power", "USAGE", "EUR"), 10, 7, "USAGE"),
        (("v", "power", "USAGE", "EUR"), 10, None, "USAGE"),
        (("gone", "fee", "RECURRING", "EUR"), None, 7, "PERIODS"),
        (("gone", "fee", "RECURRING", "EUR"), 5, 7, "PRICE"),
        (("new", "line", "LINE_ITEM", "EUR"), None, 7, "ONCE"),
        (("v", "power", "USAGE_CORRECTION", "EUR"), None, -2, "USAGE"),
        (("v", "less", "ALLOWANCE", "EUR"), -2, -3, "PRICE"),
        (("o", "line", "LINE_ITEM", "EUR"), None, 50, "ONCE"),
        (("v", "fee", "CREDIT", "EUR"), -9, None, "ONCE"),
    ],
)
def test_the_cause_of_a_difference(key: Key, before: int | None, now: int | None, cause: str) -> None:
    old, new = (of(None if amount is None else line(key, amount)) for amount in (before, now))
    (found,) = differences(old, new, FACTS)
    net = D(now or 0) - D(before or 0)
    assert (found.cause, found.currency, found.net, found.tax) == (cause, "EUR", net, net * D("0.19"))
    if before is None or now is None:
        assert {one.cause for one in differences(old, new, FACTS, is_parked=True)} == {"PARKED"}


FEE = ("v", "fee", "RECURRING", "EUR")


@pytest.mark.parametrize(
    ("before", "now", "causes"),
    [
        (line(FEE, 20, 2, "2"), line(FEE, 10), {"PERIODS": -10}),
        (line(FEE, 10), line(FEE, 36, 3, "3"), {"PERIODS": 20, "PRICE": 6}),
        (line(FEE, 10), line(FEE, 5, 1, "0.5"), {"PRORATION": -5}),
        (line(FEE, "6.67", 1, "0.667"), line(FEE, 10), {"PRORATION": "3.33"}),  # of 20 of 30 days; a cent is no price
        (line(FEE, 20, 2, "2", "1"), line(FEE, 15, 1, "0.5", "3"), {"PERIODS": -10, "PRORATION": -5, "QUANTITY": 10}),
        (line(FEE, 10, quantity="1"), line(FEE, 60, quantity="4"), {"QUANTITY": 30, "PRICE": 20}),
        (line(FEE, 10, tax="0.70"), line(FEE, 10, tax="1.90"), {"PRICE": 0}),
        (
            BilledLine(holder_ident="v", origin_ident="fee", kind="RECURRING", currency="EUR", total=D(8)),
            line(FEE, 9),
            {"PRICE": 1},
        ),
    ],
)
def test_periods_parts_quantities_and_prices_are_told_apart(before: BilledLine, now: BilledLine, causes: dict[str, Any]) -> None:
    found = differences(of(before), of(now), FACTS)
    assert {one.cause: one.net for one in found} == {cause: D(net) for cause, net in causes.items()}
    assert sum(one.tax for one in found) == now.tax - before.tax


KEYS = st.tuples(
    st.sampled_from(["v", "new", "gone"]),
    st.sampled_from("ab"),
    st.sampled_from(["RECURRING", "USAGE", "CREDIT", "ALLOWANCE"]),
    st.sampled_from(["EUR", "CHF"]),
)
CENTS = st.decimals(-1000, 1000, places=2)
COUNTS = st.tuples(CENTS, st.integers(0, 3), st.sampled_from(["0.25", "1", "2.5"]), st.sampled_from([None, "1", "7"]), CENTS)
BILLS = st.dictionaries(KEYS, COUNTS, max_size=12)


@given(BILLS, BILLS)
def test_the_causes_add_up_to_the_difference(before: dict, now: dict) -> None:
    old, new = ({key: line(key, *of) for key, of in bill.items()} for bill in (before, now))
    found = summed(differences(old, new, FACTS))
    for currency in ("EUR", "CHF"):
        for side in ("net", "tax", "gross"):
            sums = [sum(getattr(one, side) for one in bill.values() if one.currency == currency) for bill in (old, new)]
            assert sum(getattr(one, side) for one in found if one.currency == currency) == sums[1] - sums[0]
