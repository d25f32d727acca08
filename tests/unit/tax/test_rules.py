"""Which rule a supply falls under, what it says of its day, and what the law says where no rule does."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contor.tax.decide import decide
from contor.tax.rules import Conditions, Rule, Rules, Variant
from contor.tax.rules.match import ORDER, overlap, rank
from contor.tax.supply import Supply

DAY = dt.date(2026, 5, 31)
HERE = Supply(
    seller_country="DE",
    small_business=False,
    customer_type="B2B",
    customer_vat_id="DE811907980",
    country="DE",
    tax_code="STANDARD",
    tax_scheme="DEFAULT",
    category="SERVICE",
    day=DAY,
    classifications=frozenset({"BUILDER", "RESELLER"}),
    operating_site="hamburg",
    region="Hamburg",
)
ALL = Conditions("DE", "HAMBURG", "B2B", True, "SERVICE", ("BUILDER",), "STANDARD", "DEFAULT", "hamburg")
"""What `HERE` is, as conditions."""


def a_rule(ident: str, conditions: Conditions, *said: tuple[str, str, str]) -> Rule:
    """`said`: (from when on, rate, category)."""
    variants = [
        Variant(ident, f"v-{n}", dt.date.fromisoformat(since), Decimal(rate), category)
        for n, (since, rate, category) in enumerate(said or (("2000-01-01", "1", "S"),), 1)
    ]
    return Rule(ident, conditions, variants)


def only(*names: str) -> Conditions:
    """Those of `HERE`, and of these alone."""
    return Conditions(**{name: getattr(ALL, name) for name in names})


def chosen(supply: Supply, *rules: Rule) -> str | None:
    found = Rules(rules).of(supply)
    return None if found is None else found.rule_ident


def test_conditions_are_in_the_order_in_which_they_count() -> None:
    assert Conditions._fields == ORDER


@pytest.mark.parametrize("names", [pair for n in (1, 2, 8, 9) for pair in itertools.combinations(ORDER, n)], ids=" ".join)
def test_more_conditions_win_over_fewer_and_of_as_many_the_earlier_ones(names: tuple[str, ...]) -> None:
    mine = a_rule("mine", only(*names))
    assert chosen(HERE, mine) == "mine"
    for fewer in itertools.combinations(ORDER, len(names) - 1):
        assert chosen(HERE, a_rule("a", only(*fewer)), mine) == "mine"
    for others in itertools.combinations(ORDER, len(names)):
        if others == names:
            continue
        places, theirs = ([ORDER.index(name) for name in said] for said in (names, others))
        expected = "mine" if places < theirs else "a"
        assert chosen(HERE, a_rule("a", only(*others)), mine) == expected


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("country", "AT"),
        ("region", "Bremen"),
        ("customer_type", "B2C"),
        ("customer_type", "NONE"),
        ("vat_id_present", False),
        ("item_category", "VOUCHER"),
        ("tax_classifications", ("ELSE",)),
        ("product_tax_code", "REDUCED"),
        ("tax_scheme", "OSS"),
        ("operating_site_ident", "bremen"),
    ],
)
def test_a_condition_that_is_not_met_keeps_the_rule_away(name: str, other: Any) -> None:
    assert chosen(HERE, a_rule("r", only(name))) == "r"
    assert chosen(HERE, a_rule("r", only(name)._replace(**{name: other}))) is None


@pytest.mark.parametrize(
    ("vat_id", "valid", "has"),
    [("DE811907980", None, True), ("DE811907980", True, True), ("DE811907980", False, False), (None, None, False)],
)
def test_a_vat_id_counts_unless_it_is_known_to_be_invalid(vat_id: str | None, valid: bool | None, has: bool) -> None:
    supply = HERE._replace(customer_vat_id=vat_id, vat_id_valid=valid)
    rules = a_rule("with", Conditions(vat_id_present=True)), a_rule("without", Conditions(vat_id_present=False))
    assert chosen(supply, *rules) == ("with" if has else "without")


@pytest.mark.parametrize(("kind", "condition"), [("B2B", "B2B"), ("AFFILIATED", "B2B"), ("B2C", "B2C"), (None, "NONE")])
def test_the_kinds_of_customers(kind: str | None, condition: str) -> None:
    rules = [a_rule(name, Conditions(customer_type=name)) for name in ("B2B", "B2C", "NONE")]
    assert chosen(HERE._replace(customer_type=kind), *rules) == condition


def test_of_a_customer_with_several_classifications_the_ident_decides() -> None:
    rules = [a_rule(ident, Conditions(tax_classifications=(name,))) for ident, name in (("b", "BUILDER"), ("a", "RESELLER"))]
    assert chosen(HERE, *rules) == "a"
    assert not overlap(rules[0].conditions, rules[1].conditions)


@pytest.mark.parametrize(
    ("country", "postal_code", "category", "found"),
    [
        ("DE", "20457", "SERVICE", "DE"),
        ("DE", "78266", "PHYSICAL_PRODUCT", None),  # Büsingen is none of the Union's territory
        ("ES", "35001", "SERVICE", "IC"),
        ("MC", "98000", "SERVICE", "FR"),
        ("GB", "BT1 1AA", "PHYSICAL_PRODUCT", "XI"),
    ],
)
def test_a_rule_for_a_country_is_one_for_its_law(country: str, postal_code: str, category: str, found: str | None) -> None:
    rules = [a_rule(name, Conditions(country=name)) for name in ("DE", "ES", "FR", "GB", "IC", "XI")]
    assert chosen(HERE._replace(country=country, postal_code=postal_code, category=category, region=None), *rules) == found


def test_what_a_rule_does_not_say_yet_others_say() -> None:
    line = a_rule("line", only("country", "item_category"), ("2020-07-01", "16", "S"), ("2021-01-01", "19", "S"))
    wide = a_rule("wide", only("country"), ("2019-01-01", "18", "S"))
    days = ("2018-12-31", "2019-01-01", "2020-06-30", "2020-07-01", "2020-12-31", "2021-01-01", "2099-01-01")
    rules = Rules([line, wide])
    said = [rules.of(HERE._replace(day=dt.date.fromisoformat(day))) for day in days]
    assert [one and f"{one.path} {one.rate}" for one in said] == [
        None,
        "wide/v-1 18",
        "wide/v-1 18",
        "line/v-1 16",
        "line/v-1 16",
        "line/v-2 19",
        "line/v-2 19",
    ]


AE = ("2000-01-01", "0", "AE")
AT, FR, US = ({"country": country} for country in ("AT", "FR", "US"))
ATU, NO_ID = {"customer_vat_id": "ATU62500000"}, {"customer_vat_id": None, "customer_type": "B2C"}
GOODS = {"category": "PHYSICAL_PRODUCT"}


@pytest.mark.parametrize(
    ("case", "supply", "by_law", "conditions", "said", "by_rule"),
    [
        ("domestic § 13b", {}, "19 S", {"item_category": "SERVICE", "customer_type": "B2B"}, AE, "0 AE"),
        ("EU B2B service", AT | ATU, "0 AE", {"country": "AT", "vat_id_present": True}, ("2000-01-01", "20", "S"), "20 S"),
        ("intra-community goods", AT | ATU | GOODS, "0 K", {"country": "AT"}, ("2000-01-01", "10", "S"), "10 S"),
        ("export", US | GOODS, "0 G", {"country": "US", "item_category": "PHYSICAL_PRODUCT"}, ("2000-01-01", "0", "O"), "0 O"),
        ("§ 19", {"small_business": True}, "0 E", {"operating_site_ident": "hamburg"}, ("2000-01-01", "0", "E"), "0 E"),
        ("§ 19, a rule with tax", {"small_business": True}, "0 E", {"country": "DE"}, ("2000-01-01", "19", "S"), "0 E"),
        ("§ 4", {"exemption": ("VATEX-EU-132", None)}, "0 E", {"country": "DE"}, ("2000-01-01", "0", "E"), "0 E"),
        ("§ 4, a rule with tax", {"exemption": ("VATEX-EU-132", None)}, "0 E", {"country": "DE"}, ("2000-01-01", "19", "S"), "0 E"),
        ("§ 4 by the product", {"tax_code": "EXEMPT"}, None, {"product_tax_code": "EXEMPT"}, ("2000-01-01", "0", "E"), "0 E"),
        ("OSS", FR | NO_ID | GOODS | {"tax_scheme": "OSS"}, "20 S", {"tax_scheme": "OSS"}, ("2000-01-01", "5.5", "S"), "5.5 S"),
        ("no OSS", FR | NO_ID | GOODS, "19 S", {"country": "FR"}, ("2000-01-01", "20", "S"), "20 S"),
        ("outside scope", {"tax_code": "NOT_TAXABLE"}, "0 O", {"product_tax_code": "NOT_TAXABLE"}, ("2000-01-01", "0", "O"), "0 O"),
        ("outside scope, with tax", {"tax_code": "NOT_TAXABLE"}, "0 O", {"country": "DE"}, ("2000-01-01", "19", "S"), "0 O"),
        ("service to a third country", US, "0 O", {"country": "US"}, ("2000-01-01", "0", "Z"), "0 Z"),
        ("reduced", {"tax_code": "REDUCED"}, "7 S", {"product_tax_code": "REDUCED"}, ("2000-01-01", "5", "S"), "5 S"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_each_case_of_the_law_with_a_rule_and_without(
    case: str, supply: dict[str, Any], by_law: str | None, conditions: dict[str, Any], said: tuple[str, str, str], by_rule: str
) -> None:
    asked = HERE._replace(region=None, **supply)
    (law,) = decide([asked], Rules())
    assert (None if law.problem else f"{law.rate:f} {law.category_code}") == by_law, case
    (ruled,) = decide([asked], Rules([a_rule("r", Conditions(**conditions), said)]))
    assert (ruled.problem, f"{ruled.rate:f} {ruled.category_code}") == (None, by_rule), case
    assert ruled.determined_by == (None if "with tax" in case or "a rule with tax" in case else "r/v-1"), case


@given(st.lists(st.sampled_from(sorted(itertools.product([False, True], repeat=len(ORDER)))), min_size=1, max_size=12, unique=True))
def test_whatever_rules_there_are_the_most_specific_one_wins(kinds: list[tuple[bool, ...]]) -> None:
    rules = [
        a_rule(f"r-{n}", only(*(name for name, wanted in zip(ORDER, kind, strict=True) if wanted))) for n, kind in enumerate(kinds)
    ]
    best = min(range(len(kinds)), key=lambda n: (-sum(kinds[n]), [not one for one in kinds[n]]))
    assert chosen(HERE, *rules) == f"r-{best}"
    assert sorted(kinds, key=rank)[0] == kinds[best]


def test_many_supplies_are_decided_as_each_alone() -> None:
    rules = Rules([a_rule("de", only("country")), a_rule("b2c", Conditions(customer_type="B2C"))])
    supplies = [HERE, HERE._replace(customer_type="B2C"), HERE._replace(country="AT"), HERE]
    assert decide(supplies, rules) == [decide([one], rules)[0] for one in supplies]


def test_what_documents_name_is_found_though_its_rule_holds_no_more() -> None:
    rule = a_rule("gone", only("country"), ("2026-01-01", "19", "S"), ("2026-06-01", "20", "S"))
    rules = Rules([], rule.variants)
    assert chosen(HERE) is None
    assert rules.by_path["gone/v-2"].rate == 20
    assert rules.on("gone/v-1", DAY) is None
    held = Rules([rule]).on("gone/v-1", dt.date(2026, 6, 1))
    assert held is not None and held.path == "gone/v-2"


@pytest.mark.parametrize(
    ("rate", "country", "day", "has"),
    [
        ("1", "DE", "2026-01-01", True),
        ("1", "AT", "2026-01-01", False),
        ("2", "DE", "2026-01-01", False),
        ("1", "DE", "1999-12-31", False),
    ],
)
def test_which_rates_the_rules_of_a_country_have(rate: str, country: str, day: str, has: bool) -> None:
    rules = Rules([a_rule("r", Conditions(country="DE"))])
    assert rules.has_rate(Decimal(rate), [country], [dt.date.fromisoformat(day)]) is has
    assert rules.rates(["DE"]) == {Decimal(1)}
