"""A cart is paid when nothing is open any more on its first document; one that comes later than the order is its cart's from then on."""

from collections.abc import Collection

from contor.billing.events import ItemsBilled
from contor.checkout.carts import write_cart
from contor.checkout.events import CartsPaid
from contor.checkout.queries import any_without_document, carts_of_contracts, carts_of_documents, carts_of_orders
from contor.contracts.queries import contracts_by_id
from contor.kernel.events import on
from contor.kernel.money import ZERO
from contor.openitems.events import CasesCleared, CasesMoved
from contor.openitems.stored import balances_of
from contor.orders.queries import orders_by_id
from contor.runtime.uow import Uow


@on(CasesMoved)
def cases_moved(uow: Uow, fact: CasesMoved) -> None:
    _settled(uow, fact.document_ids)


@on(CasesCleared)
def cases_cleared(uow: Uow, fact: CasesCleared) -> None:
    _settled(uow, fact.document_ids)


@on(ItemsBilled)
def first_billed(uow: Uow, fact: ItemsBilled) -> None:
    """Of contracts and orders that brought no document when they were placed: a trial, a register that did not answer, a customer who is
    not billed for a while."""
    _of_orders(uow, fact)
    if not any_without_document(uow):  # of whole runs there is nobody
        return
    of = {item.contract_id: number for number, items in fact.papers for item in items if item.contract_id is not None}
    numbers = {one.contract_ident: one.contract_id for one in contracts_by_id(uow, of).values()}
    for cart in carts_of_contracts(uow, numbers):
        write_cart(uow, cart, document_id=of[numbers[cart.contract_ident or ""]])


# helpers in calling order


def _of_orders(uow: Uow, fact: ItemsBilled) -> None:
    of = {item.contract_id: number for number, items in fact.papers for item in items if item.of_order}
    orders = {one.order_ident: one for one in orders_by_id(uow, of).values()} if of else {}
    if not orders:
        return
    for cart in carts_of_orders(uow, {one.customer_ident for one in orders.values()}, orders):
        write_cart(uow, cart, document_id=of[orders[cart.order_ident or ""].contract_id])


def _settled(uow: Uow, documents: Collection[int]) -> None:
    carts = carts_of_documents(uow, documents)
    balances = balances_of(uow, [cart.document_id for cart in carts if cart.document_id is not None]) if carts else {}
    paid = [cart for cart in carts if cart.document_id is not None and balances.get(cart.document_id) == ZERO]
    for cart in paid:
        write_cart(uow, cart, paid_at=uow.ctx.now())
    if paid:
        uow.emit(CartsPaid(cart_idents=tuple(cart.ident for cart in paid)))
