"""Read usages; delete those that are not billed; cancel them, billed or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from contor.catalogue.types import CatalogueProperty
from contor.contracts.queries import WITH_CONTRACT, contract_ident_of
from contor.documents.types import Location
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, shape
from contor.runtime.query import ListQuery, Page, prefixed, searchable
from contor.runtime.query.listed import listed_by_key
from contor.runtime.query.tallying import cells_of
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found
from contor.usage import tables
from contor.usage.events import UsagesTakenBack
from contor.usage.types import UsageRow, UsageStatus, UsageView

USAGES = searchable(
    tables.usage,
    UsageView,
    ("usage_id", "usage_ident", "contract_id", "option_ident", "used_on", "started_at", "status", "created_at"),
    default_sort="usage_id,desc",
    places={
        "contract_ident": contract_ident_of(tables.usage.c.contract_id),
        "unit_quantity": "quantity",
        "start_date": "started_at",
        "end_date": "ended_at",
        "billable_item_ident": prefixed("i-", tables.usage.c.item_id),
    },
)
THERE = "status <> 'DELETED'"
"""SQL: those that somebody may ask for."""
_SELECT = f"SELECT {columns(UsageRow)} FROM usage {WITH_CONTRACT} WHERE {THERE} AND "


@dataclass(frozen=True, slots=True)
class ListUsages:
    query: ListQuery


@shape
class OneUsage:
    usage_id: int


@shape
class UsageIdents:
    usage_idents: Annotated[tuple[Ident, ...], Field(min_length=1, max_length=10_000)]


@shape
class ChangeUsages:
    body: UsageIdents


Result = Literal["CANCELLED", "CREDITED", "NOT_FOUND", "CANCELLED_BEFORE"]


class _Locked(NamedTuple):
    usage_id: int
    usage_ident: str
    status: UsageStatus
    item_id: int | None


@shape
class ChangedUsage:
    """What became of one usage. CREDITED: it was billed, and what it cost is given back by the next billing run."""

    usage_ident: str
    result: Result


@shape
class ChangedUsages:
    results: tuple[ChangedUsage, ...]


@operation("usage.list", permission="contracts.read", reads=True)
def list_usages(uow: Uow, command: ListUsages) -> Page:
    """Usages."""

    def read(ids: list[int]) -> dict[int, UsageView]:
        return {row.usage_id: _view(row) for row in uow.all(UsageRow, _SELECT + "usage_id = ANY (%s)", (ids,))}

    return listed_by_key(uow, tables.usage, command.query, USAGES, "usage_id", read, scope={"deleted_at": None})


@operation("usage.get", permission="contracts.read", reads=True)
def get_usage(uow: Uow, command: OneUsage) -> UsageView:
    """One usage by its number."""
    row = uow.first(UsageRow, _SELECT + "usage_id = %s", (command.usage_id,))
    if row is None:
        raise not_found("usage", command.usage_id)
    return _view(row)


@operation("usage.delete", permission="contracts.write")
def delete_usages(uow: Uow, command: ChangeUsages) -> None:
    """Take usages back that were never billed, all or none: from now on nobody finds, rates or bills them. The rows stay as DELETED, with
    when and by whom; their idents are not used again."""
    idents = command.body.usage_idents
    _lock_billing(uow, idents)
    there = _locked(uow, idents)
    found = {row.usage_ident: row.item_id for row in there}
    missing = [ident for ident in idents if ident not in found]
    if missing:
        raise Refused(Kind.NOT_FOUND, *[Problem("usage_not_found", f"No usage {i!r} exists.", None, i) for i in missing])
    billed = [(n, ident) for n, ident in enumerate(idents) if found[ident] is not None]
    if billed:
        raise Refused(Kind.CONFLICT, *[Problem("usage_billed", "is billed", f"usageIdents[{n}]", ident) for n, ident in billed])
    sql = "UPDATE usage SET status = 'DELETED', deleted_at = %s, deleted_by = %s WHERE usage_ident = ANY (%s)"
    uow.run(sql, (uow.ctx.now(), uow.ctx.actor, list(idents)))
    uow.grown.subtract(cells_of(tables.usage, _Locked._fields, there))
    for ident in idents:
        uow.audit("usage", ident, {"deleted": True})


@operation("usage.cancel", permission="contracts.write")
def cancel_usages(uow: Uow, command: ChangeUsages) -> ChangedUsages:
    """Cancel usages; the answer says of each what became of it. One that was billed by itself is credited; where usages are rated
    together, the period is rated again without it and the difference is credited."""
    idents = command.body.usage_idents
    _lock_billing(uow, idents)
    found = {row.usage_ident: row for row in _locked(uow, idents)}
    ends: dict[str | None, Result] = {"OPEN": "CANCELLED", "BILLED": "CREDITED", "CANCELLED": "CANCELLED_BEFORE", None: "NOT_FOUND"}
    results = tuple(
        ChangedUsage(usage_ident=ident, result=ends[found[ident].status if ident in found else None])
        for ident in dict.fromkeys(idents)
    )
    changed = [result.usage_ident for result in results if result.result in ("CANCELLED", "CREDITED")]
    uow.run("UPDATE usage SET status = 'CANCELLED' WHERE usage_ident = ANY (%s)", (changed,))
    for ident in changed:
        uow.audit("usage", ident, {"cancelled": True})
    billed = tuple(found[ident].usage_id for ident in changed if found[ident].status == "BILLED")
    if billed:
        uow.emit(UsagesTakenBack(usage_ids=billed))
    return ChangedUsages(results=results)


def _lock_billing(uow: Uow, idents: Sequence[str]) -> None:
    """A run that rates them now commits first: then they are billed, and are credited or stay."""
    sql = f"SELECT DISTINCT customer_ident FROM usage {WITH_CONTRACT} WHERE usage_ident = ANY (%s)"
    uow.lock("billing", uow.column(str, sql, (list(idents),)))


def _locked(uow: Uow, idents: tuple[str, ...]) -> list[_Locked]:
    return uow.all(
        _Locked,
        # one order for all callers, so that two never wait for each other
        "SELECT usage_id, usage_ident, status, item_id FROM usage"
        f" WHERE usage_ident = ANY (%s) AND {THERE} ORDER BY usage_ident FOR UPDATE",
        (sorted(idents),),
    )


def usage_by_ident(uow: Uow, ident: str) -> UsageView:
    """Raises NOT_FOUND."""
    row = uow.first(UsageRow, _SELECT + "usage_ident = %s", (ident,))
    if row is None:
        raise not_found("usage", ident)
    return _view(row)


def _view(row: UsageRow) -> UsageView:
    return UsageView(
        usage_id=row.usage_id,
        usage_ident=row.usage_ident,
        contract_ident=row.contract_ident,
        option_ident=row.option_ident,
        unit_quantity=row.quantity,
        start_date=row.started_at,
        end_date=row.ended_at,
        description=row.description,
        tax_location=Location(**row.tax_location) if row.tax_location else None,
        performance_location=Location(**row.performance_location) if row.performance_location else None,
        properties=tuple(CatalogueProperty(**given) for given in row.properties or ()),
        status=row.status,
        billable_item_ident=f"i-{row.item_id}" if row.item_id else None,
        created_at=row.created_at,
    )
