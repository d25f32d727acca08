"""What Automatic notifications say of customers, subscriptions, payments and invoices."""

from collections.abc import Mapping
from decimal import Decimal

from contor.api.fastbill.subscriptions.standing import standing_of
from contor.api.fastbill.subscriptions.taken import Subscribed
from contor.api.fastbill.writing import NO_TIME, Fields, moment, plain

_CUSTOMER = {
    "customer_id": "customer_id",
    "customer_ext_uid": "customer_ext_uid",
    "hash": "hash",
    "customer_number": "customer_number",
    "companyname": "organization",
    "title": "academic_degree",
    "salutation": "salutation",
    "firstname": "first_name",
    "lastname": "last_name",
    "address": "address",
    "address_2": "address_2",
    "zipcode": "zipcode",
    "city": "city",
    "country_code": "country_code",
    "email": "email",
    "phone": "phone",
    "payment_data_url": "changedata_url",
    "dashboard_url": "dashboard_url",
}
"""Here -> in customer.get."""
_INVOICE = (
    *("invoice_id", "status", "type", "currency_code", "subscription_invoice_counter", "invoice_number", "invoice_ext_uid"),
    *("invoice_title", "introtext", "outstanding_amount", "paid_date", "is_canceled", "invoice_date", "due_date", "delivery_date"),
    *("cash_discount_percent", "cash_discount_days", "sub_total", "vat_total", "vat_items", "items", "total", "document_url"),
)
_ITEM = (
    *("invoice_item_id", "article_number", "description", "quantity", "unit_price", "vat_percent", "vat_value"),
    *("complete_net", "complete_gross", "sort_order"),
)
_METHODS = {"2": "directdebit", "4": "paypal", "6": "creditcard", "3": "cash", "5": "advancepayment"}


def customer(row: Fields | None, said: Mapping[str, object]) -> Fields:
    """A customer who is gone is known by number alone."""
    if row is None:
        known = {"customer_id": str(said.get("customerId") or ""), "customer_number": said.get("customerIdent") or ""}
        return {**dict.fromkeys(_CUSTOMER, ""), **known, "customer_ext_uid": None}
    return {name: row[tag] for name, tag in _CUSTOMER.items()} | {"customer_ext_uid": row["customer_ext_uid"] or None}


def subscription(one: Subscribed, hash: str) -> Fields:
    standing, main = standing_of(one), one.main
    quantity = one.quantities.get(main or "", Decimal(1))
    return {
        "subscription_id": one.contract.contract_id,
        "subscription_ext_uid": one.label.external_ident or "",
        "hash": hash,
        "article_code": one.article,
        "quantity": f"{quantity.normalize():f}",
        "start_date": moment(one.contract.start_on, NO_TIME),
        "last_event": moment(standing.last_event, NO_TIME),
        "next_event": moment(standing.next_event, NO_TIME),
        "cancellation_date": moment(standing.cancelled_on, NO_TIME),
        "status": standing.status,
        "expiration_date": moment(standing.expires_on, NO_TIME),
        "addons": [
            {"article_code": one.number(ident), "quantity": f"{one.quantities[ident].normalize():f}"} for ident in one.addons()
        ],
        "x_attributes": dict(one.label.attributes),
    }


def invoice(row: Fields, *, renews: bool) -> Fields:
    """As `invoice.get` answers it, in small letters; amounts and flags as JSON has them."""
    items = row["items"]
    made = {name: row[name] for name in _INVOICE}
    return made | {
        "subscription_invoice_counter": int(str(row["subscription_invoice_counter"] or 0)),
        "outstanding_amount": plain(Decimal(str(row["outstanding_amount"]).replace(",", "."))),
        "is_canceled": row["is_canceled"] == "1",
        "invoice_date": f"{row['invoice_date']} 00:00:00" if row["invoice_date"] else NO_TIME,
        "cash_discount_days": int(str(row["cash_discount_days"] or 0)),
        "items": [{name: one[name] for name in _ITEM} for one in items] if isinstance(items, list) else [],
        "trigger": "renewal" if renews else "manual",
        "shipment": "0",
    }


def payment(event: str, said: Mapping[str, object], row: Fields, taken: Subscribed | None) -> Fields:
    """Of a reminder its level alone."""
    if event == "payment.reminded":
        return {"level": said.get("level")}
    amount = said.get("amount")
    paid = amount if isinstance(amount, Mapping) else {}
    payments = row["payments"]
    last = payments[-1] if isinstance(payments, list) and payments else {}
    method = _METHODS.get(str(row["payment_type"]), "invoice")
    following = standing_of(taken).next_event if taken is not None else None
    return {
        "payment_id": int(str(last.get("payment_id") or row["invoice_id"])),
        "invoice_id": row["invoice_id"],
        "invoice_number": row["invoice_number"],
        "invoice_url": row["document_url"],
        "total_amount": plain(Decimal(str(paid.get("amount", row["total"])))),
        "currency": paid.get("currency", row["currency_code"]),
        ("payment_method" if event == "payment.failed" else "method"): method,
        "gateway": said.get("merchantPaymentAccountIdent"),
        "reference": said.get("paymentIdent") or said.get("paymentIntentIdent"),
        "test": 0,
        "type": "charge",
        "status": "error" if event in ("payment.failed", "payment.chargeback") else "open",
        "next_event": moment(following, NO_TIME),
        "created": str(last.get("date") or row["invoice_date"]),
    }
