"""Classic webhooks: `{"id", "type", "created", "<thing>": {…}}`, the thing as its list answers it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from contor.api.codec import JSON
from contor.api.fastbill.names import upper
from contor.api.fastbill.push.entities import Papered, by_number, contacts_of, customers_of, documents_of, drafts_of, estimates_of
from contor.api.fastbill.push.words import CLASSIC, TRIES, named, payload, said_once
from contor.api.fastbill.writing import NO_TIME, Fields, identifier, moment
from contor.notifications.formats import Format, Made, Told
from contor.runtime.uow import Uow

CREDITS = ("CREDIT_MEMO", "DEPOSIT_INVOICE_CORRECTION")


class _Facts(NamedTuple):
    """What the notifications of a batch are about."""

    customers: Mapping[str, Fields]
    contacts: Mapping[str, Fields]
    documents: Mapping[int, Papered]
    related: Mapping[int, Papered]
    drafts: Mapping[int, Papered]
    estimates: Mapping[int, Fields]


def compose(uow: Uow, told: Sequence[Told]) -> Mapping[int, Made]:
    """What a receiver is told, by sequence."""
    wanted = said_once(told)
    said = {one.sequence: payload(one) for one in wanted}
    customers = customers_of(uow, named(one.get("customerIdent") for one in said.values()))
    documents = documents_of(uow, [number for one in said.values() if isinstance(number := one.get("invoice_id"), int)])
    related = _related(uow, documents)
    drafts = drafts_of(uow, [number for one in said.values() if isinstance(number := one.get("draftId"), int)])
    contacts = contacts_of(uow, {str(said[one.sequence]["customerIdent"]) for one in wanted if one.type.startswith("contact.")})
    estimates = estimates_of(uow, [number for one in said.values() if isinstance(number := one.get("offerId"), int)])
    facts = _Facts(customers, contacts, documents, related, drafts, estimates)
    made = {}
    for one in wanted:
        for event, thing, fields in _meant(one, said[one.sequence], facts):
            body = {"id": one.sequence, "type": event, "created": moment(one.created_at, NO_TIME), thing: upper(fields)}
            made[one.sequence] = Made(event, JSON.write(body).decode())
    return made


def _meant(one: Told, said: Mapping[str, object], facts: _Facts) -> Iterator[tuple[str, str, Fields]]:
    """Event, thing, and its fields; nothing where a receiver of webhooks is told nothing of it."""
    event = next(iter(CLASSIC[one.type]))
    if event.startswith("customer."):
        ident = str(said.get("customerIdent"))
        fields = facts.customers.get(ident)
        if fields is not None:
            yield event, "customer", fields
        elif event == "customer.deleted":
            yield event, "customer", {"customer_id": identifier(_whole(said.get("customerId"))), "customer_number": ident}
    elif event == "contact.deleted":
        yield event, "contact", {"contact_id": identifier(_whole(said.get("contactId")))}
    elif event.startswith("contact."):
        if (contact := facts.contacts.get(str(said.get("addressIdent")))) is not None:
            yield event, "contact", contact
    elif event.startswith("estimate."):
        if (number := _whole(said.get("offerId"))) is not None and number in facts.estimates:
            yield event, "estimate", facts.estimates[number]
    elif one.type == "draft.created":
        if (draft := by_number(facts.drafts, said.get("draftId"))) is not None:
            yield event, "invoice", draft.invoice
    elif one.type == "invoice.created" and (paper := by_number(facts.documents, said.get("invoice_id"))) is not None:
        if said.get("type") not in CREDITS:
            yield "invoice.completed", "invoice", paper.invoice
        elif (before := facts.related.get(paper.paper.id)) is not None and before.invoice["is_canceled"] == "1":
            yield "invoice.canceled", "invoice", before.invoice


def _related(uow: Uow, documents: Mapping[int, Papered]) -> dict[int, Papered]:
    """What credits are of, by the number of the credit."""
    of = {
        one.paper.id: int(number)
        for one in documents.values()
        if one.invoice["type"] == "credit" and isinstance(number := one.invoice["referenced_invoice_id"], str) and number
    }
    found = drafts_of(uow, set(of.values()))
    return {credit: found[number] for credit, number in of.items() if number in found}


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


FORM = Format(events=CLASSIC, compose=compose, agent="FastBill", policy=TRIES, is_identified=False)
