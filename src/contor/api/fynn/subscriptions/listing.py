"""Subscriptions as a list."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from contor.api.fynn.ids import CUSTOMER, SUBSCRIPTION
from contor.api.fynn.lists import anywhere
from contor.api.fynn.subscriptions.reading import PRODUCT, subscribed
from contor.api.fynn.subscriptions.shown import shown
from contor.api.route import By, IdsOf, Sought
from contor.catalogue.products import prices_of_product
from contor.contracts.labels import LABELLED, ListLabelled, list_labelled
from contor.contracts.types import Contract
from contor.kernel.operations import operation
from contor.runtime.query import ListQuery, Page
from contor.runtime.query.rsql import All, AnyOf, Comparison, Node
from contor.runtime.uow import Uow

STATUS: Final = ("draft", "offer", "active", "paused", "cancelled", "terminated")
_METHODS: Final = {"sepa_debit": "SEPA_DIRECT_DEBIT", "card": "CREDIT_CARD", "paypal": "PAYPAL", "bank_transfer": "BANK_TRANSFER"}
SOUGHT: Final = Sought(
    by={
        "id": By(field="contract_ident"),
        "number": By(field="number"),
        "externalId": By(field="external_ident"),
        "name": By(field="title", form="PART"),
        "customer": By(field="customer_ident"),
        "status": By(field="status", words={word: word for word in STATUS}),
        "paymentMethod.type": By(field="payment_type", words=_METHODS),
        "items.product.id": By(field="products"),
        "createdAt": By(field="created_at", form="INSTANT"),
        "activatedAt": By(field="start_on", form="DAY"),
        "contractDetails.contractEnd": By(field="end_date", form="DAY"),
    },
    order={
        "activatedAt": "start_on",
        "contractDetails.contractEnd": "end_on",
        "createdAt": "contract_id",
        "status": "standing",
        "trialEndsOn": "trial_until",
        "number": "contract_ident",
    },
    text=anywhere("contract_ident", "title", "external_ident", "customer_ident"),
    ignored=frozenset({"partner"}),
)
IDS: Final = IdsOf(query={"contract_ident": SUBSCRIPTION, "customer_ident": CUSTOMER, "products": PRODUCT})
FILTERABLE: Final = LABELLED


@dataclass(frozen=True, slots=True)
class Asked:
    query: ListQuery


@operation("fynn.subscription_list", permission="contracts.read", reads=True)
def list_subscriptions(uow: Uow, command: Asked) -> Page:
    """Subscriptions, the oldest first."""
    query, today = command.query, uow.ctx.today()
    where = _resolved(uow, query.where, today) if query.where is not None else None
    page = list_labelled(uow, ListLabelled(replace(query, where=where)))
    found: Sequence[Contract] = page.items  # type: ignore[assignment]  # what the list reads
    return replace(page, items=tuple(shown(uow, subscribed(uow, found))))


# helpers in calling order


def _resolved(uow: Uow, node: Node, today: dt.date) -> Node:
    """Words for a status as conditions of the core's facts today; products by the price plans that plans offer of them."""
    if isinstance(node, (All, AnyOf)):
        return type(node)(tuple([_resolved(uow, term, today) for term in node.terms]))
    if node.field == "products":
        prices = [price.ident for value in node.values for price in prices_of_product(uow, "".join(value.parts))]
        return Comparison.of("option_ident", "=in=", *(prices or ["-"]))
    if node.field != "status":
        return node
    said = [_CONDITIONS["".join(value.parts)](today.isoformat()) for value in node.values]
    return said[0] if len(said) == 1 else AnyOf(tuple(said))


def _is(field: str, truth: bool) -> Comparison:
    return Comparison.of(field, "==", "true" if truth else "false")


def _running(*terms: Node) -> Node:
    return All((_is("has_start", True), _is("has_end", False), *terms))


_CONDITIONS: Final[Mapping[str, Callable[[str], Node]]] = {
    "draft": lambda today: All((_is("has_start", False), _is("has_end", False))),
    "offer": lambda today: All((_is("has_start", True), _is("has_start", False))),
    "active": lambda today: _running(
        AnyOf((Comparison.of("paused_since", ">", today), Comparison.of("paused_until", "<=", today)))
    ),
    "paused": lambda today: _running(Comparison.of("paused_since", "<=", today), Comparison.of("paused_until", ">", today)),
    "cancelled": lambda today: All((_is("is_cancelled", False), Comparison.of("end_on", ">", today))),
    "terminated": lambda today: AnyOf(
        (Comparison.of("end_on", "<=", today), All((Comparison.of("end_on", ">", today), _is("is_cancelled", True))))
    ),
}
