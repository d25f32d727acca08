"""Money that came, and money that did not."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from contor.assignment.events import PaymentsAssigned
from contor.assignment.types import Assigned
from contor.documents.naming import sites_of
from contor.notifications.mail.causes.declared import Company, mailed, read_by, to_customer
from contor.notifications.mail.kinds import MOST_ROWS
from contor.notifications.mail.queue import Wanted
from contor.notifications.mail.wording import amount, day
from contor.payments.intents import IntentsFailed, views_of
from contor.runtime.uow import Uow


@mailed(PaymentsAssigned, "PAYMENT_RECEIVED")
def payments_assigned(uow: Uow, fact: PaymentsAssigned, company: Company) -> Iterator[Wanted]:
    """Once for each payment and customer, with what was put to the customer's documents in this transaction."""
    parts: dict[tuple[str, str], list[Assigned]] = defaultdict(list)
    for one in fact.assigned:
        if one.amount > 0 and one.moves and not one.is_fee and not one.meets:
            parts[one.payment.ident, one.moves[0].before.case.customer_ident].append(one)
    found = read_by(uow, (customer for _, customer in parts))
    for (payment, customer), assigned in parts.items():
        if (reader := found.get(customer)) is None:
            continue
        language = reader.language or company.language
        documents = dict.fromkeys(move.before.case.document_ident for one in assigned for move in one.moves)
        facts = {
            "number": payment,
            "amount": amount(
                sum((one.amount for one in assigned), start=assigned[0].amount * 0), assigned[0].payment.currency, language
            ),
            "date": day(assigned[0].payment.paid_on, language),
            "documents": list(documents)[:MOST_ROWS],
        }
        yield Wanted(
            kind="PAYMENT_RECEIVED",
            about=f"payment:{payment}",
            recipient=reader.email or "",
            recipient_name=reader.name,
            language=language,
            customer_ident=customer,
            facts=to_customer(company, reader, {"payment": facts}, _company_of(assigned)),
        )


def _company_of(assigned: Sequence[Assigned]) -> str | None:
    """The site of all of the documents; None: they are of several."""
    found = {move.before.document.operating_site_ident for one in assigned for move in one.moves}
    return found.pop() if len(found) == 1 else None


@mailed(IntentsFailed, "PAYMENT_FAILED")
def intents_failed(uow: Uow, fact: IntentsFailed, company: Company) -> Iterator[Wanted]:
    """Once for each try of a charge."""
    views = [view for view in views_of(uow, fact.intent_idents).values() if view.type == "CHARGE"]
    found = read_by(uow, (view.customer_ident for view in views))
    sites = sites_of(uow, [view.document_id for view in views])
    for view in views:
        if (reader := found.get(view.customer_ident)) is None:
            continue
        language = reader.language or company.language
        last = view.attempts[-1] if view.attempts else None
        facts = {
            "number": view.payment_intent_ident,
            "amount": amount(view.amount, view.currency, language),
            "document": view.document_ident,
            "reason": last.reason_code if last else None,  # what is said beside it is English, and for who collects
            "retryDate": day(view.retry_date, language) if view.retry_date else None,
        }
        yield Wanted(
            kind="PAYMENT_FAILED",
            about=f"intent:{view.payment_intent_ident}:{len(view.attempts)}",
            recipient=reader.email or "",
            recipient_name=reader.name,
            language=language,
            customer_ident=view.customer_ident,
            document_ident=view.document_ident,
            document_id=view.document_id,
            facts=to_customer(company, reader, {"payment": facts}, sites.get(view.document_id)),
        )
