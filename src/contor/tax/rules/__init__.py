"""A tenant's own tax rules: which tax a supply bears by who, what and where, each with its time line."""

from contor.kernel.codes import TaxCategory
from contor.tax.rules.match import NO_RULES, Conditions, Rule, Rules, Variant
from contor.tax.rules.queries import NONE, VERSION, rules_of
from contor.tax.rules.read import RULES, get_rule, get_variant, list_rules
from contor.tax.rules.types import TaxRuleView
from contor.tax.rules.used import mark_used, widened
from contor.tax.rules.variants import TAXED
from contor.tax.rules.write import add_variant, change_variant, create_rule, update_rule
from contor.tax.supply import ItemCategory

__all__ = [
    "NONE",
    "NO_RULES",
    "RULES",
    "TAXED",
    "VERSION",
    "Conditions",
    "ItemCategory",
    "Rule",
    "Rules",
    "TaxCategory",
    "TaxRuleView",
    "Variant",
    "add_variant",
    "change_variant",
    "create_rule",
    "get_rule",
    "get_variant",
    "list_rules",
    "mark_used",
    "rules_of",
    "update_rule",
    "widened",
]
