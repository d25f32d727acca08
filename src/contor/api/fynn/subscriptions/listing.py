"""Subscriptions as a list."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from contor.api.fynn.ids import CUSTOMER, SUBSCRIPTION
from contor.api.fynn.lists import anywhere
from contor.api.fynn.subscriptions.reading import PRODUCT, subscribed
from contor.api.fynn.subscriptions.shown import DAY, shown
from contor.api.route import By, IdsOf, Sought
from contor.catalogue.products import prices_of_product
from contor.contracts.labels import CANCELLED, DRAFT, ENDING, LABELLED, PAUSING, RUNNING, ListLabelled, list_labelled
from contor.contracts.types import Contract
from contor.kernel.operations import operation
from contor.payments.methods import PAYMENT_TYPES
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
        "status": By(field="standing", words={word: word for word in STATUS}),
        "paymentMethod.type": By(field="payment_type", words=_METHODS),
        "items.product.id": By(field="option_ident"),
        "createdAt": By(field="created_at", form="INSTANT"),
        "activatedAt": By(field="start_on", form="DAY"),
        "contractDetails.contractEnd": By(field="end_on", form="DAY"),
    },
    order={
        "activatedAt": "start_on",
        "contractDetails.contractEnd": "end_on",
        "createdAt": "contract_id",
        "status": "standing",
        "trialEndsOn": "trial_until",
        "number": "contract_ident",
    },
    text=anywhere("contract_ident", "title", "called", "customer_ident"),
    ignored=frozenset({"partner"}),
)
IDS: Final = IdsOf(query={"contract_ident": SUBSCRIPTION, "customer_ident": CUSTOMER, "option_ident": PRODUCT})
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
    """Words for a status as conditions of the core's facts today; a last day as the day behind it; products by the price plans that plans
    offer of them."""
    if isinstance(node, (All, AnyOf)):
        return type(node)(tuple([_resolved(uow, term, today) for term in node.terms]))
    if node.field == "number":
        return replace(node, field="contract_ident")
    if node.field == "end_on":
        last = dt.date.fromisoformat(node.values[0].text)
        return Comparison.of("end_on", node.operator, (min(last, dt.date.max - DAY) + DAY).isoformat())
    if node.field == "option_ident":
        prices = [price.ident for value in node.values for price in prices_of_product(uow, value.text)]
        return Comparison.of("option_ident", "=in=", *(prices or ["-"]))
    if node.field == "payment_type":
        ways = [_paid_by(value.text) for value in node.values]
        return ways[0] if len(ways) == 1 else AnyOf(tuple(ways))
    if node.field != "standing":
        return node
    said = [_CONDITIONS[value.text](today.isoformat()) for value in node.values]
    return said[0] if len(said) == 1 else AnyOf(tuple(said))


def _paid_by(kind: str) -> Node:
    """As it is shown: what names no payment method is paid by the customer's default one."""
    own, other = Comparison.of("payment_type", "==", kind), Comparison.of("payment_type", "==", "BANK_TRANSFER")
    if kind == "BANK_TRANSFER":
        return All((own, Comparison.of("paid_by_default", "==", "NONE")))
    method = next(name for name, found in PAYMENT_TYPES.items() if found == kind)
    by_default = Comparison.of("paid_by_default", "==", method)
    return AnyOf((All((own, Comparison.of("paid_by_default", "=in=", "NONE", method))), All((other, by_default))))


def _stands(*places: int) -> Comparison:
    return Comparison.of("standing", "==" if len(places) == 1 else "=in=", *map(str, places))


def _is_paused(truth: bool) -> Comparison:
    return Comparison.of("paused", "==", "true" if truth else "false")


_CONDITIONS: Final[Mapping[str, Callable[[str], Node]]] = {
    "draft": lambda today: _stands(DRAFT),
    "offer": lambda today: All((_stands(DRAFT), _stands(CANCELLED))),
    "active": lambda today: All((_stands(RUNNING, PAUSING), _is_paused(False))),
    "paused": lambda today: All((_stands(PAUSING), _is_paused(True))),
    "cancelled": lambda today: All((_stands(ENDING), Comparison.of("end_on", ">", today))),
    "terminated": lambda today: AnyOf((_stands(CANCELLED), All((_stands(ENDING), Comparison.of("end_on", "<=", today))))),
}
