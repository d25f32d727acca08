"""What fits together in options and plans, which version counts, and which price holds where."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from contor.catalogue.adaptation import adapted
from contor.catalogue.rules import option_findings, plan_findings, price_at, version_at
from contor.catalogue.types import Option, OptionContent, OptionVersion, PlanContent, Price, PriceCriteria
from contor.runtime.execute import validated

D = Decimal


def content(**more: Any) -> OptionContent:
    return validated(OptionContent, {"name": "Option", **more})


def codes(problems: list[Any]) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.field) for problem in problems]


def rules(*spans: str) -> list[dict[str, str]]:
    return [{"time_from": begin, "time_to": end} for begin, end in (span.split("-") for span in spans)]


OPEN_TIER = {"price": "0.13"}


FEE = {"prices": [{"price": 1}]}
SELF_BILLED, GIVEN = {"invoicing_agreement_type": "SELF_BILLING"}, {"debit_credit_indicator": "CREDIT"}
PARTNER_OWES = [("self_billed_credit_not_expected", "debitCreditIndicator")]


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("RECURRING", {"prices": [{"price": 10}]}, []),
        ("RECURRING", {}, [("price_missing", "prices")]),
        ("USAGE", {"prices": [{"price": 10}]}, [("price_not_expected", "prices"), ("price_missing", "usagePrices")]),
        ("RECURRING", {"prices": [{"price": 1}, {"price": 2}]}, [("price_criteria_repeated", "prices[1].criteria")]),
        ("COMMISSION", {}, [("commission_percentage_unclear", "commissionPercentage")]),
        ("COMMISSION", {"commission_percentage": 5}, []),
        ("RATED_USAGE", {"commission_percentage": 5}, [("commission_percentage_unclear", "commissionPercentage")]),
        (
            "USAGE",
            {"usage_prices": [{"pricing_model": "TIER_PRICE", "price_tiers": [{"quantity": 100, "price": "0.17"}, OPEN_TIER]}]},
            [],
        ),
        (
            "USAGE",
            {
                "usage_prices": [
                    {
                        "pricing_model": "VOLUME_PRICE",
                        "price_tiers": [{"price": 1}, {"quantity": 5, "price": 1}, {"quantity": 5, "price": 1}],
                    }
                ]
            },
            [
                ("tier_open_in_between", "usagePrices[0].priceTiers[0].quantity"),
                ("tier_without_end_missing", "usagePrices[0].priceTiers[2].quantity"),
            ],
        ),
        (
            "USAGE",
            {"usage_prices": [{"pricing_model": "CONTINGENT", "price_tiers": [OPEN_TIER]}]},
            [("block_size_missing", "usagePrices[0].priceTiers[0].quantity")],
        ),
        (
            "TIME_BASED_USAGE",
            {"pricing_groups": [{"pricing_rules": rules("22:00-06:00", "06:00-22:00")}]},
            [],
        ),
        (
            "TIME_BASED_USAGE",
            {"pricing_groups": [{"pricing_rules": rules("00:00-12:00", "12:30-24:00")}]},
            [("pricing_rules_leave_a_gap", "pricingGroups[0].pricingRules")],
        ),
        (
            "TIME_BASED_USAGE",
            {"pricing_groups": [{"pricing_rules": rules("00:00-12:00", "11:00-24:00")}]},
            [("pricing_rules_overlap", "pricingGroups[0].pricingRules")],
        ),
        ("ONETIME", {"prices": [{"price": 1}], "use_pooling": True}, [("pooling_not_expected", "usePooling")]),
        ("ONETIME", {"prices": [{"price": 1}], "usage_cap": 5}, [("usage_cap_not_expected", "usageCap")]),
        (
            "USAGE",
            {"usage_prices": [{"pricing_model": "TIER_PRICE", "price_tiers": [OPEN_TIER]}], "use_pooling": True, "usage_cap": 5},
            [],
        ),
        ("RECURRING", {**FEE, **SELF_BILLED}, []),
        ("RECURRING", {**FEE, **GIVEN}, []),
        *((kind, {**FEE, **SELF_BILLED, **GIVEN}, PARTNER_OWES) for kind in ("ONETIME", "RECURRING", "QUANTITY")),
        ("COMMISSION", {"commission_percentage": 5, **SELF_BILLED, **GIVEN}, []),
    ],
)
def test_what_an_option_needs(kind: Any, given: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert codes(option_findings(kind, content(**given))) == expected


def a_plan(*phases: dict[str, Any], **more: Any) -> PlanContent:
    return validated(PlanContent, {"name": "Plan", "phases": [a_phase(**phase) for phase in phases], **more})


def a_phase(**more: Any) -> dict[str, Any]:
    return {"ident": "p-1", "name": "Phase", "billing_config": {"billing_interval": {"value": 1, "unit": "MONTH"}}, **more}


MONTH = {"value": 1, "unit": "MONTH"}


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (a_plan({}), []),
        (a_plan({}, initial_phase="p-2"), [("phase_unknown", "initialPhase")]),
        (a_plan({}, {}), [("phase_repeated", "phases[1].ident")]),
        (a_plan({"linked_options": [{"option_ident": "x"}]}), [("option_unknown", "phases[0].linkedOptions[0].optionIdent")]),
        (
            a_plan({"linked_options": [{"option_ident": "o"}, {"option_ident": "o"}]}),
            [("option_repeated", "phases[0].linkedOptions[1].optionIdent")],
        ),
        (
            a_plan({"linked_options": [{"option_ident": "o", "enable_for_all_contracts": True}]}),
            [("option_not_enableable", "phases[0].linkedOptions[0].enableForAllContracts")],
        ),
        (a_plan({}, type="PARTNER"), [("commission_option_missing", "phases")]),
        (a_plan({"linked_options": [{"option_ident": "c"}]}), [("commission_option_not_expected", "phases")]),
        (a_plan({"linked_options": [{"option_ident": "c"}]}, type="PARTNER"), []),
        (
            a_plan({"transition": {"type": "NEXT_PHASE", "to_phase": "p-9"}, "term_duration": MONTH}),
            [("phase_unknown", "phases[0].transitions[0].toPhase")],
        ),
        (
            a_plan({"transition": {"type": "NEXT_PHASE_AFTER_MULTIPLE_ITERATION", "to_phase": "p-1"}, "term_duration": MONTH}),
            [("counter_unclear", "phases[0].transitions[0].counter")],
        ),
        (a_plan({"transition": {"type": "AUTO_RENEWAL"}}), [("transition_without_end", "phases[0].transitions[0].type")]),
        (
            a_plan({"billing_config": {"billing_interval": MONTH, "delay_in_seconds": 5, "enforce_billing_period_sync": True}}),
            [
                ("delay_unclear", "phases[0].billingConfig.delayInSeconds"),
                ("sync_missing", "phases[0].billingConfig.enforceBillingPeriodSync"),
            ],
        ),
    ],
)
def test_what_a_plan_needs(plan: PlanContent, expected: list[tuple[str, str]]) -> None:
    assert codes(plan_findings(plan, {"o": "RECURRING", "c": "COMMISSION"})) == expected


def test_a_version_counts_from_the_first_period_that_begins_on_its_day() -> None:
    versions = [
        OptionVersion(valid_from=day, content=content(name=name)) for day, name in ((None, "1"), (dt.date(2026, 3, 15), "2"))
    ]
    option = Option(option_id=1, option_ident="o", type="RECURRING", status="FINAL", versions=tuple(versions))
    days = [dt.date(2026, 3, 1), dt.date(2026, 3, 15), dt.date(2026, 4, 1)]
    assert [version_at(option, day).content.name for day in days] == ["1", "2", "2"]


def test_the_most_specific_price_holds() -> None:
    everywhere, germany, site, south = (
        Price(price=D(n), criteria=criteria)
        for n, criteria in enumerate(
            (
                None,
                PriceCriteria(country="DE"),
                PriceCriteria(operating_site_ident="s-1"),
                PriceCriteria(country="DE", region="BY"),
            )
        )
    )
    prices = (everywhere, germany, site, south)
    assert price_at(prices, "FR", None, None) is everywhere
    assert price_at(prices, "DE", None, None) is germany
    assert price_at(prices, "DE", "BY", None) is south
    assert price_at(prices, "DE", "BY", "s-1") is site
    assert price_at((germany,), "FR", None, None) is None
    anywhere = Price(price=D(5), criteria=PriceCriteria(operating_site_ident="s-1"))
    assert price_at((south, anywhere), "DE", "BY", "s-1") is anywhere


def test_a_price_follows_its_index() -> None:
    values = [(dt.date(2025, 1, 1), D(100)), (dt.date(2026, 1, 1), D(103)), (dt.date(2027, 1, 1), D("106.5"))]
    start = dt.date(2025, 5, 1)
    days = [dt.date(2025, 12, 1), dt.date(2026, 1, 1), dt.date(2027, 6, 1)]
    assert [adapted(D("19.90"), values, start, day) for day in days] == [D("19.90"), D("20.497"), D("21.1935")]
    assert adapted(D("19.90"), values, dt.date(2026, 3, 1), dt.date(2027, 1, 1)) == D("19.90") * D("106.5") / D(103)
    assert adapted(D("19.90"), [], start, start) == D("19.90")
