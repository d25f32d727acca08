"""What a customer who signed in reads of himself alone: whatever he asks for, the condition that it is his stands beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from contor.api.fynn.customers import CustomerShown, customers_shown
from contor.api.fynn.ids import CUSTOMER
from contor.api.fynn.invoices.listing import SOUGHT as INVOICES
from contor.api.fynn.invoices.listing import ListInvoices, list_invoices
from contor.api.fynn.payments.methods import ListMethods, list_methods
from contor.api.fynn.subscriptions.listing import SOUGHT as SUBSCRIPTIONS
from contor.api.fynn.subscriptions.listing import Asked, list_subscriptions
from contor.api.route import By, Sought
from contor.customers.customers import CUSTOMERS
from contor.customers.keeping import NUMBERED
from contor.customers.keeping.signed_in import OWN
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.runtime.query import ListQuery, Page
from contor.runtime.query.rsql import All, Comparison
from contor.runtime.uow import Uow


def _without_customer(by: Mapping[str, By]) -> Mapping[str, By]:
    return {name: one for name, one in by.items() if not name.startswith("customer")}


OWN_INVOICES: Final = replace(INVOICES, by=_without_customer(INVOICES.by))
OWN_SUBSCRIPTIONS: Final = replace(SUBSCRIPTIONS, by=_without_customer(SUBSCRIPTIONS.by), text=None)
OWN_METHODS: Final = Sought(order={"creationDate": "created_at"})


@dataclass(frozen=True, slots=True)
class Nothing:
    """No input: the customer who signed in."""


@dataclass(frozen=True, slots=True)
class OwnList:
    query: ListQuery


@operation("fynn.own_customer", permission=OWN, reads=True)
def me(uow: Uow, command: Nothing) -> CustomerShown:
    """Who signed in."""
    return customers_shown(uow, [_signed_in(uow)])[0]


@operation("fynn.own_payment_methods", permission=OWN, reads=True)
def own_methods(uow: Uow, command: OwnList) -> Page:
    """How he pays."""
    return list_methods(uow, ListMethods(_his(command.query, "customer_ident", _signed_in(uow)["customer_ident"])))


@operation("fynn.own_subscriptions", permission=OWN, reads=True)
def own_subscriptions(uow: Uow, command: OwnList) -> Page:
    """What he has subscribed to."""
    return list_subscriptions(uow, Asked(_his(command.query, "customer_ident", _signed_in(uow)["customer_ident"])))


@operation("fynn.own_invoices", permission=OWN, reads=True)
def own_invoices(uow: Uow, command: OwnList) -> Page:
    """What was issued to him."""
    ident = _signed_in(uow)["customer_ident"]
    return list_invoices(uow, ListInvoices(_his(command.query, "customer", str(CUSTOMER.shown(uow, [ident])[ident]))))


def _signed_in(uow: Uow) -> Fields:
    """The customer, as he is stored. Raises FORBIDDEN where somebody else asks, UNAUTHENTICATED where he is gone."""
    kind, _, number = uow.ctx.actor.partition(":")
    if kind != "customer":
        raise Refused(Kind.FORBIDDEN, Problem("customer_not_signed_in", "This is for a customer who signed in."))
    ident = NUMBERED.idents(uow, [int(number)]).get(int(number))
    row = CUSTOMERS.find(uow, (ident,)) if ident is not None else None
    if row is None or row["deleted_at"] is not None:
        raise Refused(Kind.UNAUTHENTICATED, Problem("customer_gone", "Who signed in is no customer any more."))
    return row


def _his(query: ListQuery, field: str, value: str) -> ListQuery:
    asked = () if query.where is None else query.where.terms if isinstance(query.where, All) else (query.where,)
    return replace(query, where=All((*asked, Comparison.of(field, "==", value))))
