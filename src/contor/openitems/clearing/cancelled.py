"""What is open of a cancelled document is cleared with what cancels it: nobody owes it any more, and nobody is owed it.

What a refund gives back of money that came is not cleared: it goes out, and what is open stays open.

What was paid before stays the customer's credit on the document that cancels. What a person has to decide first is left as it is: a
doubtful receivable, a deposit, money that is under way.
"""

from contor.documents.events import DocumentCancelled
from contor.kernel.events import on
from contor.openitems.cases import locked_cases
from contor.openitems.clearing.offset import clear
from contor.openitems.clearing.rules import Pair
from contor.openitems.standing import refunded_by
from contor.runtime.uow import Uow


@on(DocumentCancelled)
def clear_cancelled(uow: Uow, fact: DocumentCancelled) -> None:
    """Clear the two cases when that of the credit is opened; the other one is locked with its document."""
    uow.finish(lambda: _clear(uow, fact))


def _clear(uow: Uow, fact: DocumentCancelled) -> None:
    cases = {stored.document_id: stored.case for stored in locked_cases(uow, [fact.document_id, fact.credit_id])}
    if len(cases) < 2:
        return
    under_way = uow.scalar(int, "SELECT 1 FROM opos_case WHERE document_id = ANY (%s) AND prebooked <> 0 LIMIT 1", (list(cases),))
    if under_way is not None or any(case.is_deposit or case.doubtful for case in cases.values()):
        return
    debit, credit = sorted(cases, key=lambda number: -cases[number].balance)
    owed = -cases[credit].balance
    amount = min(cases[debit].balance, owed - refunded_by(uow, fact.document_id, fact.credit_id, owed))
    if amount > 0:
        clear(uow, [Pair(debit, credit, amount)], f"clearing:cancellation-{fact.credit_id}")
