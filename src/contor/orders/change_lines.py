"""Edit, cancel, hold and release line items and allowances; what is billed is corrected by documents."""

import datetime as dt
from collections.abc import Sequence
from typing import Literal, NamedTuple

from contor.billing.corrections import Change, correct, put_in_place
from contor.billing.items import ON_HOLD, BillableRow, Stored, bill_anew, drop, hold, in_unit, release, rewrite, stored_items
from contor.contracts.calendar import instant
from contor.contracts.change import IdentList
from contor.contracts.events import ContractsCancelled
from contor.documents.types import Basis
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.money import ZERO
from contor.kernel.operations import operation
from contor.kernel.shapes import replace, shape
from contor.orders.line_views import LineRow, allowance_views, line_views
from contor.orders.lines import SITE, apply_processing, require_line, site_findings
from contor.orders.queries import Holding, held, is_waiting_for_deposits
from contor.orders.rates import Rates
from contor.orders.rules import allowance_row, line_row, of_only_one, relative
from contor.orders.told import changed_of
from contor.orders.types import AllowanceBody, AllowanceView, HolderType, LineItemBody, LineItemView
from contor.runtime.db import ENCODER
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


@shape
class EditLine:
    holder: HolderType
    ident: str
    line_item_ident: str
    body: LineItemBody


@shape
class EditAllowance:
    order_ident: str
    allowance_ident: str
    body: AllowanceBody


@shape
class ChangeLines:
    holder: HolderType
    ident: str
    body: IdentList


@shape
class CancelAllowances:
    order_ident: str
    body: IdentList


@shape
class CancelledLine:
    """CREDITED: it was billed, a credit memo follows. CANCELLED: it was not and will not be billed."""

    ident: str
    result: Literal["CANCELLED", "CREDITED", "CANCELLED_BEFORE", "NOT_FOUND"]


@shape
class CancelledLines:
    results: tuple[CancelledLine, ...]


@operation("line_item.edit", permission="contracts.write", refers=(SITE,))
def edit_line(uow: Uow, command: EditLine) -> LineItemView:
    """Replace a line item; a billed one is corrected by the difference, or by a credit and a new row."""
    holding, body = held(uow, command.holder, command.ident), command.body
    known = require_line(uow, holding.number, command.line_item_ident)
    rates = Rates(uow, holding, is_waiting_for_deposits(uow, holding.number))
    row, problems = line_row(body, holding.currency, holding.home, "", rates.of_line)
    problems += of_only_one(site_findings(uow, (body,), ""))
    if body.ident != known.ident:
        problems.append(Problem("field_immutable", "cannot be changed", "ident", body.ident))
    if body.debit_credit_indicator != known.content["debit_credit_indicator"]:
        problems.append(Problem("field_immutable", "cannot be changed", "debitCreditIndicator", body.debit_credit_indicator))
    if body.agreed_deposits:
        problems.append(Problem("deposit_not_expected", "deposits have operations of their own", "agreedDeposits"))
    if problems or row is None:
        raise Refused(Kind.INVALID, *relative(problems))
    _replace(uow, holding, known, in_unit(row, holding.currency, holding.unit, holding.language))
    if body.processing_config is not None:
        for stored in _of_line(uow, holding, known.ident, "LINE_ITEM"):
            if not stored.is_billed:
                apply_processing(uow, holding, stored.row, body.processing_config)
    _store(uow, holding, known.ident, body)
    return line_views(uow, holding.number, [known.ident])[0]


@operation("allowance.edit", permission="contracts.write")
def edit_allowance(uow: Uow, command: EditAllowance) -> AllowanceView:
    """Replace an allowance of an order; a billed discount is corrected."""
    holding, body = held(uow, "ORDER", command.order_ident), command.body
    known = require_line(uow, holding.number, command.allowance_ident, "ALLOWANCE")
    stored = _of_line(uow, holding, known.ident, "ALLOWANCE")
    # it stays on the side on which it was added, that of the order's lines
    basis: Basis = "GROSS" if stored and stored[0].content.basis == "GROSS" else "NET"
    row, problems = allowance_row(body, holding.currency, holding.home, basis, "", Rates(uow, holding).of_allowance)
    if body.ident != known.ident:
        problems.append(Problem("field_immutable", "cannot be changed", "ident", body.ident))
    if any(entry.is_billed and (entry.content.pays or row.pays) for entry in stored):
        problems.append(_paid(known.ident, "ident"))
    if problems:
        raise Refused(Kind.INVALID, *relative(problems))
    _replace(uow, holding, known, in_unit(row, holding.currency, holding.unit, holding.language))
    _store(uow, holding, known.ident, body)
    return allowance_views(uow, holding.number, [known.ident])[0]


@operation("line_item.cancel", permission="contracts.write")
def cancel_lines(uow: Uow, command: ChangeLines) -> CancelledLines:
    """Line items are not wanted any more: billed ones are credited, the others never billed. For good; each says how it ended."""
    holding = held(uow, command.holder, command.ident)
    return CancelledLines(results=tuple(_cancel(uow, holding, command.body.idents, "LINE_ITEM")))


@operation("allowance.cancel", permission="contracts.write")
def cancel_allowances(uow: Uow, command: CancelAllowances) -> None:
    """As for line items; all or none. What has paid on an issued document is no row that could be credited."""
    holding = held(uow, "ORDER", command.order_ident)
    problems = []
    for index, ident in enumerate(command.body.idents):
        require_line(uow, holding.number, ident, "ALLOWANCE")
        if any(stored.is_billed and stored.content.pays for stored in _of_line(uow, holding, ident, "ALLOWANCE")):
            problems.append(_paid(ident, f"idents[{index}]"))
    if problems:
        raise Refused(Kind.CONFLICT, *problems)
    _cancel(uow, holding, command.body.idents, "ALLOWANCE")


@operation("line_item.hold", permission="contracts.write")
def hold_lines(uow: Uow, command: ChangeLines) -> tuple[LineItemView, ...]:
    """No run bills these until they are released; none of them may be billed already."""
    holding = held(uow, command.holder, command.ident)
    hold(uow, _unbilled(uow, holding, command.body.idents), ON_HOLD)
    uow.audit(holding.type.lower(), command.ident, {"on_hold": command.body.idents})
    uow.emit(changed_of(holding.type, command.ident))
    return tuple(line_views(uow, holding.number, command.body.idents))


@operation("line_item.prepare", permission="contracts.write")
def prepare_lines(uow: Uow, command: ChangeLines) -> tuple[LineItemView, ...]:
    """The next run bills these; none of them may be billed already."""
    holding = held(uow, command.holder, command.ident)
    release(uow, _unbilled(uow, holding, command.body.idents), instant(uow.ctx.today(), uow.ctx.zone))
    uow.audit(holding.type.lower(), command.ident, {"released": command.body.idents})
    uow.emit(changed_of(holding.type, command.ident))
    return tuple(line_views(uow, holding.number, command.body.idents))


# helpers in calling order


def _of_line(uow: Uow, holding: Holding, ident: str, kind: str) -> list[Stored]:
    return of_lines(uow, holding.number, kind, [ident])


def _replace(uow: Uow, holding: Holding, known: LineRow, row: BillableRow) -> None:
    stored = _of_line(uow, holding, known.ident, known.kind)
    if stored and known.content.get("operating_site_ident") is None and row.operating_site_ident is None:
        row = replace(row, operating_site_ident=stored[0].content.operating_site_ident)  # as the order's when it was added
    billed = [entry for entry in stored if entry.is_billed]
    standing = [entry for entry in billed if entry.left > ZERO]  # of the others everything was given back
    waiting = [entry for entry in stored if not entry.is_billed]
    if billed:
        row = replace(row, post_tax=())  # what paid on the first document has paid
    if standing or not waiting:
        drop(uow, [entry.row.item_id for entry in waiting], "replaced by an edit")
        if standing:
            put_in_place(uow, standing, row)
        else:
            bill_anew(uow, billed[-1], row)  # all of it was given back: it is billed once more
    else:
        rewrite(uow, waiting[-1], waiting[-1].row.type, row)
        drop(uow, [entry.row.item_id for entry in waiting[:-1]], "replaced by an edit")


def _store(uow: Uow, holding: Holding, ident: str, body: LineItemBody | AllowanceBody) -> None:
    uow.run(
        "UPDATE line_item SET content = %s, last_modified_at = %s WHERE contract_id = %s AND ident = %s",
        (ENCODER.encode(body).decode(), uow.ctx.now(), holding.number, ident),
    )
    uow.audit(holding.type.lower(), holding.holder.ident, {"edited": body})
    uow.emit(changed_of(holding.type, holding.holder.ident))


def _paid(ident: str, path: str) -> Problem:
    message = "has paid on an issued document; what was paid is returned by a decision on its open item"
    return Problem("allowance_has_paid", message, path, ident)


class LineState(NamedTuple):
    """When a line was cancelled; None: it stands."""

    ident: str
    cancelled_at: dt.datetime | None


def _cancel(uow: Uow, holding: Holding, idents: Sequence[str], kind: str) -> list[CancelledLine]:
    sql = f"SELECT {columns(LineState)} FROM line_item WHERE contract_id = %s AND kind = %s AND ident = ANY (%s)"
    rows = {row.ident: row for row in uow.all(LineState, sql, (holding.number, kind, list(idents)))}
    wanted = {ident for ident, row in rows.items() if row.cancelled_at is None}
    credited = cancel_items(uow, of_lines(uow, holding.number, kind, sorted(wanted)), "cancelled")
    uow.run(
        "UPDATE line_item SET cancelled_at = %(now)s, last_modified_at = %(now)s"
        " WHERE contract_id = %(number)s AND ident = ANY (%(named)s)",
        {"now": uow.ctx.now(), "number": holding.number, "named": sorted(wanted)},
    )
    uow.audit(holding.type.lower(), holding.holder.ident, {"cancelled": sorted(wanted)})
    if wanted:
        uow.emit(changed_of(holding.type, holding.holder.ident))
    results = []
    for ident in idents:
        if ident not in rows:
            results.append(CancelledLine(ident=ident, result="NOT_FOUND"))
        elif ident not in wanted:
            results.append(CancelledLine(ident=ident, result="CANCELLED_BEFORE"))
        else:
            results.append(CancelledLine(ident=ident, result="CREDITED" if ident in credited else "CANCELLED"))
    return results


def cancel_items(uow: Uow, items: Sequence[Stored], reason: str) -> set[str]:
    """Drop what is not billed, give back what is; the idents of the lines that are credited."""
    drop(uow, [stored.row.item_id for stored in items if not stored.is_billed], reason)
    billed = [stored for stored in items if stored.is_billed and stored.left > ZERO and not stored.content.pays]
    correct(uow, [Change(stored, ZERO) for stored in billed])
    return {stored.row.origin_ident for stored in billed}


@on(ContractsCancelled)
def cancel_lines_of_contracts(uow: Uow, fact: ContractsCancelled) -> None:
    """The lines of contracts are cancelled with them; their items are by the billing engine."""
    now = uow.ctx.now()
    sql = "UPDATE line_item SET cancelled_at = %s, last_modified_at = %s WHERE contract_id = ANY (%s) AND cancelled_at IS NULL"
    uow.run(sql, (now, now, list(fact.contract_ids)))


def _unbilled(uow: Uow, holding: Holding, idents: Sequence[str]) -> list[int]:
    """The items of the lines, all of them; every line that is unknown, cancelled or billed at once."""
    known = {view.ident: view for view in line_views(uow, holding.number, idents)}
    problems = []
    for index, ident in enumerate(idents):
        path = f"idents[{index}]"
        if ident not in known:
            problems.append(Problem("line_item_not_found", "does not exist", path, ident))
        elif known[ident].status in ("BILLED", "CANCELLED"):
            problems.append(Problem("line_item_closed", f"is {known[ident].status}", path, ident))
    if problems:
        raise Refused(Kind.CONFLICT, *problems)
    found = of_lines(uow, holding.number, "LINE_ITEM", list(known))
    return [stored.row.item_id for stored in found if not stored.is_billed]


def of_lines(uow: Uow, number: int, kind: str, idents: Sequence[str]) -> list[Stored]:
    """The items of lines of an order or contract."""
    return stored_items(uow, "i.contract_id = %s AND i.kind = %s AND i.origin_ident = ANY (%s)", number, kind, list(idents))
