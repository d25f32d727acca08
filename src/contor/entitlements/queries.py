"""Read features, what contracts have of them, and what is known of their days."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from contor.entitlements import tables
from contor.entitlements.types import Feature, FeatureStatus, FeatureType, Override, Source
from contor.runtime.query.numbered import Numbered
from contor.runtime.query.reading import rare
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

ANY_FEATURE: Final = rare("feature")
NUMBERED: Final = Numbered("feature", tables.feature, number="feature_id")


class _FeatureRow(NamedTuple):
    ident: str
    name: str
    type: FeatureType
    status: FeatureStatus
    unit: str | None
    choices: list[Mapping[str, str | None]]
    minimum: Decimal | None
    maximum: Decimal | None
    may_be_unlimited: bool


def features_by_ident(uow: Uow, idents: Collection[str]) -> dict[str, Feature]:
    """Those that exist."""
    if not idents:
        return {}
    sql = f"SELECT {columns(_FeatureRow)} FROM feature WHERE ident = ANY (%s)"
    return {
        row.ident: Feature(*row[:5], tuple([str(one["value"]) for one in row.choices]), *row[6:])
        for row in uow.all(_FeatureRow, sql, (sorted(idents),))
    }


def known_features(uow: Uow, idents: Collection[str]) -> frozenset[str]:
    """Those of the idents that are features."""
    return frozenset(uow.column(str, "SELECT ident FROM feature WHERE ident = ANY (%s)", (sorted(set(idents)),)))


class Assigned(NamedTuple):
    """What a plan, an option or a product gives of an active feature."""

    ident: str
    feature_ident: str
    value: str


Assignable = Literal["PLAN", "OPTION", "PRODUCT"]


def assigned_to(uow: Uow, source: Assignable, idents: Collection[str]) -> dict[str, dict[str, str]]:
    """By plan, option or product: feature, value, of the features that are active."""
    found: dict[str, dict[str, str]] = {ident: {} for ident in idents}
    if idents:
        name = source.lower()
        sql = (
            f"SELECT a.{name}_ident AS ident, a.feature_ident, a.value FROM {name}_feature a"
            " JOIN feature f ON f.tenant_id = a.tenant_id AND f.ident = a.feature_ident"
            f" WHERE a.{name}_ident = ANY (%s) AND f.status = 'ACTIVE'"
        )
        for row in uow.all(Assigned, sql, (sorted(idents),)):
            found[row.ident][row.feature_ident] = row.value
    return found


class Assignment(NamedTuple):
    """What something gives of a feature."""

    feature_ident: str
    type: FeatureType
    value: str


def assignments_of(uow: Uow, source: Assignable, ident: str) -> list[Assignment]:
    """What one plan, option or product gives, by the idents of the features, drafts and archived ones too."""
    name = source.lower()
    sql = (
        f"SELECT a.feature_ident, f.type, a.value FROM {name}_feature a"
        " JOIN feature f ON f.tenant_id = a.tenant_id AND f.ident = a.feature_ident"
        f" WHERE a.{name}_ident = %s ORDER BY a.feature_ident"
    )
    return uow.all(Assignment, sql, (ident,))


def assigned_values(uow: Uow, feature_ident: str) -> list[str]:
    """What plans, options and products give of a feature."""
    sql = (
        "SELECT value FROM plan_feature WHERE feature_ident = %(ident)s"
        " UNION SELECT value FROM option_feature WHERE feature_ident = %(ident)s"
        " UNION SELECT value FROM product_feature WHERE feature_ident = %(ident)s"
    )
    return uow.column(str, sql, {"ident": feature_ident})


class _Counted(NamedTuple):
    ident: str
    plans: int
    options: int
    products: int
    contracts: int


class Uses(NamedTuple):
    """How often a feature is assigned, and how many contracts have something of it now."""

    plans: int = 0
    options: int = 0
    products: int = 0
    contracts: int = 0


def uses_of(uow: Uow, idents: Collection[str]) -> dict[str, Uses]:
    """Of each feature."""
    sql = (
        "SELECT f.ident, (SELECT count(*) FROM plan_feature p WHERE p.tenant_id = f.tenant_id AND p.feature_ident = f.ident) AS plans,"
        " (SELECT count(*) FROM option_feature o WHERE o.tenant_id = f.tenant_id AND o.feature_ident = f.ident) AS options,"
        " (SELECT count(*) FROM product_feature p WHERE p.tenant_id = f.tenant_id AND p.feature_ident = f.ident) AS products,"
        " (SELECT count(*) FROM entitlement e WHERE e.tenant_id = f.tenant_id AND e.feature_ident = f.ident"
        " AND e.valid_from <= %(now)s AND e.valid_until > %(now)s) AS contracts FROM feature f WHERE f.ident = ANY (%(idents)s)"
    )
    rows = uow.all(_Counted, sql, {"now": uow.ctx.now(), "idents": sorted(idents)})
    return {row.ident: Uses(*row[1:]) for row in rows}


class CopiedRow(NamedTuple):
    """A row of `contract_feature`."""

    contract_ident: str
    source: Source
    source_ident: str
    given: Mapping[str, str]


def copied_to(uow: Uow, contract_idents: Collection[str]) -> dict[str, dict[tuple[Source, str], Mapping[str, str]]]:
    """What plans and options gave contracts, by contract; one that has nothing of any is not there."""
    found: dict[str, dict[tuple[Source, str], Mapping[str, str]]] = defaultdict(dict)
    if contract_idents:
        sql = f"SELECT {columns(CopiedRow)} FROM contract_feature WHERE contract_ident = ANY (%s)"
        for row in uow.all(CopiedRow, sql, (sorted(contract_idents),)):
            found[row.contract_ident][row.source, row.source_ident] = row.given
    return dict(found)


def overrides_of(uow: Uow, contract_idents: Collection[str]) -> dict[str, list[Override]]:
    """What was said of contracts alone, by contract."""
    found: dict[str, list[Override]] = defaultdict(list)
    if contract_idents:
        sql = f"SELECT {columns(Override)} FROM entitlement_override WHERE contract_ident = ANY (%s)"
        for row in uow.all(Override, sql, (sorted(contract_idents),)):
            found[row.contract_ident].append(row)
    return found


class SpanRow(NamedTuple):
    """A row of `entitlement`."""

    entitlement_id: int
    contract_ident: str
    feature_ident: str
    value: str
    source: Source
    source_ident: str
    valid_from: dt.datetime
    valid_until: dt.datetime


def spans_after(uow: Uow, contract_idents: Collection[str], instant: dt.datetime) -> list[SpanRow]:
    """What contracts give at an instant, and what is known of later."""
    if not contract_idents:
        return []
    sql = f"SELECT {columns(SpanRow)} FROM entitlement WHERE contract_ident = ANY (%s) AND valid_until > %s ORDER BY entitlement_id"
    return uow.all(SpanRow, sql, (sorted(contract_idents), instant))
