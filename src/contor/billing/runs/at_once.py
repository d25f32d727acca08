"""Billed at once, without a run: what somebody does with a contract is billed as he does it."""

from contor.billing.runs.bill import bill_customers
from contor.billing.runs.outcome import BillNext
from contor.customers.queries import stopped_billing
from contor.runtime.uow import Uow


def bill_at_once(uow: Uow, customer_ident: str) -> None:
    """Bill what the customer has due by now; nothing where his billing is stopped: it waits, as it does in runs."""
    uow.lock("billing", [customer_ident])
    if not stopped_billing(uow, [customer_ident]):
        bill_customers(uow, [customer_ident], BillNext(cutoff=uow.ctx.now(), is_asked_for=True))
