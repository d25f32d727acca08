"""What we paid out by a refund or a transfer closes what we owed: the bank's booking carries our reference, which is that of the credit; or
a provider gives back a payment that it names, of whose document, or its credit memos, exactly so much is owed."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from contor.assignment.assign import assign
from contor.assignment.returning import returned_on
from contor.assignment.types import Assign, Offer, Reason
from contor.documents.matters import joined_by_credits
from contor.kernel.errors import Refused
from contor.kernel.money import worded
from contor.openitems.cases import locked_cases
from contor.openitems.stored import moved_by
from contor.openitems.types import StoredCase
from contor.payments.intents import documents_of_references
from contor.payments.queries import received_at_providers
from contor.payments.types import StoredPayment
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class PaidOut(NamedTuple):
    """The assignments that were made, and of which document; without any: why not."""

    numbers: tuple[str, ...]
    assignments: tuple[str, ...] = ()
    note: str = ""
    offers: tuple[Offer, ...] = ()


class _Put(NamedTuple):
    """An assignment that stands."""

    ident: str
    payment_ident: str


def paid_out(uow: Uow, payments: Sequence[StoredPayment], *, from_unassigned: bool) -> dict[str, PaidOut]:
    """By ident of the payment; those that carry no reference of ours, nor of a payment that was assigned, are left out. `payments`: money
    that went out."""
    references = {name for it in payments for name in _called(it)}
    rows = [row for row in documents_of_references(uow, sorted(references)) if row.type != "CHARGE"]
    by_name = {row.reference: row for row in rows}
    given_back = _given_back(uow, [it for it in payments if not by_name.keys() & set(_called(it))])
    # all of them, in one order for all
    locked_cases(uow, {row.document_id for row in rows}.union(*given_back.values()))
    found = {}
    for payment in payments:
        named = next((by_name[name] for name in _called(payment) if name in by_name), None)
        if named is not None:
            (stored,) = locked_cases(uow, [named.document_id])
            own = named.payment_ident == payment.ident
            why = _why_not(payment, stored, own)
            found[payment.ident] = (
                PaidOut((stored.case.ident,), note=why) if why else _put(uow, payment, stored, from_unassigned, own=own)
            )
        elif payment.ident in given_back:
            found[payment.ident] = _put_back(uow, payment, locked_cases(uow, given_back[payment.ident]), from_unassigned)
    return found


def _put(uow: Uow, payment: StoredPayment, stored: StoredCase, from_unassigned: bool, *, own: bool = False) -> PaidOut:
    """`own`: it is the money of an attempt of ours, be it more than is owed by now."""
    numbers = (stored.case.ident,)
    try:
        target = returned_on(uow, stored, -payment.amount, at_most_received=not own)
    except Refused as refused:
        return PaidOut(numbers, note=refused.problems[0].message)
    part = Assign(case_ident=target.case.ident, amount=payment.amount, document_id=target.document_id)
    made = assign(uow, payment, [part], automatic=True, from_unassigned=from_unassigned)
    return PaidOut(numbers, tuple(one.ident for one in made))


def _put_back(uow: Uow, payment: StoredPayment, cases: Sequence[StoredCase], from_unassigned: bool) -> PaidOut:
    """To the one open item on which exactly so much is owed; else those on which anything is owed are shown to a person."""
    owing = [it for it in cases if it.case.balance < 0 and it.case.currency == payment.currency]
    exact = [it for it in owing if it.case.balance == payment.amount]
    if len(exact) == 1:
        return _put(uow, payment, exact[0], from_unassigned)
    of = ", ".join(sorted(it.case.ident for it in cases))
    how_many = "several open items owe" if exact else "no open item there owes"
    note = f"it gives back a payment on {of}: {how_many} exactly {worded(-payment.amount, payment.currency)}"
    offers = [
        Offer(
            case_ident=it.case.ident,
            amount=None,
            reason=Reason.NOT_A_RECEIPT,
            note=f"{worded(-it.case.balance, it.case.currency)} are owed by us",
            document_id=it.document_id,
            customer_ident=it.case.customer_ident,
        )
        for it in owing
    ]
    return PaidOut(tuple(it.case.ident for it in cases), note=note, offers=tuple(offers))


def _given_back(uow: Uow, payments: Sequence[StoredPayment]) -> dict[str, Collection[int]]:
    """By payment the documents that were paid by the one whose reference at the provider it carries, with what was credited of them."""
    references = sorted({it.provider_reference for it in payments if it.provider_reference})
    if not references:
        return {}
    received = {it.ident: it for it in received_at_providers(uow, references)}
    sql = (
        f"SELECT {columns(_Put)} FROM payment_assignment WHERE payment_ident = ANY (%s) AND status = 'PROCESSED'"
        " AND target_type NOT IN ('BANK_FEE', 'PAYMENT')"
    )
    of_source = {f"assignment:{it.ident}": received[it.payment_ident] for it in uow.all(_Put, sql, (sorted(received),))}
    rows = [(of_source[it.source], it.document_id) for it in moved_by(uow, sorted(of_source))]
    joined = joined_by_credits(uow, {number for _, number in rows})
    by_name: dict[tuple[str, str | None], set[int]] = defaultdict(set)
    for one, number in rows:
        by_name[one.account_ident, one.provider_reference] |= {number, *joined.get(number, ())}
    named = {it.ident: by_name.get((it.account_ident, it.provider_reference)) for it in payments}
    return {ident: documents for ident, documents in named.items() if documents}


def _called(payment: StoredPayment) -> list[str]:
    return [name for name in (payment.end_to_end_ident, payment.provider_reference) if name]


def _why_not(payment: StoredPayment, stored: StoredCase, own: bool) -> str:
    if stored.case.currency != payment.currency:
        return f"it is in {stored.case.currency}, the payment in {payment.currency}"
    # what we sent has gone, whatever became of the open item since: then it is owed to us
    if not own and -stored.case.balance < -payment.amount:
        return f"{stored.case.ident} is owed less by now than was paid out"
    return ""
