"""Recipients of an offer that is out get their links."""

from collections.abc import Iterator

from contor.customers.emails import readers
from contor.notifications.mail.causes.declared import Company, mailed, nobody, to_customer
from contor.notifications.mail.queue import Wanted
from contor.notifications.mail.wording import amount, day
from contor.offers.proposals import RecipientsInvited, address_of, proposals_by_id, recipients_by_id
from contor.runtime.uow import Uow


@mailed(RecipientsInvited, "OFFER")
def recipients_invited(uow: Uow, fact: RecipientsInvited, company: Company) -> Iterator[Wanted]:
    """Once for each version."""
    invited = recipients_by_id(uow, fact.recipient_ids)
    rows = proposals_by_id(uow, {one.proposal_id for one in invited.values()})
    bodies = {number: row.said() for number, row in rows.items()}
    found = readers(uow, {body.customer_ident for body in bodies.values() if body.customer_ident is not None})
    for one in invited.values():
        row, body = rows[one.proposal_id], bodies[one.proposal_id]
        reader, language = found.get(body.customer_ident or ""), body.language
        if reader is None and body.customer_ident is not None:  # he is gone since it went out
            continue
        facts = {
            "number": row.number,
            "date": day(row.created_at.date(), language),
            "validUntil": None if row.valid_until is None else day(row.valid_until, language),
            "gross": None if row.gross is None else amount(row.gross, body.currency, language),
            "link": address_of(uow, one.id, row.valid_until),
        }
        yield Wanted(
            kind="OFFER",
            about=f"proposal:{row.id}:{row.published_version}",
            recipient=one.email,
            recipient_name=one.name or None,
            language=language,
            customer_ident=body.customer_ident,
            facts=to_customer(company, reader or nobody(one.name or one.email), {"offer": facts}),
        )
