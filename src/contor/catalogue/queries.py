"""Read the catalogue as values."""

import datetime as dt
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

import msgspec

from contor.catalogue.types import Option, OptionContent, OptionVersion, Plan, PlanContent
from contor.runtime.uow import Uow

_READ_PLAN = msgspec.json.Decoder(PlanContent).decode
_READ_OPTION = msgspec.json.Decoder(OptionContent).decode


def plans_by_id(uow: Uow, ids: Collection[int]) -> dict[int, Plan]:
    rows = uow.rows(
        "SELECT plan_id, plan_ident, has_contracts, content::text AS content FROM plan WHERE plan_id = ANY (%s)", (sorted(ids),)
    )
    return {row.plan_id: plan_of(row) for row in rows}


def plan_of(row: Any) -> Plan:
    return Plan(plan_id=row.plan_id, plan_ident=row.plan_ident, content=_READ_PLAN(row.content), has_contracts=row.has_contracts)


def plan_by_ident(uow: Uow, ident: str) -> Plan | None:
    row = uow.row("SELECT plan_id, plan_ident, has_contracts, content::text AS content FROM plan WHERE plan_ident = %s", (ident,))
    return plan_of(row) if row else None


def options_by_ident(uow: Uow, idents: Iterable[str]) -> dict[str, Option]:
    """The options that exist, with all their versions."""
    wanted = (sorted(set(idents)),)
    versions: dict[str, list[OptionVersion]] = {}
    for row in uow.rows(
        "SELECT option_ident, valid_from, content::text AS content FROM plan_option_version WHERE option_ident = ANY (%s)"
        " ORDER BY option_ident, valid_from NULLS FIRST, number",
        wanted,
    ):
        versions.setdefault(row.option_ident, []).append(
            OptionVersion(valid_from=row.valid_from, content=_READ_OPTION(row.content))
        )
    return {
        row.option_ident: Option(
            option_id=row.option_id,
            option_ident=row.option_ident,
            type=row.type,
            status=row.status,
            versions=tuple(versions[row.option_ident]),
        )
        for row in uow.rows("SELECT option_id, option_ident, type, status FROM plan_option WHERE option_ident = ANY (%s)", wanted)
    }


def adaptation_values(uow: Uow, idents: Iterable[str]) -> dict[str, tuple[tuple[dt.date, Decimal], ...]]:
    """The index values of price adaptations, in the order of their days."""
    found: dict[str, list[tuple[dt.date, Decimal]]] = {}
    for row in uow.rows(
        'SELECT price_adaptation_ident AS ident, "date", value FROM price_adaptation_value WHERE price_adaptation_ident = ANY (%s)'
        ' ORDER BY ident, "date"',
        (sorted(set(idents)),),
    ):
        found.setdefault(row.ident, []).append((row.date, row.value))
    return {ident: tuple(values) for ident, values in found.items()}
