"""Customers' payment accounts: how a customer pays, with the mandate by which is collected. IBANs are sealed and shown masked."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from stdnum import luhn

from contor.customers.queries import known_customers, tax_status_of
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import Fields
from contor.payments.customer_accounts import tables
from contor.payments.customer_accounts.events import AccountsAdded
from contor.payments.customer_accounts.mandates import MandateRow, is_wrong
from contor.payments.customer_accounts.sign import account_moved, assigned, creditor_of, insert_mandate, put_mandate
from contor.payments.customer_accounts.signing import Holder, new_mandate, signing_problems
from contor.payments.customer_accounts.stored import AccountRow, accounts_by_ident, mandates_by_account, views_of
from contor.payments.customer_accounts.types import CustomerAccountBody, CustomerAccountView, is_masked
from contor.payments.gateways import collecting_by, known_gateways
from contor.payments.ibans import KeptIban, keep_iban
from contor.runtime.query import Expression, FilterField, ListQuery, Page, any_named, elsewhere, searchable, worked_out
from contor.runtime.query.listed import listed_by_key
from contor.runtime.uow import Uow, not_found

_MANDATE = tables.sepa_mandate
_OF_MANDATE: tuple[tuple[str, str, object], ...] = (
    ("mandate.reference", "reference", str),
    ("mandate.signed_on", "signed_on", dt.date),
    ("mandate.scheme", "scheme", Literal["CORE", "B2B"]),
    ("mandate.kind", "kind", Literal["RECURRENT", "ONE_OFF"]),
    ("mandate.creditor_identifier", "creditor_identifier", str),
    ("mandate.pre_notification_days", "pre_notification_days", int),
    ("mandate_status_reason", "status_reason", str),
    ("last_presented_on", "last_presented_on", dt.date),
)


_AMENDED = """
coalesce((SELECT m.amendment_pending FROM sepa_mandate m WHERE m.tenant_id = customer_payment_account.tenant_id
          AND m.account_ident = customer_payment_account.ident AND m.is_current), false)
"""
"""Without a mandate nothing is to be told."""


def _of_mandate(column: str, shape: object) -> FilterField:
    """A column of the current mandate of an account."""
    ident = tables.customer_payment_account.c.ident
    return elsewhere(ident, _MANDATE, "account_ident", _MANDATE.c[column], column, shape, _MANDATE.c.is_current)


ACCOUNTS = searchable(
    tables.customer_payment_account,
    CustomerAccountView,
    ("ident", "debtor_ident", "merchant_payment_gateway_ident", "health_status", "created_at", "last_modified_at"),
    default_sort="ident",
    places={
        "iban": "iban_shown",
        "amendment_pending": worked_out(_AMENDED, bool),
        **{name: _of_mandate(column, shape) for name, column, shape in _OF_MANDATE},
    },
)


def fields_of_account(ident: Expression) -> dict[str, FilterField]:
    """What is shown of the account that a column of another thing names, and of its current mandate; `reference`: what the provider calls
    it, or the mandate."""
    account = tables.customer_payment_account
    named = {"iban": "iban_shown", "bic": "bic", "holder": "account_holder_name"}
    found = {name: elsewhere(ident, account, "ident", account.c[column], column, str) for name, column in named.items()}
    found["reference"] = any_named(ident, tables.account_references, "ident", "reference")
    for name, column, shape in _OF_MANDATE:
        if name.startswith("mandate."):
            found[name] = elsewhere(ident, _MANDATE, "account_ident", _MANDATE.c[column], column, shape, _MANDATE.c.is_current)
    return found


REFERS = (
    Reference("debtorIdent", "customer_unknown", known_customers),
    Reference("merchantPaymentGatewayIdent", "merchant_payment_gateway_unknown", known_gateways),
)
_PLAIN = (
    "debtor_ident",
    "merchant_payment_gateway_ident",
    "account_holder_name",
    "display_name",
    "account_creation_date",
    "payment_method",
    "payment_card_type",
    "payment_provider_reference",
    "payment_method_reference",
)
_CARD = re.compile(r"(?<![0-9])[2-6](?:[ -]?[0-9]){12,18}(?![0-9])")


@dataclass(frozen=True, slots=True)
class ListAccounts:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class CreateAccount:
    body: CustomerAccountBody


@dataclass(frozen=True, slots=True)
class OneAccount:
    customer_payment_account_ident: str


@dataclass(frozen=True, slots=True)
class UpdateAccount:
    customer_payment_account_ident: str
    body: CustomerAccountBody


@operation("customer_payment_account.list", permission="payments.read", reads=True)
def list_accounts(uow: Uow, command: ListAccounts) -> Page:
    """The payment accounts of customers."""
    table = tables.customer_payment_account
    return listed_by_key(uow, table, command.query, ACCOUNTS, "ident", lambda idents: views_of(uow, idents))


@operation("customer_payment_account.get", permission="payments.read", reads=True)
def get_account(uow: Uow, command: OneAccount) -> CustomerAccountView:
    """One account, with its mandate; the IBAN masked."""
    return one_view(uow, command.customer_payment_account_ident)


@operation("customer_payment_account.create", permission="payments.write", refers=REFERS)
def create_account(uow: Uow, command: CreateAccount) -> CustomerAccountView:
    """Say how a customer pays. Nothing is asked of a bank or provider for it."""
    body = command.body
    ident, now = body.ident or str(uow.new_uuid()), uow.ctx.now()
    _refuse(_problems(uow, body, None, None))
    kept = keep_iban(uow, body.iban) if body.iban is not None else None
    row = {
        "ident": ident,
        **{name: getattr(body, name) for name in _PLAIN},
        **_bank_fields(kept),
        "bic": body.bic,
        "holder_address": body.holder_address,
        "health_status": "UNKNOWN",
        "health_reason": None,
        "created_at": now,
        "last_modified_at": now,
    }
    if accounts_by_ident(uow, [ident]):
        raise _exists(ident)
    uow.insert(tables.customer_payment_account, [row])
    uow.audit("customer_payment_account", ident, {"created": _said(body), "iban": kept.shown if kept else None})
    if body.mandate is not None:
        insert_mandate(uow, new_mandate(body.mandate, ident, creditor_of(uow, body), uow.new_uuid().hex, now))
    uow.emit(AccountsAdded(account_idents=(ident,)))
    return one_view(uow, ident)


@operation("customer_payment_account.update", permission="payments.write", refers=REFERS)
def update_account(uow: Uow, command: UpdateAccount) -> CustomerAccountView:
    """Replace what is said of it. Bank data and mandate that are left out stay. A mandate of the same day whose reference or creditor is
    another one is amended; one of a later day takes its place."""
    ident, body = command.customer_payment_account_ident, command.body
    before = accounts_by_ident(uow, [ident], lock=True).get(ident)
    if before is None:
        raise not_found("customer_payment_account", ident)
    mandate = mandates_by_account(uow, [ident], lock=True).get(ident)
    _refuse(_problems(uow, body, before, mandate))
    moved = body.iban is not None and body.iban != before.iban_shown
    kept = keep_iban(uow, body.iban) if moved and body.iban is not None else None
    row: Fields = {name: getattr(body, name) for name in _PLAIN}
    row |= {name: getattr(body, name) for name in ("bic", "holder_address") if getattr(body, name) is not None}
    if kept is not None and kept.key != before.iban_key:
        row |= _bank_fields(kept)
        if body.bic is None:
            row["bic"] = None  # it was that of the former account
        if mandate is not None:
            account_moved(uow, before, kept, mandate)
    is_other = "iban" in row or body.payment_method_reference != before.payment_method_reference
    # what a bank said of the former account says nothing of this one
    well: Fields = {"health_status": "UNKNOWN", "health_reason": None} if is_other and is_wrong(before.health_code) else {}
    row |= {**well, "health_code": None} if well else {}
    _update(uow, ident, row)
    # never the IBAN itself
    change = {"after": _said(body), **({"iban": {"before": before.iban_shown, "after": kept.shown}} if kept else {}), **well}
    uow.audit("customer_payment_account", ident, change)
    if body.mandate is not None:
        put_mandate(uow, ident, body, body.mandate)
    return one_view(uow, ident)


def one_view(uow: Uow, ident: str) -> CustomerAccountView:
    """Raises NOT_FOUND."""
    found = views_of(uow, [ident]).get(ident)
    if found is None:
        raise not_found("customer_payment_account", ident)
    return found


# what is wrong


def _problems(uow: Uow, body: CustomerAccountBody, before: AccountRow | None, mandate: MandateRow | None) -> list[Problem]:
    problems = []
    if not known_customers(uow, [body.debtor_ident]):
        problems.append(Problem("customer_unknown", "does not exist", "debtorIdent", body.debtor_ident))
    if not known_gateways(uow, [body.merchant_payment_gateway_ident]):
        ident = body.merchant_payment_gateway_ident
        problems.append(Problem("merchant_payment_gateway_unknown", "does not exist", "merchantPaymentGatewayIdent", ident))
    problems += _method_problems(body, collecting_by(uow, body.merchant_payment_gateway_ident))
    if before is not None:
        fixed = (("ident", body.ident, before.ident), ("debtorIdent", body.debtor_ident, before.debtor_ident))
        problems += [
            Problem("field_immutable", "cannot be changed.", field, sent) for field, sent, is_ in fixed if sent not in (None, is_)
        ]
    if body.iban is not None and is_masked(body.iban) and (before is None or body.iban != before.iban_shown):
        problems.append(Problem("iban_masked", "is not the IBAN that is there, as it is shown: send all of it", "iban", body.iban))
    texts = ("account_holder_name", "display_name", "payment_card_type", "payment_method_reference", "payment_provider_reference")
    problems += [
        Problem("card_number_refused", "seems to be the number of a card, which is never stored here", name)
        for name in texts
        if (text := getattr(body, name)) and any(luhn.is_valid(re.sub("[ -]", "", found)) for found in _CARD.findall(text))
    ]
    if body.mandate is not None and not any(problem.code.endswith("_unknown") for problem in problems):
        status = tax_status_of(uow, [body.debtor_ident]).get(body.debtor_ident)
        holder = Holder(
            has_iban=body.iban is not None or (before is not None and before.iban is not None),
            is_consumer=status is not None and status.customer_type == "B2C",
        )
        problems += signing_problems(body.mandate, mandate, creditor_of(uow, body), holder, uow.ctx.today())
    return problems


def _method_problems(body: CustomerAccountBody, collecting: Mapping[str, Sequence[str]]) -> list[Problem]:
    """`collecting`: by what the gateway's providers collect. One that has no accounts yet may still get one that collects like that."""
    method = body.payment_method
    if method is None or not collecting or any(method in methods for methods in collecting.values()):
        return []
    by = "; ".join(f"{name} by {', '.join(methods)}" for name, methods in sorted(collecting.items()))
    message = f"Nothing is ever collected by it through the gateway {body.merchant_payment_gateway_ident!r}, whose providers collect: {by}."
    return [Problem("payment_method_not_collected", message, "paymentMethod", method)]


# what is written


def _update(uow: Uow, ident: str, row: Fields) -> None:
    names, values = assigned(row)
    uow.run(f"UPDATE customer_payment_account SET {names}, last_modified_at = %s WHERE ident = %s", (*values, uow.ctx.now(), ident))


def _bank_fields(kept: KeptIban | None) -> Fields:
    if kept is None:
        return {"iban": None, "iban_key": None, "iban_shown": None}
    return {"iban": kept.sealed, "iban_key": kept.key, "iban_shown": kept.shown}


def _said(body: CustomerAccountBody) -> Fields:
    return {name: value for name in _PLAIN if (value := getattr(body, name)) is not None}


def _exists(ident: str) -> Refused:
    message = f"A customer payment account {ident!r} exists already."
    return Refused(Kind.CONFLICT, Problem("customer_payment_account_exists", message, "ident", ident))


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Refused(Kind.INVALID, *problems)
