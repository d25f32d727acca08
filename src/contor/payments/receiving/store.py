"""Receiving payments stores them, and makes them be assigned and booked in the same transaction."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO, round_amount
from contor.kernel.shapes import Fields, replace
from contor.payments import tables
from contor.payments.events import PaymentsReceived
from contor.payments.exchange import Rates, ledger_rates, missing_rates
from contor.payments.ibans import KeptIban, keep_iban
from contor.payments.receiving.days import day_problems
from contor.payments.receiving.judge import payment_problems
from contor.payments.stored import PaymentRow, of_row
from contor.payments.types import Counterpart, Incoming, PaymentBody, StoredPayment
from contor.runtime.uow import Uow


def receive(uow: Uow, account: Fields, bodies: Sequence[PaymentBody]) -> None:
    """Store the transactions of an account and say so; what is wrong with any of them refuses all."""
    rates = require_new(uow, account, bodies)
    store_received(uow, account, [Incoming(body=body) for body in bodies], rates)


def require_new(uow: Uow, account: Fields, bodies: Sequence[PaymentBody]) -> Rates:
    """The rates of their days, of transactions that are right and that the account has not by their names; its payments are locked. Raises
    INVALID, CONFLICT with every finding."""
    rates = ledger_rates(uow, account["currency"], {body.booking_date for body in bodies})
    problems = [problem for body in bodies for problem in payment_problems(body, account, rates.ledger)] + day_problems(uow, bodies)
    problems += missing_rates(rates)
    if problems:
        raise Refused(Kind.INVALID, *problems)
    uow.lock("payments", [account["ident"]])  # what is found known below stays all there is until the commit
    externals = [body.external_ident for body in bodies]
    # one by one, and in the order of their key: of indexes that cost the same to a planner that knows of no payment no other has it
    sql = (
        "SELECT p.external_ident FROM unnest(%s::text[]) k(name) CROSS JOIN LATERAL (SELECT external_ident FROM payment"
        " WHERE account_ident = %s AND external_ident >= k.name ORDER BY external_ident LIMIT 1) p WHERE p.external_ident = k.name"
        " ORDER BY 1"
    )
    known = uow.column(str, sql, (externals, account["ident"]))
    if known or len(set(externals)) < len(externals):
        ident = (known or externals)[0]
        problem = Problem("payment_exists", f"The account has a payment {ident!r} already.", "externalIdent", ident)
        raise Refused(Kind.CONFLICT, problem)
    return rates


def store_received(uow: Uow, account: Fields, received: Sequence[Incoming], rates: Rates) -> None:
    """Store transactions that were found right and new, under the account's lock, and say so."""
    ibans = {one.body.counterpart.iban for one in received if one.body.counterpart is not None and one.body.counterpart.iban}
    kept = {iban: keep_iban(uow, iban) for iban in ibans}
    rows = [_row(uow, account, one, number, kept, rates) for one, number in zip(received, uow.next_ids(len(received)), strict=True)]
    uow.insert(tables.payment, [row._asdict() for row in rows])
    for row in rows:
        uow.audit("payment", row.ident, {"received": row.external_ident})
    stored = tuple(
        _received(of_row(row, account["booking_account"]), one.body, rates) for row, one in zip(rows, received, strict=True)
    )
    if stored:
        uow.emit(PaymentsReceived(payment_idents=tuple(row.ident for row in rows), payments=stored))


def _received(payment: StoredPayment, body: PaymentBody, rates: Rates) -> StoredPayment:
    """With what only counts when it comes: what it cost, and what a collective transfer pays."""
    batch: dict[str, Decimal] = {}
    for item in body.batch_items:
        batch[item.reference] = batch.get(item.reference, ZERO) + item.amount
    fees = sum((fee.amount for fee in body.fees), ZERO)
    ledger_fees = _in_ledger(fees, body, rates)
    return replace(payment, fees=fees, ledger_fees=fees if ledger_fees is None else ledger_fees, batch=tuple(batch.items()))


def _in_ledger(amount: Decimal, body: PaymentBody, rates: Rates) -> Decimal | None:
    """By the rate of the day; None: the account is kept in the ledger's currency."""
    rate = rates.by_day.get(body.booking_date)
    return None if rate is None else round_amount(amount / rate, rates.ledger)


def _row(uow: Uow, account: Fields, one: Incoming, number: int, ibans: Mapping[str, KeptIban], rates: Rates) -> PaymentRow:
    body = one.body
    original, other = body.original_amount or body.base_amount, body.counterpart or Counterpart()
    kept = ibans.get(other.iban) if other.iban is not None else None
    return PaymentRow(
        ident=body.payment_ident or uow.new_ident(),
        id=number,
        account_ident=account["ident"],
        external_ident=body.external_ident,
        credit_debit_indicator=body.credit_debit_indicator,
        base_amount=body.base_amount.amount,
        base_currency=body.base_amount.currency,
        original_amount=original.amount,
        original_currency=original.currency,
        exchange_rate=body.exchange_rate or Decimal(1),
        booking_date=body.booking_date,
        value_date=body.value_date,
        creation_date=body.creation_date or uow.ctx.now(),
        description=body.description,
        customer_specific_ident=body.customer_specific_ident,
        content={
            "fees": body.fees,
            "batch_items": body.batch_items,
            "properties": body.properties,
            **({"returned": body.return_information} if body.return_information is not None else {}),
        },
        status="OPEN",
        assigned=ZERO,
        reason=None,
        created_at=uow.ctx.now(),
        counterpart_name=other.name,
        counterpart_iban=kept.sealed if kept else None,
        counterpart_iban_key=kept.key if kept else None,
        counterpart_account=kept.shown if kept else None,
        counterpart_bic=other.bic,
        end_to_end_ident=body.end_to_end_ident,
        mandate_reference=body.mandate_reference,
        provider_reference=body.provider_reference,
        return_reason=body.return_information.reason_code if body.return_information else None,
        parent_ident=one.parent_ident,
        ledger_amount=_in_ledger(body.base_amount.amount, body, rates),
        category=None,
        changed=None,
        bank_entry_ident=one.bank_entry_ident,
    )
