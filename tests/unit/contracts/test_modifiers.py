"""Prices that a contract has of its own, options that hold for it, and what it gives off them."""

import datetime as dt
from decimal import Decimal

import pytest
from tests.factories.agreements import a_contract, an_agreed_plan, an_option

from contor.catalogue.types import OptionVersion, Price
from contor.contracts.course import has_option, modified_prices, priced
from contor.contracts.terms import OptionPrices, PlanModifier
from contor.contracts.types import Allowance
from contor.kernel.shapes import replace

D = Decimal
JANUARY, MARCH, MAY = dt.date(2026, 1, 1), dt.date(2026, 3, 1), dt.date(2026, 5, 1)


def a_change(price: str, since: dt.date | None, option: str = "fee") -> PlanModifier:
    own = OptionPrices(option_ident=option, prices=(Price(price=D(price)),))
    return PlanModifier(option_prices=(own,), effective_from=since)


@pytest.mark.parametrize(
    ("changes", "start", "price"),
    [
        ([], MARCH, None),
        ([a_change("8", None)], JANUARY, "8"),
        ([a_change("8", MARCH)], JANUARY, None),
        ([a_change("8", MARCH)], MARCH, "8"),
        ([a_change("8", None), a_change("9", MARCH)], MAY, "9"),
        ([a_change("9", MARCH), a_change("8", None)], MAY, "9"),
        ([a_change("9", MARCH), a_change("7", MARCH)], MAY, "7"),
        ([a_change("8", None), a_change("9", MAY)], MARCH, "8"),
        ([a_change("8", None, "other")], MAY, None),
    ],
)
def test_the_latest_change_that_holds_counts(changes: list[PlanModifier], start: dt.date, price: str | None) -> None:
    found = modified_prices(changes, "fee", start)
    assert (None if found is None else found[0].price) == (None if price is None else D(price))


INDEX = ((JANUARY, D(100)), (MARCH, D(110)))


@pytest.mark.parametrize(("start", "price"), [(JANUARY, "10"), (dt.date(2026, 2, 28), "10"), (MARCH, "11"), (MAY, "11")])
def test_an_index_moves_a_price_from_where_it_stood_when_the_contract_began(start: dt.date, price: str) -> None:
    found = priced(a_contract(), an_option(price="10"), start, INDEX, ("DE", None, None))
    assert found is not None and found.unit_price == D(price)
    pending = priced(a_contract(start_on=None), an_option(price="10"), start, INDEX, ("DE", None, None))
    assert pending is not None and pending.unit_price == D(10)


def test_an_index_changes_the_catalogues_price_and_never_one_made_by_hand() -> None:
    option, contract = an_option(price="10"), a_contract({"fee": "1"})
    plain = priced(contract, option, MAY, (), ("DE", None, None))
    assert plain is not None and plain.unit_price == D(10)
    own = a_contract({"fee": "1"}, content={"plan_modifiers": (a_change("8", None),)})
    by_hand = priced(own, option, MAY, INDEX, ("DE", None, None))
    assert by_hand is not None and by_hand.unit_price == D(8)
    other = priced(
        a_contract({"fee": "1"}, content={"plan_modifiers": (a_change("8", None, "x"),)}), option, MAY, (), ("DE", None, None)
    )
    assert other is not None and other.unit_price == D(10)
    assert priced(contract, an_option(prices=[{"price": "1", "criteria": {"country": "AT"}}]), MAY, (), ("DE", None, None)) is None


def test_the_version_at_the_start_of_the_period_holds() -> None:
    option = an_option(price="10")
    later = OptionVersion(valid_from=MARCH, content=an_option(price="12").versions[0].content)
    option = replace(option, versions=(*option.versions, later))
    for start, price in ((JANUARY, "10"), (MARCH, "12"), (MAY, "12")):
        found = priced(a_contract(), option, start, (), ("DE", None, None))
        assert found is not None and found.unit_price == D(price)


@pytest.mark.parametrize(
    ("minimum", "for_all", "quantities", "holds"),
    [
        (1, False, {}, True),
        (0, False, {}, False),
        (0, True, {}, True),
        (0, False, {"fee": "1"}, True),
        (0, False, {"x": "1"}, False),
    ],
)
def test_which_options_hold(minimum: int, for_all: bool, quantities: dict[str, str], holds: bool) -> None:
    plan = an_agreed_plan({"option_ident": "fee", "minimum": minimum, "enable_for_all_contracts": for_all})
    (link,) = plan.phase("p-1").linked_options
    assert has_option(a_contract(quantities), "p-1", link) is holds
    assert has_option(a_contract(quantities), "p-2", link) is (minimum >= 1 or for_all)


@pytest.mark.parametrize(
    ("since", "until", "option", "holds"),
    [
        (None, None, "fee", True),
        (None, None, "other", False),
        (MARCH, None, "fee", True),
        (dt.date(2026, 3, 2), None, "fee", False),
        (None, MARCH, "fee", True),
        (None, dt.date(2026, 2, 28), "fee", False),
        (MARCH, MARCH, "fee", True),
        (JANUARY, MAY, "other", False),
    ],
)
def test_an_allowance_holds_for_periods_that_begin_on_its_days(
    since: dt.date | None, until: dt.date | None, option: str, holds: bool
) -> None:
    allowance = Allowance("a", option, "Less", D(1), None, since, until)
    assert allowance.holds("fee", MARCH) is holds
