"""Orders, and line items and files of orders and contracts, in `/v2`."""

from contor.api.kit import route
from contor.api.route import Route
from contor.billing.items import ITEMS, ItemView
from contor.contracts.terms import AttachmentView
from contor.orders import agreed_deposits as deposits
from contor.orders import attachments, change_lines, create, items, line_views, lines, orders
from contor.orders.types import AgreedDepositView, HolderType, LineItemView, OrderView

_ORDER = "/v2/orders/{orderIdent}"
_CONTRACT = "/v2/contracts/{contractIdent}"


def _lines(base: str, placeholder: str, holder: HolderType) -> list[Route]:
    """Line items under an order or a contract."""
    whose = {"holder": holder}
    named = {placeholder: "ident"}
    path, one = f"{base}/lineItems", f"{base}/lineItems/{{lineItemIdent}}"
    of = f"Of{holder.title()}"
    return [
        route(
            "GET",
            path,
            line_views.list_lines,
            filterable=line_views.LINES,
            output=LineItemView,
            constants=whose,
            rename=named,
            id=f"listLineItems{of}",
        ),
        route("POST", path, lines.add_line_items, 201, body="body", constants=whose, rename=named, id=f"addLineItems{of}"),
        route(
            "POST",
            f"{path}/actions/cancel",
            change_lines.cancel_lines,
            body="body",
            constants=whose,
            rename=named,
            id=f"cancelLineItems{of}",
        ),
        route("GET", one, line_views.get_line, constants=whose, rename=named, id=f"getLineItem{of}"),
        route("PUT", one, change_lines.edit_line, body="body", constants=whose, rename=named, id=f"editLineItem{of}"),
    ]


def _files(base: str, holder: HolderType, fetched: int) -> list[Route]:
    """Files of an order or a contract. `fetched`: the status of a download, which the contract gives as 201 in one place."""
    whose, held = {"holder": holder}, holder.lower()
    path, one = f"{base}/{{ident}}/attachments", f"{base}/{{ident}}/attachments/{{fileName}}"
    listed, of = attachments.ATTACHMENTS, f"Of{holder.title()}"
    return [
        route(
            "GET",
            path,
            attachments.list_held,
            filterable=listed,
            output=AttachmentView,
            constants=whose,
            about=held,
            id=f"listAttachments{of}",
        ),
        route("POST", path, attachments.attach, upload="file", constants=whose, about=held, id=f"addAttachment{of}"),
        route("GET", one, attachments.get_attached, fetched, constants=whose, about=held, id=f"getAttachment{of}"),
        route("DELETE", one, attachments.detach, 204, constants=whose, about=held, id=f"deleteAttachment{of}"),
    ]


def _release(word: str, *, deprecated: bool) -> list[Route]:
    """Holding and releasing items of a contract, under either of their names."""
    whose, named = {"holder": "CONTRACT"}, {"contractIdent": "ident"}
    return [
        route(
            "POST",
            f"{_CONTRACT}/{word}/actions/{action}",
            operation,
            body="body",
            deprecated=deprecated,
            constants=whose,
            rename=named,
            id=f"{verb}{word[0].upper()}{word[1:]}OfContract",
        )
        for action, operation, verb in (
            ("prepare-documents", change_lines.prepare_lines, "prepare"),
            ("set-on-hold", change_lines.hold_lines, "hold"),
        )
    ]


_DEPOSITS = f"{_ORDER}/agreedDeposits"
_OF_LINE = f"{_ORDER}/lineItems/{{lineItemIdent}}/agreedDeposits"
_ITEMS = f"{_ORDER}/billableitems"

ORDER_ROUTES: list[Route] = [
    route("POST", "/v2/orders", create.create_order, 201, body="body"),
    route(
        "GET",
        "/v2/orders",
        orders.list_orders,
        filterable=orders.ORDERS,
        output=OrderView,
        array=True,
        deprecated=True,
        id="listOrdersArray",
    ),
    route("GET", "/v2/orders/pageable", orders.list_orders, filterable=orders.ORDERS, output=OrderView),
    route("POST", "/v2/orders/actions/cancel", orders.cancel_orders, 204, body="body"),
    route("GET", _ORDER, orders.get_order),
    route("PATCH", _ORDER, orders.update_order, body="body"),
    route("POST", f"{_ORDER}/actions/cancel", orders.cancel_order, 204),
    route("POST", f"{_ORDER}/actions/prepare-documents", orders.prepare_documents, 201),
    route("POST", f"{_ORDER}/actions/retry-failed-billable-items", orders.retry, id="retryBillableItemsOfOrder"),
    route("GET", _DEPOSITS, deposits.list_deposits, filterable=line_views.DEPOSITS, output=AgreedDepositView),
    route("POST", _DEPOSITS, deposits.add_order_deposits, 201, body="body", id="addAgreedDeposits"),
    route("PUT", f"{_DEPOSITS}/{{agreedDepositIdent}}", deposits.update_deposit, body="body"),
    route("DELETE", f"{_DEPOSITS}/{{agreedDepositIdent}}", deposits.delete_deposit, 204),
    route("GET", _OF_LINE, deposits.list_line_deposits, filterable=line_views.DEPOSITS, output=AgreedDepositView),
    route("POST", _OF_LINE, deposits.add_line_deposits, 201, body="body"),
    route("PUT", f"{_OF_LINE}/{{agreedDepositIdent}}", deposits.update_deposit, body="body", id="updateAgreedDepositOfLineItem"),
    route("DELETE", f"{_OF_LINE}/{{agreedDepositIdent}}", deposits.delete_deposit, 204, id="deleteAgreedDepositOfLineItem"),
    route(
        "POST",
        f"{_ORDER}/allowances",
        lines.add_order_allowances,
        201,
        body="body",
        rename={"orderIdent": "ident"},
        id="addAllowances",
    ),
    route("POST", f"{_ORDER}/allowances/actions/cancel", change_lines.cancel_allowances, 204, body="body", id="cancelAllowances"),
    route("PUT", f"{_ORDER}/allowances/{{allowanceIdent}}", change_lines.edit_allowance, 201, body="body"),
    route("GET", _ITEMS, items.list_of_order, filterable=ITEMS, output=ItemView, array=True),
    route("POST", _ITEMS, items.post_to_order, 201, body="body", deprecated=True),
    route("GET", f"{_ITEMS}/{{billableItemId}}", items.get_of_order),
    route("POST", f"{_ORDER}/creditbillableitems", items.credit_of_order, 201, body="body", deprecated=True),
    route("POST", "/v2/contracts/{contractId}/billableitems", items.post_to_contract, 201, body="body", deprecated=True),
    route("POST", "/v2/contracts/{contractId}/creditbillableitems", items.credit_of_contract, 201, body="body", deprecated=True),
    *_lines(_ORDER, "orderIdent", "ORDER"),
    *_lines(_CONTRACT, "contractIdent", "CONTRACT"),
    *_release("lineItems", deprecated=False),
    *_release("purchaseItems", deprecated=True),
    *_files("/v2/orders", "ORDER", 200),
    *_files("/v2/contracts", "CONTRACT", 201),
]
