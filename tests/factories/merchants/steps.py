"""The verbs of orders and payments, each as a step that a merchant may take at random."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.factories.merchants.contracts import (
    activate,
    all_cancelled,
    amend,
    cancel_contract,
    change_price,
    contract,
    end,
    options_and_partners,
    reduce_contract,
    take_usage_back,
    use,
    withdraw,
)
from tests.factories.merchants.merchant import CONTRACTS, ORDERS, Merchant
from tests.factories.merchants.receivables import block, clear, decide, pay_by_hand, reverse_clearing, revert

Step = Callable[[Merchant], Any]


def order(m: Merchant) -> None:
    ident, side = m.name("o"), m.random.choice(["Net", "Net", "Gross"])
    lines = [m.a_line(m.name("l"), side) for _ in range(m.random.randrange(1, 4))]
    allowances = [m.an_allowance(m.name("a"), side) for _ in range(m.random.choice([0, 0, 1, 2]))]
    deposits = [m.a_deposit(m.name("d")) for _ in range(m.random.choice([0, 0, 1, 2]))]
    body = {
        "orderIdent": ident,
        "debtorOrderDetails": {"debtorIdent": "muster-handel"},
        "lineItems": [line for line, _ in lines],
        "allowances": [entry for entry, _ in allowances],
        "agreedDeposits": deposits,
        "billingTime": m.random.choice(["IMMEDIATELY", "IMMEDIATELY", "ON_DEMAND"]),
    }
    if m.call("POST", ORDERS, body) is not None:
        m.orders.append(ident)
        m.sides[ident] = side
        m.deposits += [(ident, entry["ident"], "") for entry in deposits]
        m.book.lines.update({(ident, sent["ident"]): line for sent, line in [*lines, *allowances]})


def add_line(m: Merchant) -> None:
    holder, base = a_holder(m)
    line, expected = m.a_line(m.name("l"), m.sides.get(holder, "Net"))
    if m.call("POST", f"{base}/lineItems", [line]) is not None:
        m.book.lines[holder, line["ident"]] = expected


def post_item(m: Merchant) -> None:
    holder, _ = a_holder(m)
    line, expected = m.a_line(m.name("l"), m.sides.get(holder, "Net"))
    base = f"{CONTRACTS}/{m.ids[holder]}" if holder in m.ids else f"{ORDERS}/{holder}"
    if m.call("POST", f"{base}/billableitems", line) is not None:
        m.book.lines[holder, line["ident"]] = expected


def edit_line(m: Merchant) -> None:
    holder, ident, base = a_known_line(m, "LINE_ITEM")
    body, expected = m.a_line(ident, m.sides.get(holder, "Net"))
    if m.call("PUT", f"{base}/lineItems/{ident}", body) is not None:
        m.book.lines[holder, ident].says = expected.says


def cancel_line(m: Merchant) -> None:
    holder, ident, base = a_known_line(m, "LINE_ITEM")
    if m.call("POST", f"{base}/lineItems/actions/cancel", {"idents": [ident, "unknown"]}) is not None:
        m.book.lines[holder, ident].is_cancelled = True


def hold_or_release(m: Merchant) -> None:
    ident = m.random.choice(list(m.ids))
    own = [key[1] for key in m.book.lines if key[0] == ident]
    if own:
        action = m.random.choice(["set-on-hold", "prepare-documents"])
        m.call("POST", f"{CONTRACTS}/{ident}/lineItems/actions/{action}", {"idents": [m.random.choice(own)]})


def add_allowance(m: Merchant) -> None:
    ident = m.random.choice(m.orders)
    body, expected = m.an_allowance(m.name("a"), m.sides[ident])
    if m.call("POST", f"{ORDERS}/{ident}/allowances", [body]) is not None:
        m.book.lines[ident, body["ident"]] = expected


def edit_allowance(m: Merchant) -> None:
    holder, ident, base = a_known_line(m, "ALLOWANCE")
    body, expected = m.an_allowance(ident, m.sides[holder])
    if m.call("PUT", f"{base}/allowances/{ident}", body) is not None:
        m.book.lines[holder, ident] = expected


def cancel_allowance(m: Merchant) -> None:
    holder, ident, base = a_known_line(m, "ALLOWANCE")
    if m.call("POST", f"{base}/allowances/actions/cancel", {"idents": [ident]}) is not None:
        m.book.lines[holder, ident].is_cancelled = True


def deposit(m: Merchant) -> None:
    """Agree, change or drop one, of an order or of a line."""
    ident = m.random.choice(m.orders)
    own = [key[1] for key, line in m.book.lines.items() if key[0] == ident and line.kind == "LINE_ITEM"]
    line = m.random.choice(own) if own and m.random.random() < 0.3 else ""
    verb = m.random.choice(["POST", "PUT", "DELETE"])
    if verb == "POST":
        body = m.a_deposit(m.name("d"))
        if m.call("POST", path_of_deposits(ident, line), [body]) is not None:
            m.deposits.append((ident, body["ident"], line))
    elif m.deposits:
        holder, name, line = m.random.choice(m.deposits)
        m.call(verb, f"{path_of_deposits(holder, line)}/{name}", m.a_deposit(name) if verb == "PUT" else None)


def path_of_deposits(ident: str, line: str) -> str:
    return f"{ORDERS}/{ident}/lineItems/{line}/agreedDeposits" if line else f"{ORDERS}/{ident}/agreedDeposits"


def pay(m: Merchant) -> None:
    """An open document, in full or in part."""
    rows = m.tenant.rows(
        "SELECT ident, balance FROM opos_case WHERE balance > 0 AND (ident LIKE 'AR-%%' OR %s) ORDER BY ident",
        (m.random.random() < 0.4,),
    )
    if rows:
        row = m.random.choice(rows)
        amount = m.random.choice([row.balance, row.balance, (row.balance / 2).quantize(Decimal("0.01")) or row.balance])
        name = m.name("bank")
        body = {
            "externalIdent": name,
            "baseAmount": {"amount": str(amount), "currency": "EUR"},
            "bookingDate": m.day.isoformat(),
            "creditDebitIndicator": "CREDIT",
            "description": row.ident,
        }
        made = m.call("POST", "/v2/merchant-payment-accounts/bank/payments", body)
        if made is not None and made["status"] == "ASSIGNED":
            m.book.paid[made["paymentIdent"]] = amount


def take_payment_back(m: Merchant) -> None:
    found = m.call("GET", "/v2/payment-assignments?size=100")["_embedded"]
    if found:
        row = m.random.choice(found)
        if m.call("POST", f"/v2/payment-assignments/{row['paymentAssignmentIdent']}/actions/reverse") is not None:
            m.book.paid.pop(row["paymentIdent"], None)


def prepare(m: Merchant) -> None:
    m.call("POST", f"{ORDERS}/{m.random.choice(m.orders)}/actions/prepare-documents")


def change_order(m: Merchant) -> None:
    m.call("PATCH", f"{ORDERS}/{m.random.choice(m.orders)}", {"language": m.random.choice(["de", "en"])})


def cancel_order(m: Merchant) -> None:
    ident = m.random.choice(m.orders)
    if m.call("POST", f"{ORDERS}/{ident}/actions/cancel") is not None:
        all_cancelled(m, ident)


def credit_item(m: Merchant) -> None:
    """A part of any item, billed or not, is given back by hand."""
    holder, _ = a_holder(m)
    base = f"{CONTRACTS}/{m.ids[holder]}" if holder in m.ids else f"{ORDERS}/{holder}"
    items = m.call("GET", f"{base}/billableitems")
    if not items:
        return
    item = m.random.choice(items)
    total = Decimal(str(item["rowTotalBase"]))
    amount = m.random.choice([total, total / 2, total / 3, Decimal("0.01")]).quantize(Decimal("0.01"))
    body = {"billableItemId": item["billableItemId"], "amount": str(amount)}
    if m.call("POST", f"{base}/creditbillableitems", body) is not None:
        if item["originType"] == "LINE_ITEM":
            m.book.lines[holder, item["originIdent"]].granted += amount
        elif holder in m.book.contracts:
            m.book.contracts[holder].granted += amount


def reissue(m: Merchant) -> None:
    rows = m.tenant.rows("SELECT ident FROM document WHERE document_type = 'INVOICE' ORDER BY id DESC LIMIT 5")
    if rows:
        m.call("POST", f"/v2/documents/{m.random.choice(rows).ident}/actions/reissue", {"language": "en"})


def change_mode(m: Merchant) -> None:
    m.mode(m.random.choice(["ITEM_BASED", "DOCUMENT_BASED"]))


def run(m: Merchant) -> None:
    m.run()


def days_pass(m: Merchant) -> None:
    m.turn(m.random.choice([1, 1, 3, 9, 31]))
    m.run()


STEPS: dict[Step, int] = {
    order: 6,
    add_line: 3,
    post_item: 1,
    edit_line: 7,
    cancel_line: 3,
    hold_or_release: 2,
    add_allowance: 1,
    edit_allowance: 2,
    cancel_allowance: 1,
    deposit: 3,
    pay: 6,
    take_payment_back: 2,
    prepare: 3,
    change_order: 1,
    cancel_order: 1,
    credit_item: 4,
    contract: 4,
    activate: 1,
    change_price: 2,
    reduce_contract: 3,
    end: 3,
    cancel_contract: 1,
    options_and_partners: 2,
    use: 6,
    take_usage_back: 4,
    reissue: 2,
    change_mode: 1,
    decide: 6,
    revert: 3,
    pay_by_hand: 3,
    clear: 3,
    reverse_clearing: 2,
    block: 1,
    run: 6,
    days_pass: 8,
}
"""How often each is taken."""
CHANGING: dict[Step, int] = {**STEPS, contract: 6, amend: 16, withdraw: 3, days_pass: 12}
"""As often, and contracts change while they run."""


def a_holder(m: Merchant) -> tuple[str, str]:
    """An order or a contract, and its path."""
    ident = m.random.choice([*m.orders, *m.ids])
    return ident, f"{CONTRACTS if ident in m.ids else ORDERS}/{ident}"


def a_known_line(m: Merchant, kind: str) -> tuple[str, str, str]:
    own = [key for key, line in m.book.lines.items() if line.kind == kind]
    if not own:
        order(m)
        return a_known_line(m, kind)
    holder, ident = m.random.choice(own)
    return holder, ident, f"{CONTRACTS if holder in m.ids else ORDERS}/{holder}"
