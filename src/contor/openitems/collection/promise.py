"""Promises of money: judged with the cases held, written together with what the cases say of them. One case has one promise at a time.

What may be moved is the balance, less credits over it that wait to be cleared with it: a credit memo is an open item of its own, and what
it takes back nobody owes; it is neither collected nor tried again.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.documents.cancelling import credit_kinds
from contor.documents.matters import credits_over, deposits_of, lock_matters
from contor.kernel.errors import Problem
from contor.kernel.money import ZERO, worded
from contor.openitems.collection.rules import case_problems, type_by_balance
from contor.openitems.collection.types import STORED, Collectable, Wanted
from contor.payments.customer_accounts import accounts_of_customers
from contor.payments.intents import NewIntent, Way, create_intents, refundable, renew_intents, way_problems, ways_of
from contor.payments.providers import IntentType
from contor.payments.sepa import Announced
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class Judged:
    """What is wrong with what was wanted; nothing: the intent that it becomes."""

    wanted: Wanted
    problems: tuple[Problem, ...]
    intent: NewIntent | None = None
    later: bool = False
    """Nothing is wrong, but its day has not come for the provider."""


class _Ident(NamedTuple):
    document_id: int
    ident: str


class _Balance(NamedTuple):
    document_id: int
    balance: Decimal


def collectable_cases(uow: Uow, document_ids: Collection[int]) -> dict[int, Collectable]:
    """Open items, by document; those that do not exist are left out."""
    sql = f"SELECT {STORED} FROM opos_case WHERE document_id = ANY (%s)"
    rows = uow.all(Collectable, sql, (sorted(set(document_ids)),)) if document_ids else []
    return {case.document_id: case for case in less_credits(uow, rows)}


def less_credits(uow: Uow, cases: Sequence[Collectable]) -> list[Collectable]:
    """The same cases with what is credited of each, and which debits are awaited before it is collected. Of a credit over several
    documents each gets its own rows, and never more than the credit has left. What a refund gives back takes nothing off what is open."""
    awaited = awaited_by(uow, [case.document_id for case in cases if case.balance > 0])
    if awaited:
        cases = [case._replace(awaited=awaited.get(case.document_id)) for case in cases]
    credits = credits_over(uow, [case.document_id for case in cases if case.balance])
    refunds = {it.document_id for it in credit_kinds(uow, {it.credit_id for it in credits}) if it.kind == "REFUND"}
    credits = [it for it in credits if it.credit_id not in refunds]
    if not credits:
        return [*cases]
    sql = "SELECT document_id, balance FROM opos_case WHERE document_id = ANY (%s) AND status = 'OPEN'"
    left = dict(uow.all(_Balance, sql, (sorted({it.credit_id for it in credits}),)))
    found = []
    for case in cases:
        mine = [it for it in credits if it.credited_id == case.document_id and left.get(it.credit_id, ZERO) * case.balance < 0]
        whole = sum((abs(left[it.credit_id]) if it.alone else min(it.gross, abs(left[it.credit_id])) for it in mine), ZERO)
        found.append(case._replace(credited=min(whole, abs(case.balance))))
    return found


def awaited_by(uow: Uow, document_ids: Collection[int]) -> dict[int, str]:
    """By final invoice, the deposit invoices of which more is under way than they owe themselves: corrected while it was. The final
    invoice demands the same money."""
    found = deposits_of(uow, document_ids)
    if not found:
        return {}
    sql = "SELECT document_id, ident FROM opos_case WHERE document_id = ANY (%s) AND prebooked > greatest(balance, 0)"
    idents = dict(uow.all(_Ident, sql, (sorted({it.deposit_id for it in found}),)))
    awaited: dict[int, list[str]] = {}
    for it in found:
        if it.deposit_id in idents:
            awaited.setdefault(it.final_id, []).append(idents[it.deposit_id])
    return {number: ", ".join(names) for number, names in awaited.items()}


def judge(uow: Uow, wanted: Sequence[Wanted]) -> list[Judged]:
    """Hold the cases and judge what is wanted of them, each by itself. Documents that have no case are left out."""
    lock_matters(uow, {it.document_id for it in wanted})
    cases = collectable_cases(uow, {it.document_id for it in wanted})
    wanted = [it for it in wanted if it.document_id in cases]
    accounts = _accounts(uow, wanted, cases)
    ways = _ways(uow, wanted, cases, accounts)
    return [_judged(uow, it, cases[it.document_id], ways.get(it.document_id)) for it in wanted]


def promise(uow: Uow, judged: Iterable[Judged]) -> list[NewIntent]:
    """Write the intents of what nothing is wrong with, and let their cases wait for the money."""
    good = [(it.wanted, it.intent) for it in judged if it.intent is not None and not it.problems]
    new = [intent for wanted, intent in good if not wanted.renews]
    again = {intent.ident: intent.due_on for wanted, intent in good if wanted.renews}
    if new:
        create_intents(uow, new)
    if again:
        renew_intents(uow, again)
    prebook(uow, {intent.document_id: intent.amount for _, intent in good})
    return [intent for _, intent in good]


def prebook(uow: Uow, amounts: Mapping[int, Decimal]) -> None:
    """How much is under way for these cases from now on; the trail says it of their intents."""
    if not amounts:
        return
    sql = (
        "UPDATE opos_case SET prebooked = x.amount FROM unnest(%s::bigint[], %s::numeric[]) AS x(number, amount)"
        " WHERE document_id = x.number AND prebooked <> x.amount"
    )
    uow.run(sql, (list(amounts), list(amounts.values())))


def _accounts(uow: Uow, wanted: Sequence[Wanted], cases: Mapping[int, Collectable]) -> dict[int, list[str]]:
    """By document the customer's accounts that come into question: the one that is named, else all, the latest first."""
    named = {it.document_id: it.account or cases[it.document_id].customer_account_ident for it in wanted}
    open_ = {cases[number].customer_ident for number, ident in named.items() if ident is None}
    theirs = accounts_of_customers(uow, open_) if open_ else {}
    return {
        number: [ident] if ident is not None else theirs.get(cases[number].customer_ident, []) for number, ident in named.items()
    }


def _ways(
    uow: Uow, wanted: Sequence[Wanted], cases: Mapping[int, Collectable], accounts: Mapping[int, Sequence[str]]
) -> dict[int, Way]:
    """By document the way of its account: of several the first that works."""
    found: dict[int, Way] = {}
    for currency in {cases[it.document_id].currency for it in wanted}:
        mine = [it for it in wanted if cases[it.document_id].currency == currency]
        ways = ways_of(uow, {ident for it in mine for ident in accounts[it.document_id]}, currency)
        for it in mine:
            case = cases[it.document_id]
            able = [ways[ident] for ident in accounts[it.document_id] if ident in ways]
            type_ = it.type or type_by_balance(case, it.refunds)
            due = it.due_on or case.due_date
            works = [way for way in able if not way_problems(way, type_, abs(case.left), due, uow.ctx.today())]
            if able:
                found[it.document_id] = (works or able)[0]
    return found


def _judged(uow: Uow, wanted: Wanted, case: Collectable, way: Way | None) -> Judged:
    type_ = wanted.type or type_by_balance(case, wanted.refunds)
    amount = abs(case.left) if wanted.amount is None else wanted.amount
    due_on = wanted.due_on or max(case.collected_on(way.days_after_due_date if way else 0), uow.ctx.today())
    problems = case_problems(case, type_, amount, None)
    if way is None:
        named = wanted.account or case.customer_account_ident
        message = (
            f"There is no customer payment account {named!r}."
            if named
            else f"The customer {case.customer_ident!r} has no payment account."
        )
        problems.append(Problem("customer_payment_account_missing", message, "customerPaymentAccountIdent", named))
        return Judged(wanted, tuple(problems))
    if way.account.debtor_ident != case.customer_ident:
        message = f"It is of the customer {way.account.debtor_ident!r}, the document of {case.customer_ident!r}."
        problems.append(Problem("account_of_other_customer", message, "customerPaymentAccountIdent", way.account.ident))
    told = _told_by(case, way, type_, amount, due_on, uow.ctx.today()) if not wanted.renews else None
    due_on = due_on if told is None else told.on
    problems += way_problems(way, type_, amount, due_on, uow.ctx.today())
    problems += _refund_problems(uow, wanted, way, type_, amount, case)
    if problems or way.merchant_account_ident is None or way.provider is None:
        return Judged(wanted, tuple(problems))
    intent = NewIntent(
        ident=wanted.ident or uow.new_ident(),
        type=type_,
        document_id=case.document_id,
        document_ident=case.ident,
        customer_ident=case.customer_ident,
        customer_account_ident=way.account.ident,
        merchant_account_ident=way.merchant_account_ident,
        provider=way.provider,
        amount=amount,
        currency=case.currency,
        due_on=due_on,
        statement_descriptor=wanted.descriptor,
        refunds_intent_ident=wanted.refunds,
        notified_on=case.document_date if type_ == "CHARGE" and case.announced_on is not None else None,
        announced_on=told.on if told is not None else case.announced_on if type_ == "CHARGE" else None,
        moved_because=told.because if told is not None else _because(case, type_, due_on),
    )
    return Judged(wanted, (), intent)


def _because(case: Collectable, type_: IntentType, due_on: dt.date) -> str | None:
    """Why it is later than it is due, as its document says of the day that it announces, and of no later one."""
    return case.announced_because if type_ == "CHARGE" and case.collected_on(0) >= due_on else None


def _told_by(case: Collectable, way: Way, type_: IntentType, amount: Decimal, due_on: dt.date, today: dt.date) -> Announced | None:
    """The day of a direct debit that its document does not announce, and what the customer is to be told of it today, by a person; None:
    the document told him, or nothing has to be told of it."""
    mandate = way.account.mandate
    if type_ != "CHARGE" or case.announced_on is not None or way.provider != "SEPA_FILE" or mandate is None:
        return None
    found = way.terms._replace(days_after_due_date=0).announced(due_on, today)
    said = (
        f"{case.ident} announces no debit: tell the customer on {today} that {worded(amount, case.currency)} are collected on"
        f" {found.on} by the mandate {mandate.reference} of the creditor {mandate.creditor_identifier}, for nobody else does."
    )
    return Announced(found.on, f"{said} {found.because or ''}".rstrip())


def _refund_problems(uow: Uow, wanted: Wanted, way: Way, type_: IntentType, amount: Decimal, case: Collectable) -> list[Problem]:
    """A refund at a payment provider gives back a charge of its own, and no more of it than is left."""
    field = "refundsPaymentIntentIdent"
    if wanted.refunds is None:
        if type_ == "REFUND" and way.provider in ("STRIPE", "GOCARDLESS"):
            return [Problem("refund_without_charge", f"{way.provider} gives back what it charged: name the charge.", field)]
        return []
    if type_ != "REFUND":
        return [Problem("charge_not_refunded", "Only a refund gives a charge back.", field, wanted.refunds)]
    charge = refundable(uow, wanted.refunds)
    if charge is None:
        return [Problem("payment_intent_not_found", f"There is no intent {wanted.refunds!r}.", field, wanted.refunds)]
    if charge.type != "CHARGE" or charge.status != "SUCCESSFUL":
        message = f"{wanted.refunds!r} is a {charge.type} that is {charge.status}: a successful charge is given back."
        return [Problem("intent_not_refundable", message, field, wanted.refunds)]
    problems = []
    if charge.customer_account_ident != way.account.ident or charge.currency != case.currency:
        message = f"{wanted.refunds!r} charged {charge.customer_account_ident!r} in {charge.currency}."
        problems.append(Problem("refund_of_other_account", message, field, wanted.refunds))
    elif amount > (left := charge.amount - charge.given_back):
        message = f"Only {worded(left, charge.currency)} of the charge are left to give back."
        problems.append(Problem("amount_exceeds_charge", message, "amount", amount))
    return problems
