"""Automatic notifications: small letters, the customer with everything, and what happened to what."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from contor.api.codec import JSON
from contor.api.fastbill.push.entities import Papered, by_number, customers_of, documents_of, drafts_of, subscriptions_of
from contor.api.fastbill.push.shapes import customer, invoice, payment, subscription
from contor.api.fastbill.push.words import AUTOMATIC, TRIES, named, payload, said_once
from contor.api.fastbill.subscriptions.get import hash_of
from contor.api.fastbill.subscriptions.taken import Subscribed
from contor.api.fastbill.writing import NO_TIME, Fields, moment
from contor.api.ids import as_uuid
from contor.notifications.formats import Format, Made, Told
from contor.runtime.uow import Uow


class _Facts(NamedTuple):
    """What the notifications of a batch are about."""

    customers: Mapping[str, Fields]
    documents: Mapping[int, Papered]
    drafts: Mapping[int, Papered]
    subscriptions: Mapping[int, Subscribed]


def compose(uow: Uow, told: Sequence[Told]) -> Mapping[int, Made]:
    """What a receiver is told, by sequence."""
    wanted = said_once(told)
    said = {one.sequence: payload(one) for one in wanted}
    facts = _read(uow, list(said.values()))
    account = as_uuid(uow.ctx.tenant_id, "account").replace("-", "")
    made = {}
    for one in wanted:
        content = said[one.sequence]
        event = _event(one, content, facts)
        if event is None:
            continue
        common: Fields = {"id": one.sequence, "type": event}
        body = _body(uow, event, content, facts)
        if body is None:
            continue
        if event.startswith("invoice."):
            common["account_hash"] = account
        owner = customer(facts.customers.get(_customer(content) or ""), content)
        made[one.sequence] = Made(
            event, JSON.write({**common, "customer": owner, **body, "created": moment(one.created_at, NO_TIME)}).decode()
        )
    return made


# helpers in calling order


def _read(uow: Uow, said: Sequence[Mapping[str, object]]) -> _Facts:
    customers = customers_of(uow, named(ident for one in said if (ident := _customer(one)) is not None))
    numbers = [number for one in said for number in _documents(one)]
    idents = [ident for one in said for ident in _idents(one)]
    documents = documents_of(uow, numbers, idents)
    drafts = drafts_of(uow, [number for one in said if isinstance(number := one.get("draftId"), int)])
    contracts = {number for one in said if isinstance(number := one.get("contractId"), int)}
    contracts |= {int(number) for one in documents.values() if isinstance(number := one.invoice["subscription_id"], str) and number}
    return _Facts(customers, documents, drafts, subscriptions_of(uow, contracts))


def _event(one: Told, said: Mapping[str, object], facts: _Facts) -> str | None:
    """None: a receiver is told nothing of it."""
    event = next(iter(AUTOMATIC[one.type]))
    if one.type == "paymentAssignment.processed":
        return event if said.get("debitCreditIndicator") == "CREDIT" else None
    if one.type == "paymentintent.result":
        failed, is_charge = said.get("status") != "SUCCESSFUL", said.get("type") == "CHARGE"
        return "payment.failed" if failed and is_charge else "payment.refunded" if not failed and not is_charge else None
    if one.type == "invoice.created":
        paper = by_number(facts.documents, said.get("invoice_id"))
        return "invoice.changed" if paper is not None and paper.paper.draft_id is not None else event
    return event


def _body(uow: Uow, event: str, said: Mapping[str, object], facts: _Facts) -> Fields | None:
    if event.startswith("customer."):
        return {}
    if event.startswith("subscription."):
        one = facts.subscriptions.get(_whole(said.get("contractId")))
        return None if one is None else {"subscription": subscription(one, hash_of(uow, one.contract.contract_id))}
    paper = _paper(said, facts)
    if event == "invoice.deleted":
        return {"invoice": {"invoice_id": str(said.get("draftId")), "type": "draft", "currency_code": said.get("currency")}}
    if paper is None:
        return None
    taken = facts.subscriptions.get(_whole(paper.invoice["subscription_id"]))
    owned = {} if taken is None else {"subscription": subscription(taken, hash_of(uow, taken.contract.contract_id))}
    if event.startswith("invoice."):
        return {"invoice": invoice(paper.invoice, renews=taken is not None), **owned}
    return {**owned, "payment": payment(event, said, paper.invoice, taken)}


def _paper(said: Mapping[str, object], facts: _Facts) -> Papered | None:
    """The document that it is about, of several the first."""
    if (draft := by_number(facts.drafts, said.get("draftId"))) is not None:
        return draft
    for number in _documents(said):
        if number in facts.documents:
            return facts.documents[number]
    wanted = set(_idents(said))
    return next((one for one in facts.documents.values() if one.invoice["invoice_number"] in wanted), None)


def _customer(said: Mapping[str, object]) -> str | None:
    many = said.get("customerIdents")
    found = said.get("customerIdent") or said.get("customer_ident") or (many[0] if isinstance(many, list) and many else None)
    return str(found) if found is not None else None


def _documents(said: Mapping[str, object]) -> list[int]:
    many = said.get("documentIds")
    found = [said.get("invoice_id"), said.get("documentId"), *(many if isinstance(many, list) else ())]
    return [number for number in found if isinstance(number, int)]


def _idents(said: Mapping[str, object]) -> list[str]:
    many = said.get("documentIdents")
    return named([said.get("documentIdent"), *(many if isinstance(many, list) else ())])


def _whole(value: object) -> int:
    return int(value) if isinstance(value, (int, str)) and str(value).isdecimal() else 0


FORM = Format(events=AUTOMATIC, compose=compose, agent="FastBill", policy=TRIES, is_identified=False)
