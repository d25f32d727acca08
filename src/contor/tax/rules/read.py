"""Look at stored tax rules: the list, one of them, one of its variants."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.uow import Uow, not_found
from contor.tax.rules import tables
from contor.tax.rules.queries import RuleRow, VariantRow, rule_named, variants_of
from contor.tax.rules.types import TaxRuleVariantView, TaxRuleView

RULES: Final = searchable(
    tables.tax_rule,
    TaxRuleView,
    ("tax_rule_ident", "created_at", "last_modified_at"),
    default_sort="tax_rule_ident",
)


@dataclass(frozen=True, slots=True)
class ListRules:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneRule:
    tax_rule_ident: str


@dataclass(frozen=True, slots=True)
class OneVariant:
    tax_rule_ident: str
    tax_rule_variant_ident: str


@operation("tax_rule.list", permission="tax.read", reads=True)
def list_rules(uow: Uow, command: ListRules) -> Page:
    """Tax rules with their variants, by ident."""
    return listed(uow, tables.tax_rule, command.query, RULES, RuleRow, lambda rows: shown(uow, rows))


@operation("tax_rule.get", permission="tax.read", reads=True)
def get_rule(uow: Uow, command: OneRule) -> TaxRuleView:
    """One tax rule with its variants."""
    return rule_view(uow, command.tax_rule_ident)


@operation("tax_rule_variant.get", permission="tax.read", reads=True)
def get_variant(uow: Uow, command: OneVariant) -> TaxRuleVariantView:
    """One variant of a rule: what it says from a day on."""
    return variant_view(uow, command.tax_rule_ident, command.tax_rule_variant_ident)


def shown(uow: Uow, rows: Sequence[RuleRow]) -> list[TaxRuleView]:
    variants = variants_of(uow, [row.tax_rule_ident for row in rows])
    return [_rule(row, variants[row.tax_rule_ident]) for row in rows]


def rule_view(uow: Uow, ident: str) -> TaxRuleView:
    """Raises NOT_FOUND."""
    return shown(uow, [required_rule(uow, ident)])[0]


def required_rule(uow: Uow, ident: str, *, lock: bool = False) -> RuleRow:
    """Raises NOT_FOUND."""
    row = rule_named(uow, ident, lock=lock)
    if row is None:
        raise not_found("tax_rule", ident)
    return row


def variant_view(uow: Uow, rule: str, ident: str) -> TaxRuleVariantView:
    """Raises NOT_FOUND: of the rule, or of its variant."""
    required_rule(uow, rule)
    found = next((row for row in variants_of(uow, [rule])[rule] if row.tax_rule_variant_ident == ident), None)
    if found is None:
        raise not_found("tax_rule_variant", ident)
    return _variant(found)


def _rule(row: RuleRow, variants: Sequence[VariantRow]) -> TaxRuleView:
    said: Fields = row._asdict()
    return TaxRuleView(**said | {"tax_classifications": tuple(row.tax_classifications)}, variants=tuple(map(_variant, variants)))


def _variant(row: VariantRow) -> TaxRuleVariantView:
    said: Fields = row._asdict()
    del said["tax_rule_ident"]
    return TaxRuleVariantView(**said)
