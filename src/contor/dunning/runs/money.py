"""Which customers the payments may be of that nobody has assigned: who has paid is not dunned before a person has looked."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from contor.customers.queries import known_customers
from contor.dunning import tables
from contor.dunning.events import MoneyWaits
from contor.dunning.runs.named import letters_named
from contor.dunning.runs.runs import RunRow
from contor.openitems.dunned import customers_named
from contor.openitems.keys import compact
from contor.payments.customer_accounts import customers_by_iban, holders_of_mandates
from contor.payments.queries import waiting_payments
from contor.payments.types import Waiting
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

BATCH = 1_000
LEAST_KEY = 4
"""Letters and digits of what may be a document's number."""


def gather_money(uow: Uow, run: RunRow) -> bool:
    """Look at the next payments that wait; whether there may be more. A payment names a customer by his ident, by an
    account or a mandate of his, a document of his that is open by its number or its printed reference, or a letter to him; who has
    learned whose account it comes from hears of it (`MoneyWaits`)."""
    payments = waiting_payments(uow, run.money_after or "", BATCH)
    words = {payment.ident: _words(payment) for payment in payments}
    everything = {word for found in words.values() for word in found}
    known = known_customers(uow, {payment.customer_specific_ident for payment in payments if payment.customer_specific_ident})
    of_key: dict[str, set[str]] = {}
    for row in customers_named(uow, everything):
        of_key.setdefault(row.key, set()).add(row.customer_ident)
    for key, letter in letters_named(uow, everything).items():
        of_key.setdefault(key, set()).add(letter.customer_ident)
    known_by = _accounts_and_mandates(uow, payments)
    whose = {it.ident: _whose(it, words[it.ident], known, of_key) | known_by[it.ident] for it in payments}
    _store(uow, run.run_ident, payments, whose)
    if payments:
        idents = tuple(it.ident for it in payments)
        uow.emit(MoneyWaits(run_ident=run.run_ident, payment_idents=idents, waiting=tuple(payments)))
    is_last = len(payments) < BATCH
    reached = None if is_last else payments[-1].ident
    uow.run("UPDATE dunning_run SET money_after = %s WHERE run_ident = %s", (reached, run.run_ident))
    return not is_last


def name_payers(uow: Uow, run_ident: str, payments: Sequence[Waiting], whose: Mapping[str, Collection[str]]) -> None:
    """Which customers payments may be of, by who knows more of them."""
    sql = f"SELECT {columns(_Said)} FROM dunning_run_money WHERE run_ident = %s AND payment_ident = ANY (%s)"
    said = set(uow.all(_Said, sql, (run_ident, [it.ident for it in payments])))
    more = {ident: {one for one in found if _Said(ident, one) not in said} for ident, found in whose.items()}
    _store(uow, run_ident, [it for it in payments if more.get(it.ident)], more)


class _Said(NamedTuple):
    payment_ident: str
    customer_ident: str


def _store(uow: Uow, run_ident: str, payments: Sequence[Waiting], whose: Mapping[str, Collection[str]]) -> None:
    rows = [
        {
            "run_ident": run_ident,
            "payment_ident": payment.ident,
            "customer_ident": customer,
            "currency": payment.currency,
            "amount": payment.amount,
        }
        for payment in payments
        for customer in sorted(whose[payment.ident])
    ]
    uow.insert(tables.dunning_run_money, rows)


def _accounts_and_mandates(uow: Uow, payments: Sequence[Waiting]) -> dict[str, set[str]]:
    """By payment the customers of whom its account, or its mandate, is one."""
    by_iban = customers_by_iban(uow, {it.counterpart_iban_key for it in payments if it.counterpart_iban_key})
    holders = holders_of_mandates(uow, {it.mandate_reference for it in payments if it.mandate_reference})
    return {
        it.ident: {*by_iban.get(it.counterpart_iban_key or "", ())}
        | {holder.debtor_ident for holder in holders.get(it.mandate_reference or "", ())}
        for it in payments
    }


def _words(payment: Waiting) -> frozenset[str]:
    text = f"{payment.description} {payment.customer_specific_ident or ''}"
    return frozenset(word for part in text.split() if len(word := compact(part)) >= LEAST_KEY)


def _whose(payment: Waiting, words: frozenset[str], known: frozenset[str], of_key: Mapping[str, set[str]]) -> set[str]:
    found = {customer for word in words for customer in of_key.get(word, ())}
    if payment.customer_specific_ident in known:
        found.add(payment.customer_specific_ident or "")
    return found
