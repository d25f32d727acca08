"""The things that webhooks tell of, each as its own route answers it: those of a batch are read together."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from contor.api.fynn.catalogue import coupons_told, price_plans_told, products_told
from contor.api.fynn.checkout import cart_shown
from contor.api.fynn.customers import customers_shown
from contor.api.fynn.dunning import dunning_documents_shown
from contor.api.fynn.features import entitlements_told, features_told
from contor.api.fynn.ids import CUSTOMER
from contor.api.fynn.invoices import invoice_id, invoice_view
from contor.api.fynn.payments import shown_methods
from contor.api.fynn.push.words import Said, Thing
from contor.api.fynn.subscriptions import subscriptions_of
from contor.api.ids import DialectIds, as_uuid
from contor.checkout.carts import OneCart, get_cart
from contor.contracts.queries import contracts_by_id
from contor.customers.customers import CUSTOMERS
from contor.documents.papers import papers_of_documents
from contor.kernel.shapes import shape
from contor.notifications.formats import Told
from contor.runtime.uow import Uow

Notices = Sequence[tuple[Told, Said]]
Show = Callable[[Uow, Notices], Sequence[object | None]]
"""What is told of each notification, a shape of the part, in their order; None: the thing is gone, and nothing is told."""


@shape
class GoneShown:
    """A thing that was deleted: no more is known of it."""

    id: str


def _customers(uow: Uow, told: Notices) -> list[object | None]:
    idents = [str(said.get("customerIdent")) for _, said in told]
    rows = [row for ident in dict.fromkeys(idents) if (row := CUSTOMERS.find(uow, (ident,))) is not None]
    known: dict[str, object] = dict(zip([row["customer_ident"] for row in rows], customers_shown(uow, rows), strict=True))
    return [
        _gone(uow, CUSTOMER, said.get("customerId")) if one.type == "customer.deleted" else known.get(ident)
        for ident, (one, said) in zip(idents, told, strict=True)
    ]


def _invoices(uow: Uow, told: Notices) -> list[object | None]:
    """Drafts by their number, documents by theirs: an invoice keeps its id when it is finalized."""
    documents = {number for _, said in told if (number := _document(said)) is not None}
    papers = {one.document_id: one.id for one in papers_of_documents(uow, documents)} if documents else {}
    numbers = [papers.get(number) if (number := _document(said)) is not None else said.get("draftId") for _, said in told]
    wanted = list(dict.fromkeys(number for number in numbers if isinstance(number, int)))
    known = {shown.id: shown for shown in invoice_view(uow, wanted)}
    return [known.get(_invoice(uow, number)) for number in numbers]


def _letters(uow: Uow, told: Notices) -> list[object | None]:
    idents = [str(said.get("dunningLetterIdent")) for _, said in told]
    known = dunning_documents_shown(uow, list(dict.fromkeys(idents)))
    return [known.get(ident) for ident in idents]


def _subscriptions(uow: Uow, told: Notices) -> list[object | None]:
    numbers = [number for _, said in told if isinstance(number := said.get("contractId"), int)]
    contracts = contracts_by_id(uow, set(numbers))
    known: dict[object, object] = dict(zip(contracts, subscriptions_of(uow, list(contracts.values())), strict=True))
    return [known.get(said.get("contractId")) for _, said in told]


def _carts(uow: Uow, told: Notices) -> list[object | None]:
    return [cart_shown(uow, get_cart(uow, OneCart(cart_ident=str(said["cartIdent"])))) for _, said in told]


def _methods(uow: Uow, told: Notices) -> list[object | None]:
    known = shown_methods(uow, {str(said.get("paymentMethodIdent")) for _, said in told})
    return [known.get(str(said.get("paymentMethodIdent"))) for _, said in told]


THINGS: Final[Mapping[Thing, Show]] = {
    "cart": _carts,
    "coupon": coupons_told,
    "customer": _customers,
    "dunning_document": _letters,
    "entitlements": entitlements_told,
    "feature": features_told,
    "invoice": _invoices,
    "payment_method": _methods,
    "price_plan": price_plans_told,
    "product": products_told,
    "subscription": _subscriptions,
}


# helpers in calling order


def _document(said: Said) -> int | None:
    number = said.get("invoice_id", said.get("documentId"))
    return number if isinstance(number, int) else None


def _invoice(uow: Uow, number: object) -> str:
    return invoice_id(uow, number) if isinstance(number, int) else ""


def _gone(uow: Uow, ids: DialectIds, number: object) -> GoneShown | None:
    return GoneShown(id=as_uuid(number, f"{uow.ctx.tenant_id}:{ids.things.kind}")) if isinstance(number, int) else None
