"""Why a run comes to something else than the last one."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contor.billing.runs.compare import Facts, differences, summed

D = Decimal
FACTS = Facts(frozenset({"new"}), frozenset({"gone"}))


@pytest.mark.parametrize(
    ("key", "before", "now", "cause"),
    [
        (("v", "fee", "RECURRING", "EUR"), D(10), D(12), "PRICE"),
        (("new", "fee", "RECURRING", "EUR"), None, D(12), "NEW"),
        (("new", "power", "USAGE", "EUR"), None, D(3), "NEW"),
        (("gone", "fee", "RECURRING", "EUR"), D(10), None, "ENDED"),
        (("gone", "power", "USAGE", "EUR"), D(10), None, "ENDED"),
        (("v", "fee", "RECURRING", "EUR"), D(10), None, "DUE"),
        (("v", "fee", "RECURRING", "EUR"), None, D(10), "DUE"),
        (("v", "power", "USAGE", "EUR"), D(10), D(7), "USAGE"),
        (("gone", "power", "USAGE", "EUR"), D(10), D(7), "USAGE"),
        (("v", "power", "USAGE", "EUR"), D(10), None, "USAGE"),
        (("gone", "fee", "RECURRING", "EUR"), None, D(7), "DUE"),
        (("gone", "fee", "RECURRING", "EUR"), D(5), D(7), "PRICE"),
        (("new", "line", "LINE_ITEM", "EUR"), None, D(7), "ONCE"),
        (("v", "power", "USAGE_CORRECTION", "EUR"), None, D(-2), "USAGE"),
        (("v", "less", "ALLOWANCE", "EUR"), D(-2), D(-3), "PRICE"),
        (("o", "line", "LINE_ITEM", "EUR"), None, D(50), "ONCE"),
        (("v", "fee", "CREDIT", "EUR"), D(-9), None, "ONCE"),
    ],
)
def test_the_cause_of_a_difference(key: tuple[str, str, str, str], before: D | None, now: D | None, cause: str) -> None:
    old = {} if before is None else {key: before}
    new = {} if now is None else {key: now}
    assert differences(old, new, FACTS) == [(cause, "EUR", (now or D(0)) - (before or D(0)))]


KEYS = st.tuples(
    st.sampled_from(["v", "new", "gone"]),
    st.sampled_from("ab"),
    st.sampled_from(["RECURRING", "USAGE", "CREDIT", "ALLOWANCE"]),
    st.sampled_from(["EUR", "CHF"]),
)
BILLS = st.dictionaries(KEYS, st.decimals(-1000, 1000, places=2), max_size=12)


@given(BILLS, BILLS)
def test_the_causes_add_up_to_the_difference(before: dict, now: dict) -> None:
    found = summed(differences(before, now, FACTS))
    for currency in ("EUR", "CHF"):
        wanted = sum(v for k, v in now.items() if k[3] == currency) - sum(v for k, v in before.items() if k[3] == currency)
        assert sum(one.amount for one in found if one.currency == currency) == wanted
