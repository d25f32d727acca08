"""Read the catalogue as values."""

import datetime as dt
from collections.abc import Collection, Iterable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

import msgspec

from contor.catalogue import tables
from contor.catalogue.types import Option, OptionContent, OptionStatus, OptionType, OptionVersion, Plan, PlanContent
from contor.runtime.query import Expression, FilterField, elsewhere
from contor.runtime.query.numbered import Numbered
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

OPTIONS_NUMBERED = Numbered("plan_option", tables.plan_option, "option_ident", "option_id")
_READ_PLAN = msgspec.json.Decoder(PlanContent).decode
_READ_OPTION = msgspec.json.Decoder(OptionContent).decode


class PlanRow(NamedTuple):
    """A row of `plan`, its content as JSON text, which is decoded once, into its own shape."""

    plan_id: int
    plan_ident: str
    has_contracts: bool
    content: str


class OptionRow(NamedTuple):
    option_id: int
    option_ident: str
    type: OptionType
    status: OptionStatus


class VersionRow(NamedTuple):
    """A row of `plan_option_version`, its content as JSON text."""

    option_ident: str
    valid_from: dt.date | None
    content: str


class ValueRow(NamedTuple):
    """From when on a price adaptation's index has a value."""

    ident: str
    date: dt.date
    value: Decimal


_PLANS = "SELECT plan_id, plan_ident, has_contracts, content::text AS content FROM plan"


def plans_by_id(uow: Uow, ids: Collection[int]) -> dict[int, Plan]:
    return {row.plan_id: _plan(*row) for row in uow.all(PlanRow, f"{_PLANS} WHERE plan_id = ANY (%s)", (sorted(ids),))}


def plan_by_id(uow: Uow, plan_id: int, *, lock: bool = False) -> Plan | None:
    row = uow.first(PlanRow, f"{_PLANS} WHERE plan_id = %s{' FOR UPDATE' if lock else ''}", (plan_id,))
    return _plan(*row) if row else None


# the text belongs to the key: a changed plan is another object
@lru_cache(maxsize=1024)
def _plan(plan_id: int, ident: str, has_contracts: bool, content: str) -> Plan:
    """The same plan is the same object, so that what is remembered by plan is found at once."""
    return Plan(plan_id=plan_id, plan_ident=ident, content=_READ_PLAN(content), has_contracts=has_contracts)


@lru_cache(maxsize=4096)
def _content(content: str) -> OptionContent:
    return _READ_OPTION(content)


def plan_by_ident(uow: Uow, ident: str) -> Plan | None:
    row = uow.first(PlanRow, f"{_PLANS} WHERE plan_ident = %s", (ident,))
    return _plan(*row) if row else None


def known_plans(uow: Uow, idents: Iterable[str]) -> frozenset[str]:
    """Those of the idents that are plans."""
    return frozenset(uow.column(str, "SELECT plan_ident FROM plan WHERE plan_ident = ANY (%s)", (sorted(set(idents)),)))


def options_by_ident(uow: Uow, idents: Iterable[str]) -> dict[str, Option]:
    """The options that exist, with all their versions."""
    wanted = (sorted(set(idents)),)
    versions: dict[str, list[OptionVersion]] = {}
    for version in uow.all(
        VersionRow,
        "SELECT option_ident, valid_from, content::text AS content FROM plan_option_version WHERE option_ident = ANY (%s)"
        " ORDER BY option_ident, valid_from NULLS FIRST, number",
        wanted,
    ):
        made = OptionVersion(valid_from=version.valid_from, content=_content(version.content))
        versions.setdefault(version.option_ident, []).append(made)
    return {
        row.option_ident: Option(
            option_id=row.option_id,
            option_ident=row.option_ident,
            type=row.type,
            status=row.status,
            versions=tuple(versions[row.option_ident]),
        )
        for row in uow.all(OptionRow, f"SELECT {columns(OptionRow)} FROM plan_option WHERE option_ident = ANY (%s)", wanted)
    }


class OfferedOption(NamedTuple):
    """That a plan offers an option."""

    option_ident: str
    plan_id: int


def offered_options(uow: Uow, idents: Collection[str]) -> list[OfferedOption]:
    """Which plans offer these options, in some phase."""
    sql = f"SELECT DISTINCT {columns(OfferedOption)} FROM plan_option_link WHERE option_ident = ANY (%s) ORDER BY 1, 2"
    return uow.all(OfferedOption, sql, (sorted(idents),)) if idents else []


def adaptation_values(uow: Uow, idents: Iterable[str]) -> dict[str, tuple[tuple[dt.date, Decimal], ...]]:
    """The index values of price adaptations, in the order of their days."""
    found: dict[str, list[tuple[dt.date, Decimal]]] = {}
    for row in uow.all(
        ValueRow,
        'SELECT price_adaptation_ident AS ident, "date", value FROM price_adaptation_value WHERE price_adaptation_ident = ANY (%s)'
        ' ORDER BY ident, "date"',
        (sorted(set(idents)),),
    ):
        found.setdefault(row.ident, []).append((row.date, row.value))
    return {ident: tuple(values) for ident, values in found.items()}


def known_adaptations(uow: Uow, idents: Iterable[str]) -> frozenset[str]:
    """Those of the idents that are price adaptations."""
    return frozenset(uow.column(str, "SELECT ident FROM price_adaptation WHERE ident = ANY (%s)", (sorted(set(idents)),)))


def plan_ident_of(plan_id: Expression) -> FilterField:
    """The plan's ident, where a list of another package has its number."""
    return elsewhere(plan_id, tables.plan, "plan_id", tables.plan.c.plan_ident, "plan_ident", str)


def option_of_plan(plan_id: Expression) -> FilterField:
    """An option that a plan offers, where a list of another package has its number."""
    links = tables.plan_option_link
    return elsewhere(plan_id, links, "plan_id", links.c.option_ident, "option_ident", str)
