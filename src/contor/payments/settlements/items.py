"""The items of settlement reports: listed, read, added one by one."""

from dataclasses import dataclass

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.payments.accounts import ACCOUNTS
from contor.payments.receiving import day_problems
from contor.payments.settlements import tables
from contor.payments.settlements.judge import item_problems
from contor.payments.settlements.pairing import BEHIND
from contor.payments.settlements.queries import ITEM, ItemRow, item_view, known_items
from contor.payments.settlements.reports import report_of, settling
from contor.payments.settlements.settle import payment_bodies, settle, standing_on
from contor.payments.settlements.types import ReadItem, SettlementItemBody, SettlementItemView
from contor.runtime.query import ListQuery, Page, searchable, worked_out
from contor.runtime.query.listed import listed
from contor.runtime.uow import Uow, not_found

ITEMS = searchable(
    tables.settlement_item,
    SettlementItemView,
    (
        "ident",
        "account_ident",
        "report_ident",
        "external_ident",
        "type",
        "gross",
        "fee",
        "net",
        "currency",
        "booking_date",
        "value_date",
        "reference",
        "state",
        "payment_ident",
        "bank_payment_ident",
        "created_at",
    ),
    default_sort="created_at,desc",
    places={
        "settlement_item_ident": "ident",
        "settlement_report_ident": "report_ident",
        "merchant_payment_account_ident": "account_ident",
        "late": worked_out("settlement_item.state = 'IN_TRANSIT'", bool),  # `_listed` says since which day
    },
)


@dataclass(frozen=True, slots=True)
class ListItems:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class ListItemsOfAccount:
    merchant_payment_account_ident: str
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneItem:
    settlement_item_ident: str


@dataclass(frozen=True, slots=True)
class CreateItem:
    merchant_payment_account_ident: str
    settlement_report_ident: str
    body: SettlementItemBody


@operation("settlement_item.list", permission="payments.read", reads=True)
def list_items(uow: Uow, command: ListItems) -> Page:
    """The items of all accounts; `state==IN_TRANSIT` are payouts that have not arrived, `state==CREATED` payments that nobody knew of."""
    return _listed(uow, command.query)


@operation("settlement_item.list_of_account", permission="payments.read", reads=True)
def list_items_of_account(uow: Uow, command: ListItemsOfAccount) -> Page:
    """The items of one account."""
    ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))
    return _listed(uow, command.query, {"account_ident": command.merchant_payment_account_ident})


def _listed(uow: Uow, query: ListQuery, scope: dict[str, object] | None = None) -> Page:
    today = uow.ctx.today()
    since = (today - BEHIND).isoformat()
    late = f"settlement_item.state = 'IN_TRANSIT' AND coalesce(settlement_item.value_date, settlement_item.booking_date) < DATE '{since}'"
    items = ITEMS.with_field("late", worked_out(late, bool)) if "late" in query.fields() else ITEMS
    return listed(uow, tables.settlement_item, query, items, ItemRow, lambda rows: (item_view(row, today) for row in rows), scope)


@operation("settlement_item.get", permission="payments.read", reads=True)
def get_item(uow: Uow, command: OneItem) -> SettlementItemView:
    """One item, and the payments that it led to."""
    return _view(uow, command.settlement_item_ident)


@operation("settlement_item.create", permission="payments.write")
def create_item(uow: Uow, command: CreateItem) -> SettlementItemView:
    """Add an item to a report: a payment is confirmed or received, a fee booked, a payout looked for at the bank."""
    body = command.body
    account = settling(uow, command.merchant_payment_account_ident)
    report = report_of(uow, account["ident"], command.settlement_report_ident, lock=True)
    item = ReadItem(
        row=0,
        external_ident=body.external_ident,
        type=body.type,
        gross=body.gross,
        fee=body.fee,
        net=body.net,
        booked_on=body.booking_date,
        value_date=body.value_date,
        references=(body.reference,) if body.reference else (),
        description=body.description,
        reason_code=body.reason_code,
    )
    problems = item_problems(body, account["currency"])
    if not problems:
        problems = day_problems(uow, payment_bodies([item], report))
    if body.reason_code is not None and body.type != "CHARGEBACK":
        message = "Only a chargeback has one."
        problems.append(Problem("reason_code_not_expected", message, "reasonCode", body.reason_code))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    ident = body.settlement_item_ident or str(uow.new_uuid())
    if known_items(uow, account["ident"], [body.external_ident]):
        message = f"The account has an item {body.external_ident!r} already."
        raise Refused(Kind.CONFLICT, Problem("settlement_item_exists", message, "externalIdent", body.external_ident))
    if uow.scalar(int, "SELECT 1 FROM settlement_item WHERE ident = %s", (ident,)):
        message = f"There is a settlement item {ident!r} already."
        raise Refused(Kind.CONFLICT, Problem("settlement_item_exists", message, "settlementItemIdent", ident))
    settle(uow, standing_on(uow, account), report, [(ident, item)])
    return _view(uow, ident)


def _view(uow: Uow, ident: str) -> SettlementItemView:
    row = uow.first(ItemRow, f"{ITEM} ident = %s", (ident,))
    if row is None:
        raise not_found("settlement_item", ident)
    return item_view(row, uow.ctx.today())
