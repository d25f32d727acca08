"""What must always hold of stored tax rules."""

from collections.abc import Iterable

from contor.kernel.checks import check
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.tax.rules.match import overlap
from contor.tax.rules.queries import RuleRow


@check("tax.no_two_rules_are_of_equal_rank")
def unambiguous(uow: Uow) -> Iterable[str]:
    """Of the enabled rules no two ask for the same."""
    rows = uow.all(RuleRow, f"SELECT {columns(RuleRow)} FROM tax_rule WHERE enabled ORDER BY tax_rule_ident")
    seen: dict[object, list[RuleRow]] = {}
    for row in rows:
        alike = seen.setdefault((row.country is None, row.item_category, row.customer_type), [])
        yield from (
            f"tax rules {one.tax_rule_ident} and {row.tax_rule_ident} ask for the same"
            for one in alike
            if overlap(one.conditions(), row.conditions())
        )
        alike.append(row)


@check("tax.every_rule_says_something")
def said(uow: Uow) -> Iterable[str]:
    """A rule has a variant, and what decided something had begun by then."""
    for ident in uow.column(
        str,
        "SELECT tax_rule_ident FROM tax_rule r"
        " WHERE NOT EXISTS (SELECT 1 FROM tax_rule_variant v WHERE v.tax_rule_ident = r.tax_rule_ident)",
    ):
        yield f"tax rule {ident} has no variant"
    for ident in uow.column(
        str,
        "SELECT u.tax_rule_ident FROM tax_rule_use u JOIN tax_rule_variant v ON v.tenant_id = u.tenant_id"
        " AND v.tax_rule_ident = u.tax_rule_ident AND v.tax_rule_variant_ident = u.tax_rule_variant_ident"
        " WHERE u.used_from < v.applicable_from",
    ):
        yield f"tax rule {ident} decided of a day on which its variant did not hold yet"
