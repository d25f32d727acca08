"""Line items of orders and contracts, and allowances of orders: what was ordered becomes a billable item at once."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from contor.billing.items import DEPOSIT_EXPECTED, ON_HOLD, BillableRow, Item, StoredRow, hold, in_unit, release, store
from contor.contracts.calendar import instant
from contor.documents.types import Basis
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import shape
from contor.orders import tables
from contor.orders.agreed_deposits import add_deposits
from contor.orders.line_views import LineRow, allowance_views, line_views
from contor.orders.queries import Holding, held, is_waiting_for_deposits, sites_of_lines, supplying_site
from contor.orders.rates import Rates
from contor.orders.rules import allowance_row, line_row
from contor.orders.told import changed_of
from contor.orders.types import AllowanceBody, AllowanceView, HolderType, LineItemBody, LineItemView, ProcessingConfig
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.groups import Days
from contor.settings.queries import days_of_groups, known_sites

DAY = dt.timedelta(days=1)


@shape
class AddLines:
    holder: HolderType
    ident: str
    body: Annotated[tuple[LineItemBody, ...], Field(min_length=1, max_length=1000)]


@shape
class AddAllowances:
    ident: str
    body: Annotated[tuple[AllowanceBody, ...], Field(min_length=1, max_length=100)]


SITE = Reference("operatingSiteIdent", "operating_site_unknown", known_sites)
"""Which site supplies a line."""


@operation("line_item.add", permission="contracts.write", refers=(SITE,))
def add_line_items(uow: Uow, command: AddLines) -> tuple[LineItemView, ...]:
    """Add line items to an order or contract; all or none."""
    holding = held(uow, command.holder, command.ident)
    if problems := _beside_deposits(uow, holding, command.body):
        raise Refused(Kind.INVALID, *problems)
    add_lines(uow, holding, command.body, "")
    uow.emit(changed_of(holding.type, command.ident))
    return tuple(line_views(uow, holding.number, [body.ident for body in command.body]))


@operation("allowance.add", permission="contracts.write")
def add_order_allowances(uow: Uow, command: AddAllowances) -> tuple[AllowanceView, ...]:
    """Add allowances to an order; all or none."""
    holding = held(uow, "ORDER", command.ident)
    add_allowances(uow, holding, command.body, "")
    uow.emit(changed_of("ORDER", command.ident))
    return tuple(allowance_views(uow, holding.number, [body.ident for body in command.body]))


class Judged(NamedTuple):
    """A line with the row that it will be."""

    body: LineItemBody | AllowanceBody
    row: BillableRow


def add_lines(uow: Uow, holding: Holding, bodies: Sequence[LineItemBody], path: str) -> None:
    """Judge all, store all. `path`: of the list in the request, empty where the body is the list."""
    if not bodies:
        return
    problems = _known(uow, holding, [body.ident for body in bodies], path)
    problems += site_findings(uow, bodies, path)
    judged: list[Judged] = []
    rates = Rates(uow, holding, is_waiting_for_deposits(uow, holding.number))
    for index, body in enumerate(bodies):
        row, found = line_row(body, holding.currency, holding.home, f"{path}[{index}]", rates.of_line)
        problems += found
        if row is not None:
            judged.append(Judged(body, in_unit(row, holding.currency, holding.unit, holding.language)))
        if body.agreed_deposits and holding.type == "CONTRACT":
            message = "deposits are agreed with orders"
            problems.append(Problem("deposit_not_expected", message, f"{path}[{index}].agreedDeposits"))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    for index, body in enumerate(bodies):
        if body.agreed_deposits:
            where = f"{path}[{index}].agreedDeposits"
            add_deposits(uow, holding, body.agreed_deposits, where, body.ident, [body.operating_site_ident])
    _store(uow, holding, judged, "LINE_ITEM")


def site_findings(uow: Uow, bodies: Sequence[LineItemBody], path: str) -> list[Problem]:
    """Lines that a site supplies which does not exist; `path` as in `add_lines`."""
    named = {body.operating_site_ident for body in bodies if body.operating_site_ident is not None}
    if not named:
        return []
    known = known_sites(uow, named)
    return [
        Problem("operating_site_unknown", "does not exist", f"{path}[{index}].operatingSiteIdent", body.operating_site_ident)
        for index, body in enumerate(bodies)
        if body.operating_site_ident is not None and body.operating_site_ident not in known
    ]


def add_allowances(uow: Uow, holding: Holding, bodies: Sequence[AllowanceBody], path: str) -> None:
    """As `add_lines`; a discount is on the side of the lines that it reduces."""
    if not bodies:
        return
    problems = _known(uow, holding, [body.ident for body in bodies], path)
    basis, expects = _basis(uow, holding), Rates(uow, holding).of_allowance
    judged: list[Judged] = []
    for index, body in enumerate(bodies):
        row, found = allowance_row(body, holding.currency, holding.home, basis, f"{path}[{index}]", expects)
        problems += found
        judged.append(Judged(body, in_unit(row, holding.currency, holding.unit, holding.language)))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    _store(uow, holding, judged, "ALLOWANCE")


def require_line(uow: Uow, number: int, ident: str, kind: str = "LINE_ITEM") -> LineRow:
    """The line's row with its content. Raises NOT_FOUND, and CONFLICT when it is cancelled."""
    sql = f"SELECT {columns(LineRow)} FROM line_item WHERE contract_id = %s AND ident = %s AND kind = %s"
    row = uow.first(LineRow, sql, (number, ident, kind))
    if row is None:
        noun = kind.lower()
        raise Refused(
            Kind.NOT_FOUND, Problem(f"{noun}_not_found", f"No {noun.replace('_', ' ')} {ident[:100]!r} exists.", None, ident)
        )
    if row.cancelled_at is not None:
        raise Refused(Kind.CONFLICT, Problem("line_cancelled", "It was cancelled.", None, ident))
    return row


def apply_processing(uow: Uow, holding: Holding, item: StoredRow, config: ProcessingConfig) -> None:
    """Give an item that is not billed another time of processing; one that is on hold does not get before its order's deposits."""
    at, reason = _due(holding, config, days_of_groups(uow))
    item_id = item.item_id
    if reason is None and item.processing_at is None and is_waiting_for_deposits(uow, holding.number):
        reason = DEPOSIT_EXPECTED
    if reason is None:
        release(uow, [item_id], at)
    else:
        hold(uow, [item_id], reason)


# helpers in calling order


def _known(uow: Uow, holding: Holding, idents: Sequence[str], path: str) -> list[Problem]:
    sql = "SELECT ident FROM line_item WHERE contract_id = %s AND ident = ANY (%s)"
    known, problems = set(uow.column(str, sql, (holding.number, list(idents)))), []
    for index, ident in enumerate(idents):
        if ident in known:
            problems.append(Problem("line_exists", "is the ident of another line of it", f"{path}[{index}].ident", ident))
        known.add(ident)
    return problems


def _beside_deposits(uow: Uow, holding: Holding, bodies: Sequence[LineItemBody]) -> list[Problem]:
    """What is added to an order with deposits of its own is supplied by the company that asks for them."""
    if not uow.scalar(
        int, "SELECT 1 FROM agreed_deposit WHERE contract_id = %s AND line_item_ident = '' LIMIT 1", (holding.number,)
    ):
        return []
    before = sites_of_lines(uow, holding.number) or [None]
    return supplying_site(uow, holding, [*before, *(body.operating_site_ident for body in bodies)], "operatingSiteIdent")[1]


def _basis(uow: Uow, holding: Holding) -> Basis:
    """Of the order's first line."""
    basis = uow.scalar(
        str,
        "SELECT i.content ->> 'basis' FROM line_item l JOIN billable_item i ON i.tenant_id = l.tenant_id AND i.item_id = l.item_id"
        " WHERE l.contract_id = %s AND l.kind = 'LINE_ITEM' ORDER BY l.position LIMIT 1",
        (holding.number,),
    )
    return "GROSS" if basis == "GROSS" else "NET"


def _store(uow: Uow, holding: Holding, judged: Sequence[Judged], kind: Literal["LINE_ITEM", "ALLOWANCE"]) -> None:
    last = uow.scalar(int, "SELECT max(position) FROM line_item WHERE contract_id = %s", (holding.number,)) or 0
    now, items, on_hold, lines = uow.ctx.now(), [], {}, []
    waits, days = is_waiting_for_deposits(uow, holding.number), days_of_groups(uow)
    for position, ((body, row), number) in enumerate(zip(judged, uow.next_ids(len(judged)), strict=True), last + 1):
        config = body.processing_config if isinstance(body, LineItemBody) else None
        at, reason = _due(holding, config, days)
        if reason is None and waits:
            reason = DEPOSIT_EXPECTED
        if reason is not None:
            on_hold[number] = reason
        begin = row.service_start or row.delivery_date or days.today(holding.holder.header.billing_group_ident)
        is_credit = kind == "ALLOWANCE" or (isinstance(body, LineItemBody) and body.debit_credit_indicator == "CREDIT")
        holder = holding.holder
        items.append(
            Item(
                item_id=number,
                contract_id=holding.number,
                contract_ident=holder.ident,
                segment_ident=holder.segment_ident,
                header=holder.header,
                origin_type=kind,
                origin_ident=body.ident,
                kind=kind,
                period_start=begin,
                period_end=row.service_end or begin + DAY,  # the first day after it
                sequence=0,
                type="CREDIT" if is_credit else "DEBIT",
                business_case="PURCHASE",
                processing_at=at,
                row=row,
                of_order=holding.type == "ORDER",
            )
        )
        lines.append(
            {
                "contract_id": holding.number,
                "ident": body.ident,
                "kind": kind,
                "position": position,
                "content": body,
                "item_id": number,
                "created_at": now,
                "last_modified_at": now,
            }
        )
    store(uow, items, {}, on_hold)
    uow.insert(tables.line_item, lines)
    uow.audit(holding.type.lower(), holding.holder.ident, {"added": [line["ident"] for line in lines]})


def _due(holding: Holding, config: ProcessingConfig | None, days: Days) -> tuple[dt.datetime, str | None]:
    """From when on it is due, and why it is on hold."""
    group = holding.holder.header.billing_group_ident
    at = instant(days.today(group), days.zone(group))
    if config is None:
        return at, ON_HOLD if holding.on_demand else None
    if config.type == "AT_DATE":
        assert config.date is not None
        return instant(config.date, days.zone(group)), None
    return at, ON_HOLD if config.type == "ON_HOLD" else None
