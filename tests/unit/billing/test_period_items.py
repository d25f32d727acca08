"""What the options of a contract cost in its periods, and what its allowances give (accounting reference 6 and 9)."""

import datetime as dt
import itertools
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.agreements import a_contract, an_agreed_plan, an_option

from contor.billing.items import Item
from contor.billing.proposal.period_items import items_of
from contor.billing.proposal.types import Unpriced, World
from contor.catalogue.adaptation import IndexValues
from contor.catalogue.types import Option, Plan
from contor.contracts.calendar import billing_periods
from contor.contracts.types import Allowance, Contract
from contor.documents.types import ItemExtra, Location, Sides
from contor.settings.groups import Days, GroupTerms

D = Decimal
FAR = dt.date(2030, 1, 1)
NOON = dt.datetime(2026, 1, 15, 12, tzinfo=dt.UTC)


def proposed(
    contract: Contract,
    plan: Plan,
    *options: Option,
    until: str = "2026-01-31",
    allowances: tuple[Allowance, ...] = (),
    unit: str | None = None,
    zone: str = "Europe/Berlin",
    indices: Mapping[str, IndexValues] = MappingProxyType({}),
) -> list[Item | Unpriced]:
    """The items of the periods that begin before `until`."""
    assert contract.start_on is not None
    periods = billing_periods(plan, contract.start_on, None, contract.end_on, contract.start_on, dt.date.fromisoformat(until))
    world = World(
        {option.option_ident: option for option in options},
        indices,
        Days(NOON, ZoneInfo(zone)),
        itertools.count(1).__next__,
        {contract.contract_id: allowances},
        {"group": GroupTerms(units={"EUR": D(unit)})} if unit else {},
    )
    return list(items_of(contract, plan, periods, world))


def priced(*given: Any, **options: Any) -> list[Item]:
    found = proposed(*given, **options)
    assert all(isinstance(item, Item) for item in found)
    return found  # type: ignore[return-value]


def an_allowance(ident: str = "a", amount: str | None = None, percentage: str | None = None, **values: Any) -> Allowance:
    given = (None if amount is None else D(amount), None if percentage is None else D(percentage))
    return Allowance(ident, values.get("option", "fee"), "Discount", *given, values.get("since"), values.get("until"))


FEE = {"option_ident": "fee"}


def test_a_whole_period_costs_quantity_times_price() -> None:
    (item,) = priced(a_contract({"fee": "3"}), an_agreed_plan(FEE), an_option(price="10.50"))
    row = item.row
    assert (row.quantity, row.unit_price, row.total, row.quantity_type) == (D(3), D("10.50"), D("31.50"), "PC")
    assert (item.period_start, item.period_end) == (dt.date(2026, 1, 1), dt.date(2026, 2, 1))
    assert (row.service_start, row.service_end, row.tax_date) == (item.period_start, item.period_end, dt.date(2026, 1, 31))
    assert (item.kind, item.origin_type, item.type, row.price_calculation_basis, row.extras) == (
        "RECURRING",
        "OPTION",
        "DEBIT",
        None,
        (),
    )
    assert item.processing_at == dt.datetime(2025, 12, 31, 23, tzinfo=dt.UTC)  # midnight in Berlin


@pytest.mark.parametrize(
    ("price", "index", "shown"),
    [
        ("1.1234567891", "100", "1.1234567891"),
        ("1.1234567891", "150", "1.6851851837"),  # 1.68518518365
        ("1.1234567891", "105.03", "1.1799666656"),  # 1.17996666559173
        ("100", "100", "100"),
    ],
)
def test_a_unit_price_is_shown_with_ten_decimals(price: str, index: str, shown: str) -> None:
    """As many as documents hold; the total comes from the exact price."""
    values = {"cpi": ((dt.date(2025, 1, 1), D(100)), (dt.date(2026, 2, 1), D(index)))}
    contract = a_contract({"fee": "1000"}, price_adaptation_ident="cpi")
    found = priced(contract, an_agreed_plan(FEE), an_option(price=price), until="2026-02-28", indices=values)
    assert str(found[1].row.unit_price) == shown
    assert found[1].row.total == (D(price) * D(index) * 10).quantize(D("0.01"), ROUND_HALF_UP)


def test_a_part_of_an_interval_costs_its_days() -> None:
    """Worked case: 31 days of January, the contract ends with the 10th: 10/31 of 31.00 are one piece of 10.00."""
    contract = a_contract({"fee": "2"}, end_on=dt.date(2026, 1, 11))
    (item,) = priced(contract, an_agreed_plan(FEE), an_option(price="15.50"))
    assert (item.row.quantity, item.row.unit_price, item.row.total) == (D(1), D(10), D(10))
    basis = item.row.price_calculation_basis
    assert basis is not None and (basis.base_price, basis.used_days, basis.interval_days) == (D("15.50"), 10, 31)


def test_what_is_charged_once_is_charged_when_its_phase_begins() -> None:
    plan = an_agreed_plan({"option_ident": "setup"})
    found = priced(a_contract({"setup": "1"}), plan, an_option("setup", "ONETIME", "99"), until="2026-03-02")
    assert [(item.kind, item.row.total, item.row.service_end) for item in found] == [("ONETIME", D(99), dt.date(2026, 1, 2))]


def test_agreed_partial_supplies_are_rows_of_their_own_and_add_up() -> None:
    """Section 13 (1) no. 1 a UStG: a quarter of 100.00 in three months, each with its tax date."""
    plan = an_agreed_plan(FEE, value=1, unit="QUARTER", partial_supply="MONTH")
    found = priced(a_contract({"fee": "1"}), plan, an_option(price="100"))
    assert [item.row.tax_date for item in found] == [dt.date(2026, 1, 31), dt.date(2026, 2, 28), dt.date(2026, 3, 31)]
    assert sum(item.row.total for item in found) == D(100)
    assert [item.sequence for item in found] == [0, 1, 2]
    assert {item.row.quantity for item in found} == {D(1)}
    reduced = priced(a_contract({"fee": "1"}), plan, an_option(price="100"), allowances=(an_allowance(percentage="10"),))
    given = [item for item in reduced if item.kind == "ALLOWANCE"]
    assert [item.row.tax_date for item in given] == [item.row.tax_date for item in found]
    assert sum(item.row.total for item in given) == D(10)


def test_amounts_of_a_coarser_unit_show_what_rounding_took() -> None:
    (item,) = priced(a_contract({"fee": "3"}), an_agreed_plan(FEE), an_option(price="10.50"), unit="1")
    assert (item.row.total, item.row.unit_price, item.row.quantity) == (D(32), D("10.50"), D(3))
    assert item.row.extras == (ItemExtra(ident="rounding", name="Rounding", total=Sides(net=D("0.50"))),)


@pytest.mark.parametrize(("price", "shown"), [("0.1234567891", "0.1234567891"), ("1E+2", "1E+2"), ("12", "12")])
def test_a_price_is_shown_as_it_is(price: str, shown: str) -> None:
    (item,) = priced(a_contract({"fee": "1"}), an_agreed_plan(FEE), an_option(price=price))
    assert item.row.unit_price == D(shown)


def test_an_option_that_was_not_ordered_costs_nothing_and_one_without_a_price_is_said() -> None:
    assert priced(a_contract(), an_agreed_plan(FEE), an_option()) == []
    abroad = an_option(prices=[{"price": "10", "criteria": {"country": "AT"}}])
    (found,) = proposed(a_contract({"fee": "1"}), an_agreed_plan(FEE), abroad)
    assert isinstance(found, Unpriced)
    assert found.reason == "no price of option fee holds in DE from 2026-01-01"


@pytest.mark.parametrize(
    ("link", "quantities", "holds"),
    [
        ({"minimum": 1}, {}, True),
        ({"minimum": 0}, {}, False),
        ({"minimum": 0, "enable_for_all_contracts": True}, {}, True),
        ({"minimum": 0}, {"power": "1"}, True),
        ({"minimum": 0}, {"other": "1"}, False),
    ],
)
def test_usages_hold_where_the_plan_wants_them_or_the_contract_names_them(
    link: dict[str, Any], quantities: dict[str, str], holds: bool
) -> None:
    plan = an_agreed_plan({"option_ident": "power", **link})
    found = priced(a_contract(quantities), plan, an_option("power", "USAGE"))
    assert [item.kind for item in found] == (["USAGE"] if holds else [])


def test_usages_are_due_when_their_period_is_over_and_its_delay() -> None:
    plan = an_agreed_plan({"option_ident": "power"}, config={"delay_in_seconds": 3600})
    (item,) = priced(a_contract(), plan, an_option("power", "USAGE", quantity_type="KWH"))
    assert (item.origin_type, item.business_case, item.row.total, item.row.quantity) == ("USAGE", "PURCHASE", D(0), D(0))
    assert item.processing_at == dt.datetime(2026, 2, 1, 0, tzinfo=dt.UTC)  # an hour after midnight in Berlin
    assert (item.row.tax_date, item.row.quantity_type) == (dt.date(2026, 1, 31), "KWH")
    partner = an_agreed_plan({"option_ident": "share"}, type="PARTNER")
    (share,) = priced(a_contract(), partner, an_option("share", "COMMISSION", commission_percentage="10"))
    assert (share.kind, share.business_case, share.origin_type) == ("COMMISSION", "SELF_BILLED", "OPTION")


@pytest.mark.parametrize(
    ("allowances", "given"),
    [
        ((an_allowance(percentage="12.5"),), ["2.50"]),
        ((an_allowance(amount="3"),), ["3"]),
        ((an_allowance(amount="30"),), ["20"]),
        ((an_allowance("a", percentage="50"), an_allowance("b", amount="30")), ["10", "10"]),
        ((an_allowance("a", percentage="100"), an_allowance("b", amount="1")), ["20"]),
        ((an_allowance(amount="3", option="other"),), []),
        ((an_allowance(amount="3", since=dt.date(2026, 1, 1), until=dt.date(2026, 1, 1)),), ["3"]),
        ((an_allowance(amount="3", since=dt.date(2026, 1, 2)),), []),
        ((an_allowance(amount="3", until=dt.date(2025, 12, 31)),), []),
    ],
)
def test_allowances_reduce_their_option_and_never_below_nothing(allowances: tuple[Allowance, ...], given: list[str]) -> None:
    item, *reductions = priced(a_contract({"fee": "2"}), an_agreed_plan(FEE), an_option(price="10"), allowances=allowances)
    assert item.row.total == D(20)
    assert [one.row.total for one in reductions] == [D(amount) for amount in given]
    for one in reductions:
        assert (one.type, one.kind, one.origin_type, one.row.category) == ("CREDIT", "ALLOWANCE", "ALLOWANCE", "DISCOUNT")
        assert (one.row.supply_category, one.row.quantity, one.row.description) == ("SERVICE", D(1), "fee")
        assert one.period_start == item.period_start


def test_what_is_given_to_the_customer_anyway_is_not_reduced() -> None:
    (item,) = priced(
        a_contract({"fee": "1"}),
        an_agreed_plan(FEE),
        an_option(debit_credit_indicator="CREDIT"),
        allowances=(an_allowance(percentage="50"),),
    )
    assert item.type == "CREDIT"


def test_a_part_of_an_interval_gives_a_part_of_the_allowance() -> None:
    contract = a_contract({"fee": "1"}, end_on=dt.date(2026, 1, 11))
    found = priced(contract, an_agreed_plan(FEE), an_option(price="31"), allowances=(an_allowance(amount="3.10"),))
    assert [item.row.total for item in found] == [D(10), D(1)]


@given(
    st.decimals(D("0.01"), 1000, places=2),
    st.integers(1, 31),
    st.lists(st.tuples(st.booleans(), st.decimals(D("0.01"), 100, places=2)), min_size=1, max_size=4),
)
def test_allowances_never_give_more_than_the_option_costs(price: Decimal, days: int, drawn: list[tuple[bool, Decimal]]) -> None:
    allowances = tuple(
        an_allowance(f"a{n}", **({"percentage": str(value)} if share else {"amount": str(value)}))
        for n, (share, value) in enumerate(drawn)
    )
    contract = a_contract({"fee": "1"}, end_on=dt.date(2026, 1, 1) + dt.timedelta(days=days))
    item, *given_ = priced(contract, an_agreed_plan(FEE), an_option(price=str(price)), allowances=allowances)
    assert sum(one.row.total for one in given_) <= item.row.total
    assert all(one.row.total > 0 for one in given_)


def test_the_place_of_a_contract_decides_its_price() -> None:
    prices = [{"price": "10", "criteria": {"country": "DE"}}, {"price": "12", "criteria": {"country": "AT"}}]
    contract = a_contract({"fee": "1"})
    (item,) = priced(contract, an_agreed_plan(FEE), an_option(prices=prices))
    assert (item.row.total, item.row.tax_location) == (D(10), Location(country="DE"))
