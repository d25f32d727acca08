"""A debit that came back is told to dunning: default counts from its day, and its cost may be claimed."""

from collections.abc import Iterator

from contor.assignment.events import AssignmentsReversed, PaymentsReturned
from contor.assignment.returning import waiting_for
from contor.assignment.types import Returned
from contor.dunning.claims import DebitReturned, debits_returned, returns_forgotten
from contor.dunning.events import ClaimsSettled
from contor.kernel.events import on
from contor.kernel.money import ZERO
from contor.payments.changing import locked_payments
from contor.payments.intents import charges_before
from contor.runtime.uow import Uow


@on(PaymentsReturned)
def tell_dunning(uow: Uow, fact: PaymentsReturned) -> None:
    """Of what we drew: by a mandate that the payments name, or by a charge of ours."""
    received = [it for it in fact.returned if it.original.amount > 0]
    drawn = charges_before(uow, sorted({number for it in received for number in it.document_ids}))
    returned = [one for it in received if _has_mandate(it) or drawn.keys() & set(it.document_ids) for one in _documents(it)]
    if returned:
        debits_returned(uow, returned)


@on(ClaimsSettled)
def look_for_returns_of_claims(uow: Uow, fact: ClaimsSettled) -> None:
    """Who paid claims by a payment that was returned before has paid nothing. Once all is put that is put with them."""
    paid = sorted({it.payment_ident for it in fact.settled if it.payment_ident is not None and it.amount > 0})
    if paid:
        uow.finish(lambda: waiting_for(uow, [of.payment for of in locked_payments(uow, paid).values()]))


@on(AssignmentsReversed)
def take_word_back(uow: Uow, fact: AssignmentsReversed) -> None:
    """What was taken for a return was none."""
    gone = {it.payment.ident for it in fact.reversed if it.payment.returns is not None and not it.is_fee}
    if gone:
        returns_forgotten(uow, gone)


def _has_mandate(returned: Returned) -> bool:
    return bool(returned.payment.mandate_reference or returned.original.mandate_reference)


def _documents(returned: Returned) -> Iterator[DebitReturned]:
    """Each of its documents once; what the banks took is claimed with the first."""
    named = zip(returned.document_ids, returned.document_idents, returned.customer_idents, strict=True)
    for at, (number, (document, customer)) in enumerate({number: (a, b) for number, a, b in named}.items()):
        yield DebitReturned(
            payment_ident=returned.payment.ident,
            document_id=number,
            document_ident=document,
            customer_ident=customer,
            returned_on=returned.payment.booked_on,
            drawn_on=returned.original.booked_on,
            reason_code=returned.reason_code,
            charges=ZERO if at else returned.charges,
            currency=returned.payment.currency,
        )
