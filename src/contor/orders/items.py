"""Billable items of orders and contracts one by one: read them, post a ready-made one, credit a part of one."""

from dataclasses import dataclass

from contor.billing.corrections import rests_of
from contor.billing.items import ItemView, give_back, item_page, item_views, stored_items
from contor.contracts.read import require_contract
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import is_amount, too_fine, worded
from contor.kernel.operations import operation
from contor.kernel.shapes import Text255, shape
from contor.orders.lines import SITE, add_lines
from contor.orders.queries import held, order_by_ident
from contor.orders.rules import of_only_one
from contor.orders.types import HolderType, LineItemBody, Positive
from contor.runtime.query import ListQuery, Page
from contor.runtime.uow import Uow, not_found


@dataclass(frozen=True, slots=True)
class ListOrderItems:
    order_ident: str
    query: ListQuery


@shape
class OneOrderItem:
    order_ident: str
    billable_item_id: int


@shape
class CreditBody:
    """A part of a debit item, on its agreed side."""

    billable_item_id: int
    amount: Positive
    reason: Text255 | None = None


@shape
class PostOrderItem:
    order_ident: str
    body: LineItemBody


@shape
class PostContractItem:
    contract_id: int
    body: LineItemBody


@shape
class CreditOrderItem:
    order_ident: str
    body: CreditBody


@shape
class CreditContractItem:
    contract_id: int
    body: CreditBody


@operation("billable_item.list_of_order", permission="contracts.read", reads=True)
def list_of_order(uow: Uow, command: ListOrderItems) -> Page:
    """Items of one order."""
    return item_page(uow, command.query, {"contract_id": order_by_ident(uow, command.order_ident).contract_id})


@operation("billable_item.get_of_order", permission="contracts.read", reads=True)
def get_of_order(uow: Uow, command: OneOrderItem) -> ItemView:
    """One item of an order."""
    order = order_by_ident(uow, command.order_ident)
    found = [view for view in item_views(uow, [command.billable_item_id]) if view.order_ident == order.order_ident]
    if not found:
        raise not_found("billable_item", command.billable_item_id)
    return found[0]


@operation("billable_item.post_to_order", permission="contracts.write", refers=(SITE,))
def post_to_order(uow: Uow, command: PostOrderItem) -> ItemView:
    """A ready-made item: a line item of its own."""
    return _post(uow, "ORDER", command.order_ident, command.body)


@operation("billable_item.post_to_contract", permission="contracts.write", refers=(SITE,))
def post_to_contract(uow: Uow, command: PostContractItem) -> ItemView:
    """A ready-made item: a line item of its own."""
    return _post(uow, "CONTRACT", require_contract(uow, command.contract_id).contract_ident, command.body)


@operation("billable_item.credit_of_order", permission="contracts.write")
def credit_of_order(uow: Uow, command: CreditOrderItem) -> ItemView:
    """Credit a part of an item; of one that is not billed yet when it is."""
    return _credit(uow, "ORDER", command.order_ident, command.body)


@operation("billable_item.credit_of_contract", permission="contracts.write")
def credit_of_contract(uow: Uow, command: CreditContractItem) -> ItemView:
    """Credit a part of an item; of one that is not billed yet when it is. Where the contract ends within the item's period, the credit
    counts against what was not used; a credit memo of one's own does not, it is given on top."""
    return _credit(uow, "CONTRACT", require_contract(uow, command.contract_id).contract_ident, command.body)


def _post(uow: Uow, kind: HolderType, ident: str, body: LineItemBody) -> ItemView:
    holding = held(uow, kind, ident)
    try:
        add_lines(uow, holding, (body,), "")
    except Refused as refused:  # the body is the line itself, not a list of it
        raise Refused(refused.kind, *of_only_one(refused.problems)) from None
    sql = "SELECT item_id FROM line_item WHERE contract_id = %s AND ident = %s"
    return item_views(uow, uow.column(int, sql, (holding.number, body.ident)))[0]


def _credit(uow: Uow, kind: HolderType, ident: str, body: CreditBody) -> ItemView:
    holding = held(uow, kind, ident)
    found = [
        stored for stored in stored_items(uow, "i.item_id = %s", body.billable_item_id) if stored.row.contract_id == holding.number
    ]
    if not found:
        raise not_found("billable_item", body.billable_item_id)
    (stored,) = found
    left = rests_of(uow, found)[stored.row.item_id]
    problems = []
    if stored.row.type != "DEBIT" or stored.row.kind == "DEPOSIT":
        problems.append(Problem("item_not_creditable", "is no debit of a supply", "billableItemId", body.billable_item_id))
    if not is_amount(body.amount, stored.row.currency):
        problems.append(Problem("too_many_decimals", too_fine(stored.row.currency), "amount", body.amount))
    # all that is left can always be given back, by whatever unit it came about
    elif body.amount != left and not is_amount(body.amount, stored.row.currency, holding.unit):
        message = f"the billing group rounds {stored.row.currency} to {holding.unit}"
        problems.append(Problem("too_many_decimals", message, "amount", body.amount))
    if body.amount > left:
        message = f"is too much: {worded(left, stored.row.currency)} are left"
        problems.append(Problem("credit_above_rest", message, "amount", body.amount))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    number = give_back(uow, stored, body.amount, None, granted=True)
    if number is None:
        raise Refused(Kind.CONFLICT, Problem("item_without_document", "The item was billed without a document.", "billableItemId"))
    uow.audit("billable_item", f"i-{body.billable_item_id}", {"credited": body.amount, "reason": body.reason})
    return item_views(uow, [number])[0]
