"""Which stored rule a supply falls under. Pure.

The most specific rule wins: the one that asks for most; of as many, the one that asks for what stands first in `ORDER`; then by ident.
Rules of the same conditions are found by one look into a table, so what a supply costs depends on how many kinds of rules there are, not
on how many rules. Source: books reference 1.1.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.tax.supply import Supply, law_of

ORDER: Final = (
    "country",
    "region",
    "customer_type",
    "vat_id_present",
    "item_category",
    "tax_classifications",
    "product_tax_code",
    "tax_scheme",
    "operating_site_ident",
)
"""The conditions, the weightiest first."""
_BUSINESS: Final = frozenset({"B2B", "AFFILIATED"})


class Conditions(NamedTuple):
    """Of a rule; None, and no classification: it does not ask for that."""

    country: str | None = None
    region: str | None = None
    customer_type: str | None = None
    vat_id_present: bool | None = None
    item_category: str | None = None
    tax_classifications: Sequence[str] = ()
    product_tax_code: str | None = None
    tax_scheme: str | None = None
    operating_site_ident: str | None = None

    def asked(self) -> tuple[bool, ...]:
        """Of each condition in `ORDER` whether it is asked for."""
        return tuple([value is not None and value not in ((), []) for value in self])


class Variant(NamedTuple):
    """What a rule says from a day on."""

    rule_ident: str
    ident: str
    applicable_from: dt.date
    rate: Decimal
    category_code: str
    code: str | None = None
    name: str | None = None
    exemption_code: str | None = None
    exemption_reason: str | None = None

    @property
    def path(self) -> str:
        """By which documents name it."""
        return f"{self.rule_ident}/{self.ident}"


class Rule(NamedTuple):
    ident: str
    conditions: Conditions
    variants: Sequence[Variant]
    """By their days."""

    def on(self, day: dt.date) -> Variant | None:
        """What it says on a day; None: nothing yet."""
        place = bisect_right(self.variants, day, key=lambda variant: variant.applicable_from)
        return self.variants[place - 1] if place else None


class Rules:
    """A tenant's rules, ready to be asked."""

    __slots__ = ("_by_ident", "_kinds", "_rated", "by_path")

    def __init__(self, rules: Iterable[Rule] = (), further: Iterable[Variant] = ()) -> None:
        """`further`: variants of rules that hold for nothing any more, which documents may name."""
        kinds: dict[tuple[bool, ...], dict[tuple[object, ...], list[Rule]]] = {}
        self.by_path: dict[str, Variant] = {variant.path: variant for variant in further}
        rated: dict[object, list[Rule]] = {}
        self._by_ident = {rule.ident: rule for rule in rules}
        for rule in sorted(self._by_ident.values(), key=lambda rule: rule.ident):
            self.by_path.update({variant.path: variant for variant in rule.variants})
            country = rule.conditions.country
            rated.setdefault(None if country is None else law_of(country), []).append(rule)
            table = kinds.setdefault(rule.conditions.asked(), {})
            for key in _keys(rule.conditions):
                table.setdefault(key, []).append(rule)
        ordered = sorted(kinds.items(), key=lambda kind: rank(kind[0]))
        self._kinds = [(_reader(asked), table) for asked, table in ordered]
        self._rated = rated

    def __bool__(self) -> bool:
        return bool(self._kinds)

    def of(self, supply: Supply) -> Variant | None:
        """What the most specific rule says that a supply falls under; None: no rule says anything of it."""
        for keys_of, table in self._kinds:
            found = [rule for key in keys_of(supply) for rule in table.get(key, ())]
            # more than one only where a customer has several classifications
            for rule in sorted(found, key=lambda rule: rule.ident) if len(found) > 1 else found:
                if (variant := rule.on(supply.day)) is not None and _may_hold(variant, supply):
                    return variant
        return None

    def on(self, path: str, day: dt.date) -> Variant | None:
        """What the rule of a variant says on a day; None: nothing, or nothing any more."""
        variant = self.by_path.get(path)
        rule = None if variant is None else self._by_ident.get(variant.rule_ident)
        return None if rule is None else rule.on(day)

    def rates(self, countries: Iterable[str]) -> frozenset[Decimal]:
        """All rates that rules for one of the countries, or for all, say of any day."""
        return frozenset(variant.rate for rule in self._for(countries) for variant in rule.variants if variant.category_code == "S")

    def has_rate(self, rate: Decimal, countries: Iterable[str], days: Iterable[dt.date]) -> bool:
        """Whether a rule for one of the countries, or for all, says a rate on one of the days."""
        found = ((rule, day) for rule in self._for(countries) for day in days)
        return any((said := rule.on(day)) is not None and (said.rate, said.category_code) == (rate, "S") for rule, day in found)

    def _for(self, countries: Iterable[str]) -> list[Rule]:
        return [rule for country in {None, *map(law_of, countries)} for rule in self._rated.get(country, ())]


NO_RULES: Final = Rules()


def rank(asked: Sequence[bool]) -> tuple[int, tuple[bool, ...]]:
    """By which the most specific conditions come first."""
    return -sum(asked), tuple([not one for one in asked])


def overlap(one: Conditions, other: Conditions) -> bool:
    """Whether two rules are of equal rank for some supply by what they ask for themselves: the same conditions, the same values. (Of those
    that ask for different classifications a customer may have both: then the ident decides.)"""
    if one.asked() != other.asked():
        return False
    return not set(_keys(one)).isdisjoint(_keys(other))


# helpers in calling order


def _may_hold(variant: Variant, supply: Supply) -> bool:
    """Who shows no tax (section 19 UStG) would owe what a rule shows (section 14c UStG), what is no taxable supply at all stays that, and
    who is exempt stays so: rules may give these their reason, and nothing that bears tax."""
    if supply.tax_code == "NOT_TAXABLE":
        return variant.category_code == "O"
    if supply.small_business:
        return variant.category_code in ("E", "O")
    return supply.exemption is None or variant.rate <= 0


def _keys(conditions: Conditions) -> list[tuple[object, ...]]:
    """By which a rule is found: one for each classification."""
    plain = {
        name: _plain(name, value) for name, value in zip(ORDER, conditions, strict=True) if value is not None and name != _CLASSES
    }
    classes = tuple(conditions.tax_classifications)
    named = [{**plain, _CLASSES: one} for one in classes] if classes else [plain]
    return [tuple([fields[name] for name in ORDER if name in fields]) for fields in named]


_CLASSES: Final = "tax_classifications"


def _plain(name: str, value: object) -> object:
    """As it is looked for: the country by whose law it is taxed, a region in small letters."""
    if name == "country":
        return law_of(str(value))
    return str(value).casefold() if name == "region" else value


_VALUES: Final[Mapping[str, Callable[[Supply], object]]] = {
    "country": lambda supply: supply.law_of_place,
    "region": lambda supply: (supply.region or "").casefold(),
    "customer_type": lambda supply: "B2B" if supply.customer_type in _BUSINESS else supply.customer_type or "NONE",
    "vat_id_present": lambda supply: supply.has_vat_id,
    "item_category": lambda supply: supply.category,
    "product_tax_code": lambda supply: supply.tax_code,
    "tax_scheme": lambda supply: supply.tax_scheme,
    "operating_site_ident": lambda supply: supply.operating_site,
}


def _reader(asked: Sequence[bool]) -> Callable[[Supply], list[tuple[object, ...]]]:
    """What makes the keys of a supply for rules of these conditions."""
    names = [name for name, wanted in zip(ORDER, asked, strict=True) if wanted]
    if _CLASSES not in names:
        values = [_VALUES[name] for name in names]
        return lambda supply: [tuple([value(supply) for value in values])]
    at = names.index(_CLASSES)
    before, after = [_VALUES[name] for name in names[:at]], [_VALUES[name] for name in names[at + 1 :]]

    def keys(supply: Supply) -> list[tuple[object, ...]]:
        first, last = tuple([value(supply) for value in before]), tuple([value(supply) for value in after])
        return [(*first, one, *last) for one in sorted(supply.classifications)]

    return keys
