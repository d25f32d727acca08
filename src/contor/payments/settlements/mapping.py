"""How tables of an account's provider are read, where that is none of the known ones."""

from dataclasses import dataclass

import msgspec

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.payments.accounts import ACCOUNTS
from contor.payments.settlements import tables
from contor.payments.settlements.queries import mapping_of
from contor.payments.settlements.types import SettlementMapping
from contor.runtime.uow import Uow, not_found


@dataclass(frozen=True, slots=True)
class OneMapping:
    merchant_payment_account_ident: str


@dataclass(frozen=True, slots=True)
class PutMapping:
    merchant_payment_account_ident: str
    body: SettlementMapping


@operation("settlement_mapping.get", permission="payments.read", reads=True)
def get_mapping(uow: Uow, command: OneMapping) -> SettlementMapping:
    """The account's mapping."""
    ident = command.merchant_payment_account_ident
    ACCOUNTS.require(uow, (ident,))
    if (found := mapping_of(uow, ident)) is None:
        raise not_found("settlement_mapping", ident)
    return found


@operation("settlement_mapping.put", permission="payments.write")
def put_mapping(uow: Uow, command: PutMapping) -> SettlementMapping:
    """Create or replace it."""
    ident, body = command.merchant_payment_account_ident, command.body
    ACCOUNTS.require(uow, (ident,), lock=True)
    words = [entry.value for entry in body.types]
    twice = [(n, word) for n, word in enumerate(words) if word in words[:n]]
    if twice:
        raise Refused(
            Kind.INVALID,
            *(Problem("settlement_type_twice", "The word is explained already.", f"types[{n}].value", word) for n, word in twice),
        )
    uow.run("DELETE FROM settlement_mapping WHERE account_ident = %s", (ident,))
    row = {"account_ident": ident, "mapping": msgspec.to_builtins(body), "last_modified_at": uow.ctx.now()}
    uow.insert(tables.settlement_mapping, [row])
    uow.audit("settlement_mapping", ident, {"after": body})
    return body


@operation("settlement_mapping.delete", permission="payments.write")
def delete_mapping(uow: Uow, command: OneMapping) -> None:
    """Tables that are not known are kept aside again."""
    ident = command.merchant_payment_account_ident
    ACCOUNTS.require(uow, (ident,))
    if not uow.run("DELETE FROM settlement_mapping WHERE account_ident = %s", (ident,)):
        raise not_found("settlement_mapping", ident)
    uow.audit("settlement_mapping", ident, {"deleted": True})
