"""Read stored tax rules: all of them for a determination, kept by the process as long as nobody changes them."""

import datetime as dt
import weakref
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.runtime.rows import columns
from contor.runtime.uow import Installation, Uow
from contor.tax.rules.match import NO_RULES, Conditions, Rule, Rules, Variant

VERSION: Final = (
    "SELECT coalesce(sum(hash_record_extended(ROW(ctid, xmin), nr)), 0)::text AS version FROM ("
    "SELECT ctid, xmin, 0 AS nr FROM tax_rule UNION ALL SELECT ctid, xmin, 1 AS nr FROM tax_rule_variant) rows"
)
"""SQL: which rows the rules are made of, as for the tenant's settings (`contor.settings.queries.VERSION`)."""
NONE: Final = "0"
"""The version where there are no rules."""
MOST_KEPT: Final = 500
"""Tenants whose rules one process keeps."""

_Kept = dict[int, tuple[str, Rules]]
_KEPT: "weakref.WeakKeyDictionary[Installation, _Kept]" = weakref.WeakKeyDictionary()


class RuleRow(NamedTuple):
    tax_rule_ident: str
    country: str | None
    region: str | None
    customer_type: str | None
    vat_id_present: bool | None
    item_category: str | None
    tax_classifications: Sequence[str]
    product_tax_code: str | None
    tax_scheme: str | None
    operating_site_ident: str | None
    enabled: bool
    created_at: dt.datetime
    last_modified_at: dt.datetime

    def conditions(self) -> Conditions:
        """What it asks for."""
        return Conditions(*self[1:6], tuple(self.tax_classifications), *self[7:10])


class _VariantFields(NamedTuple):
    tax_rule_ident: str
    tax_rule_variant_ident: str
    applicable_from: dt.date
    tax_rate: Decimal
    tax_category_code: str
    tax_code: str | None
    tax_name: str | None
    tax_exemption_ident: str | None
    tax_exemption_reason: str | None


class VariantRow(NamedTuple):
    tax_rule_ident: str
    tax_rule_variant_ident: str
    applicable_from: dt.date
    tax_rate: Decimal
    tax_category_code: str
    tax_code: str | None
    tax_name: str | None
    tax_exemption_ident: str | None
    tax_exemption_reason: str | None
    used_from: dt.date | None
    used_until: dt.date | None


_VARIANTS: Final = (
    f"SELECT {columns(_VariantFields, 'v')}, u.used_from, u.used_until FROM tax_rule_variant v LEFT JOIN tax_rule_use u"
    " ON u.tenant_id = v.tenant_id AND u.tax_rule_ident = v.tax_rule_ident AND u.tax_rule_variant_ident = v.tax_rule_variant_ident"
)


def rules_of(uow: Uow, version: str | None = None) -> Rules:
    """The tenant's rules that are enabled, and every variant by its path, as they are now. `version`: as it was read just now."""
    version = uow.scalar(str, VERSION) or NONE if version is None else version
    if version == NONE:
        return NO_RULES
    kept, tenant = _KEPT.setdefault(uow.runtime, {}), uow.ctx.tenant_id
    known = kept.get(tenant)
    if known is not None and known[0] == version:
        return known[1]
    made = rules_now(uow)
    if uow.scalar(str, VERSION) == version:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[tenant] = (version, made)
    return made


def rules_now(uow: Uow) -> Rules:
    """As the tables say."""
    variants: dict[str, list[Variant]] = {}
    for row in uow.all(VariantRow, f"{_VARIANTS} ORDER BY v.tax_rule_ident, v.applicable_from"):
        variants.setdefault(row.tax_rule_ident, []).append(Variant(*row[:9])._replace(rate=_shown(row.tax_rate)))
    rows = uow.all(RuleRow, f"SELECT {columns(RuleRow)} FROM tax_rule")
    return Rules(
        (Rule(row.tax_rule_ident, row.conditions(), variants.get(row.tax_rule_ident, ())) for row in rows if row.enabled),
        (variant for row in rows if not row.enabled for variant in variants.get(row.tax_rule_ident, ())),
    )


def _shown(rate: Decimal) -> Decimal:
    """As it was said: the database keeps four decimals of each."""
    return rate.normalize() + 0


def variants_of(uow: Uow, rules: Collection[str]) -> dict[str, list[VariantRow]]:
    """The variants of rules, by the days from which they hold."""
    found: dict[str, list[VariantRow]] = {ident: [] for ident in rules}
    sql = f"{_VARIANTS} WHERE v.tax_rule_ident = ANY (%s) ORDER BY v.tax_rule_ident, v.applicable_from"
    for row in uow.all(VariantRow, sql, (sorted(rules),)):
        found[row.tax_rule_ident].append(row._replace(tax_rate=_shown(row.tax_rate)))
    return found


def rule_named(uow: Uow, ident: str, *, lock: bool = False) -> RuleRow | None:
    sql = f"SELECT {columns(RuleRow)} FROM tax_rule WHERE tax_rule_ident = %s{' FOR UPDATE' if lock else ''}"
    return uow.first(RuleRow, sql, (ident,))


def like(uow: Uow, conditions: Conditions, but: str) -> list[RuleRow]:
    """The enabled rules, without one, that ask for the same category and customers: among them are all that it could meet."""
    return uow.all(
        RuleRow,
        f"SELECT {columns(RuleRow)} FROM tax_rule WHERE enabled AND tax_rule_ident <> %s AND (country IS NULL) = %s"
        " AND item_category IS NOT DISTINCT FROM %s AND customer_type IS NOT DISTINCT FROM %s",
        (but, conditions.country is None, conditions.item_category, conditions.customer_type),
    )
