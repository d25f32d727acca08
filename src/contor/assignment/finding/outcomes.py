"""Whether a payment may go to the cases that a way of naming has found."""

from collections.abc import Sequence

from contor.assignment.finding.named import Naming
from contor.assignment.rules import outcome
from contor.assignment.types import Assign, AssignmentConfiguration, Outcome, Reason, Rule
from contor.kernel.shapes import replace
from contor.openitems.types import StoredCase
from contor.payments.types import StoredPayment

_NONE = AssignmentConfiguration(underpayment_assignment_to_orders=False)
"""Neither more nor less than is owed is assigned."""


def outcome_of(payment: StoredPayment, naming: Naming, cases: Sequence[StoredCase], switches: AssignmentConfiguration) -> Outcome:
    """What becomes of the payment by this way of naming, on the cases as they stand."""
    if naming.reason is not None:
        return Outcome(reason=naming.reason)
    if naming.rule is Rule.BATCH_ITEMS:
        return _of_batch(payment, cases, switches)
    if naming.unsure and any(stored.case.balance > 0 for stored in cases):
        return Outcome(reason=Reason.NUMBER_UNSURE)
    if (ambiguous := one_each(cases)) is not None:
        return ambiguous
    if naming.exact:
        switches = _NONE
    if naming.collected:  # whoever may pay more or less: this much was collected for it by us, all of it is its money
        switches = replace(switches, underpayment_assignment_to_documents=True)
        if naming.instead:
            switches = replace(switches, overpayment_assignment_to_documents=True)
    found = outcome(
        payment.amount,
        payment.currency,
        payment.paid_on,
        [it.case for it in cases],
        switches,
        target_type=naming.target_type,
        said=naming.said,
    )
    if naming.collected and found.reason is Reason.TARGET_CLOSED:
        return Outcome(reason=Reason.PAID_OTHERWISE)
    return _of_documents(found, cases)


def _of_batch(payment: StoredPayment, cases: Sequence[StoredCase], switches: AssignmentConfiguration) -> Outcome:
    """A collective transfer says which document gets how much: all of its parts are put where they say, or none."""
    parts: list[Assign] = []
    for reference, amount in payment.batch:
        named = [stored for stored in cases if stored.case.ident == reference]
        found = one_each(named) or outcome(amount, payment.currency, payment.paid_on, [it.case for it in named], switches)
        if not found.assignments:
            return found
        parts += _of_documents(found, named).assignments
    return Outcome(assignments=tuple(parts))


def one_each(cases: Sequence[StoredCase]) -> Outcome | None:
    """Two companies may have issued one number: which of them a payment means that names it alone, is for a person to say."""
    open_ones = [stored.case.ident for stored in cases if stored.case.balance > 0]
    return Outcome(reason=Reason.SEVERAL_MATCHES) if len(set(open_ones)) < len(open_ones) else None


def _of_documents(found: Outcome, cases: Sequence[StoredCase]) -> Outcome:
    """Whose cases the money goes to: of each number the one that is open."""
    ids = {stored.case.ident: stored.document_id for stored in sorted(cases, key=lambda stored: stored.case.balance > 0)}
    return Outcome(
        assignments=tuple(replace(part, document_id=ids[part.case_ident]) for part in found.assignments), reason=found.reason
    )
