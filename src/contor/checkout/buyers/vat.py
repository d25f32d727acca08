"""A VAT id that somebody says who orders: a register is asked while he waits, and what it says is kept as proof at the customer."""

from typing import NamedTuple

from contor.checkout.types import OrderAddress
from contor.kernel.context import Caller
from contor.kernel.operations import operation
from contor.kernel.shapes import Name255, Text255, shape
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow
from contor.settings.identifiers import VatId, vat_id_problems
from contor.tax.vat_numbers import Asked, Question, asked_now, is_asked_for


@shape
class CheckCartVat:
    vat_id: VatId
    name: Name255 | None = None
    street: Text255 | None = None
    postal_code: Text255 | None = None
    city: Text255 | None = None


@shape
class CartVat:
    """What a register says. `valid`: None where none answers."""

    vat_id: str
    valid: bool | None
    reason: str | None = None
    name: str | None = None
    address: str | None = None


class Heard(NamedTuple):
    """What was asked before the transaction began."""

    vat_id: str
    questions: tuple[Question, ...]


def ask(runtime: Runtime, who: Caller, vat_id: str, known: Asked) -> Heard:
    """No number is asked about that no register knows."""
    return Heard(vat_id, asked_now(runtime, who, vat_id, known) if is_asked_for(vat_id) else ())


def ask_who_orders(runtime: Runtime, who: Caller, said: OrderAddress | None) -> Heard | None:
    """About the number that he says with his address, if he says one."""
    if said is None or said.vat_id is None:
        return None
    name = said.company or " ".join(filter(None, (said.first_name, said.last_name))) or None
    street = " ".join(filter(None, (said.street, said.street_no))) or None
    return ask(runtime, who, said.vat_id, Asked(name=name, street=street, postal_code=said.zip, city=said.city))


def _ask(runtime: Runtime, command: CheckCartVat, caller: Caller) -> Heard:
    known = Asked(name=command.name, street=command.street, postal_code=command.postal_code, city=command.city)
    return ask(runtime, caller, command.vat_id, known)


@operation("cart.check_vat_id", permission="contracts.read", reads=True, asks=_ask)
def check_vat_id(uow: Uow, command: CheckCartVat) -> CartVat:
    """What a register says of it now. Nothing is kept: the order asks again."""
    problems = list(vat_id_problems(command.vat_id, uow.ctx.environment))
    if problems:
        return CartVat(vat_id=command.vat_id, valid=False, reason=problems[0].message)
    assert isinstance(uow.brought, Heard)
    if not uow.brought.questions:
        return CartVat(vat_id=command.vat_id, valid=None, reason="no register answers about it")
    heard = uow.brought.questions[-1].heard
    valid = {"VALID": True, "INVALID": False}.get(heard.outcome)
    return CartVat(vat_id=command.vat_id, valid=valid, reason=heard.reason, name=heard.name, address=heard.address)
