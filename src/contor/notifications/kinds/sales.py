"""What is told of orders and contracts."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from contor.contracts.events import (
    ContractsCancelled,
    ContractsChanged,
    ContractsCreated,
    ContractsEnded,
    ContractsStarted,
    OptionsAdded,
)
from contor.contracts.queries import contracts_by_id, contracts_by_ident_unlocked
from contor.contracts.types import Contract
from contor.notifications.events import ContractsExpired, ContractsRenewed
from contor.notifications.kinds.declared import notified
from contor.notifications.types import Notice
from contor.orders.told import ContractLinesChanged, OrdersCancelled, OrdersCreated, OrdersUpdated, parties_of_orders
from contor.runtime.uow import Uow


@notified(OrdersCreated, {"order.created": "An order was accepted."})
def orders_created(uow: Uow, fact: OrdersCreated) -> Iterator[Notice]:
    return _orders(uow, "order.created", fact.order_idents)


@notified(OrdersUpdated, {"order.updated": "An order, its lines, deposits or files were changed."})
def orders_updated(uow: Uow, fact: OrdersUpdated) -> Iterator[Notice]:
    return _orders(uow, "order.updated", fact.order_idents)


@notified(OrdersCancelled, {"order.cancelled": "An order was cancelled: what was billed is credited."})
def orders_cancelled(uow: Uow, fact: OrdersCancelled) -> Iterator[Notice]:
    return _orders(uow, "order.cancelled", fact.order_idents)


@notified(ContractsCreated, {"contract.created": "A contract was created."})
def contracts_created(uow: Uow, fact: ContractsCreated) -> Iterator[Notice]:
    return told_of_contracts("contract.created", contracts_by_id(uow, fact.contract_ids).values())


@notified(
    ContractsChanged,
    {"contract.updated": "A contract was changed or activated, its lines or files changed, or its end moved earlier."},
)
def contracts_changed(uow: Uow, fact: ContractsChanged) -> Iterator[Notice]:
    return told_of_contracts("contract.updated", contracts_by_id(uow, fact.contract_ids).values())


@notified(OptionsAdded, {})
def options_added(uow: Uow, fact: OptionsAdded) -> Iterator[Notice]:
    return told_of_contracts("contract.updated", contracts_by_id(uow, fact.contract_ids).values())


@notified(ContractsStarted, {})
def contracts_started(uow: Uow, fact: ContractsStarted) -> Iterator[Notice]:
    """One that is created with a start is told as created."""
    new = {number for other in uow.events if isinstance(other, ContractsCreated) for number in other.contract_ids}
    return told_of_contracts("contract.updated", contracts_by_id(uow, set(fact.contract_ids) - new).values())


@notified(ContractLinesChanged, {})
def contract_lines_changed(uow: Uow, fact: ContractLinesChanged) -> Iterator[Notice]:
    return told_of_contracts("contract.updated", contracts_by_ident_unlocked(uow, fact.contract_idents).values())


@notified(ContractsRenewed, {"contract.renewed": "A contract goes on for another term, by itself."})
def contracts_renewed(uow: Uow, fact: ContractsRenewed) -> Iterator[Notice]:
    return told_of_contracts("contract.renewed", contracts_by_id(uow, fact.contract_ids).values())


@notified(ContractsExpired, {"contract.expired": "The last day of a contract is over."})
def contracts_expired(uow: Uow, fact: ContractsExpired) -> Iterator[Notice]:
    return told_of_contracts("contract.expired", contracts_by_id(uow, fact.contract_ids).values())


_ENDS = {"ORDINARY": "contract.terminated", "EXTRAORDINARY": "contract.cancelled", "CANCELLED": "contract.cancelled"}


@notified(
    ContractsEnded,
    {
        "contract.terminated": "Ordinary notice was given: the contract ends with a term.",
        "contract.cancelled": "A contract was ended for an extraordinary reason, or is as if it had never been.",
    },
)
def contracts_ended(uow: Uow, fact: ContractsEnded) -> Iterator[Notice]:
    for contract in contracts_by_id(uow, fact.contract_ids).values():
        yield from told_of_contracts(_ENDS.get(contract.end_kind or "", "contract.updated"), [contract])


@notified(ContractsCancelled, {})
def contracts_cancelled(uow: Uow, fact: ContractsCancelled) -> Iterator[Notice]:
    return told_of_contracts("contract.cancelled", contracts_by_id(uow, fact.contract_ids).values())


def _orders(uow: Uow, type: str, idents: Sequence[str]) -> Iterator[Notice]:
    for party in parties_of_orders(uow, idents).values():
        content = {
            "orderIdent": party.order_ident,
            "customerIdent": party.customer_ident,
            "businessSegmentIdent": party.business_segment_ident,
        }
        yield Notice(type, f"order:{party.order_ident}", content)


def told_of_contracts(type: str, contracts: Collection[Contract]) -> Iterator[Notice]:
    for contract in contracts:
        content = {
            "contractId": contract.contract_id,
            "contractIdent": contract.contract_ident,
            "customerIdent": contract.customer_ident,
            "businessSegmentIdent": contract.business_segment_ident,
            "startDate": contract.start_on,
            "endDate": None if contract.end_on is None else contract.end_on - dt.timedelta(days=1),
            "endKind": contract.end_kind,
        }
        yield Notice(type, f"contract:{contract.contract_ident}", content)


class Carts(Protocol):
    """`checkout.carts_completed`, `checkout.carts_paid`."""

    cart_idents: Sequence[str]


@notified("checkout.carts_completed", {"cart.completed": "Somebody has ordered what was in a cart."})
def carts_completed(uow: Uow, fact: Carts) -> Iterator[Notice]:
    return _carts("cart.completed", fact)


@notified("checkout.carts_paid", {"cart.paid": "What was ordered at once is paid, or costs nothing."})
def carts_paid(uow: Uow, fact: Carts) -> Iterator[Notice]:
    return _carts("cart.paid", fact)


def _carts(type: str, fact: Carts) -> Iterator[Notice]:
    return (Notice(type, f"cart:{ident}", {"cartIdent": ident}) for ident in fact.cart_idents)
