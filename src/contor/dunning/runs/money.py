"""Which customers the payments may be of that nobody has assigned: who has paid is not dunned before a person has looked."""

from collections.abc import Mapping

from contor.customers.queries import known_customers
from contor.dunning import tables
from contor.dunning.runs.runs import RunRow
from contor.openitems.dunned import customers_named
from contor.openitems.keys import compact
from contor.payments.queries import Waiting, waiting_payments
from contor.runtime.uow import Uow

BATCH = 1_000
LEAST_KEY = 4
"""Letters and digits of what may be a document's number."""


def gather_money(uow: Uow, run: RunRow) -> bool:
    """Look at the next payments that wait; whether there may be more. A payment names a customer by his ident, or a document of his that
    is open by its number or its printed reference."""
    payments = waiting_payments(uow, run.money_after or "", BATCH)
    words = {payment.ident: _words(payment) for payment in payments}
    everything = {word for found in words.values() for word in found}
    known = known_customers(uow, {payment.customer_specific_ident for payment in payments if payment.customer_specific_ident})
    of_key: dict[str, set[str]] = {}
    for row in customers_named(uow, everything):
        of_key.setdefault(row.key, set()).add(row.customer_ident)
    rows = [
        {
            "run_ident": run.run_ident,
            "payment_ident": payment.ident,
            "customer_ident": customer,
            "currency": payment.currency,
            "amount": payment.amount,
        }
        for payment in payments
        for customer in sorted(_whose(payment, words[payment.ident], known, of_key))
    ]
    uow.insert(tables.dunning_run_money, rows)
    is_last = len(payments) < BATCH
    reached = None if is_last else payments[-1].ident
    uow.run("UPDATE dunning_run SET money_after = %s WHERE run_ident = %s", (reached, run.run_ident))
    return not is_last


def _words(payment: Waiting) -> frozenset[str]:
    text = f"{payment.description} {payment.customer_specific_ident or ''}"
    return frozenset(word for part in text.split() if len(word := compact(part)) >= LEAST_KEY)


def _whose(payment: Waiting, words: frozenset[str], known: frozenset[str], of_key: Mapping[str, set[str]]) -> set[str]:
    found = {customer for word in words for customer in of_key.get(word, ())}
    if payment.customer_specific_ident in known:
        found.add(payment.customer_specific_ident or "")
    return found
