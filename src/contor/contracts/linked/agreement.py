"""What a customer sees of his contract, and does to it, who has a link to it: takes more or less of what it offers besides, ends it, takes
it up again."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from contor.catalogue.queries import options_by_ident, plans_by_id
from contor.catalogue.rules import version_at
from contor.contracts.amend import ChangeContract, change_contract
from contor.contracts.calendar import ordinary_end, pending_end, performance
from contor.contracts.change import TerminateContract, terminate
from contor.contracts.course import named, phase_on, taken_on
from contor.contracts.life import ReactivateContract, WithdrawTermination, reactivate, withdraw_termination
from contor.contracts.queries import plans_of
from contor.contracts.read import require_contract
from contor.contracts.terms import ChangeBody, OptionQuantity
from contor.contracts.types import Contract, Termination
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups

DAY = dt.timedelta(days=1)
RECURS = ("RECURRING", "QUANTITY")


@shape
class AgreementOf:
    contract_id: int


@shape
class TakeUp:
    contract_id: int


@shape
class Choice:
    """An option that the contract may have, or not."""

    option_ident: str
    name: str
    quantity: Decimal
    """That it has today."""


@shape
class Agreement:
    contract_ident: str
    name: str
    """What the contract is of."""
    would_end_on: dt.date
    """The last day, where notice is given today."""
    choices: tuple[Choice, ...]


@shape
class ChooseOptions:
    contract_id: int
    quantities: Annotated[tuple[OptionQuantity, ...], Field(max_length=200)] = ()


@operation("contract.agreement", permission="contracts.read", reads=True)
def get_agreement(uow: Uow, command: AgreementOf) -> Agreement:
    """A contract as its customer sees it."""
    contract = require_contract(uow, command.contract_id)
    plan = plans_by_id(uow, [contract.plan_id])[contract.plan_id]
    return Agreement(
        contract_ident=contract.contract_ident,
        name=plan.content.name,
        would_end_on=_would_end_on(uow, contract),
        choices=_choices(uow, contract),
    )


@operation("contract.choose_options", permission="contracts.write")
def choose_options(uow: Uow, command: ChooseOptions) -> None:
    """From today on the contract has these quantities of what it may have or not; what is not named stays, and so does what is the same."""
    contract = require_contract(uow, command.contract_id)
    known = {one.option_ident: one.quantity for one in _choices(uow, contract)}
    foreign = [one.option_ident for one in command.quantities if one.option_ident not in known]
    if foreign:
        problems = [Problem("option_unknown", f"{ident[:100]} is no choice of this contract.", "quantities") for ident in foreign]
        raise Refused(Kind.INVALID, *problems)
    changed = tuple(one for one in command.quantities if known[one.option_ident] != one.quantity)
    if changed:
        body = ChangeBody(option_quantities=changed)
        change_contract(uow, ChangeContract(contract_ident=contract.contract_ident, body=body))


@operation("contract.give_notice", permission="contracts.write")
def give_notice(uow: Uow, command: AgreementOf) -> dt.date:
    """Ordinary notice, given today; the last day."""
    contract = require_contract(uow, command.contract_id)
    ended = terminate(uow, TerminateContract(contract_ident=contract.contract_ident, body=Termination()))
    assert ended.end_date is not None
    return ended.end_date


@operation("contract.take_up", permission="contracts.write")
def take_up(uow: Uow, command: TakeUp) -> None:
    """Withdraw the termination, or, where it has taken effect, begin again today."""
    contract = require_contract(uow, command.contract_id)
    today = days_of_groups(uow).today(contract.billing_group_ident)
    if performance(contract.start_on, contract.end_on, today) == "ENDED":
        reactivate(uow, ReactivateContract(contract_ident=contract.contract_ident))
    else:
        withdraw_termination(uow, WithdrawTermination(contract_ident=contract.contract_ident))


# helpers in calling order


def _would_end_on(uow: Uow, contract: Contract) -> dt.date:
    if contract.end_on is not None:
        return contract.end_on - DAY
    today = days_of_groups(uow).today(contract.billing_group_ident)
    course = plans_of(uow, [contract])[contract.contract_id]
    if contract.start_on is None:
        return pending_end(course.content.pending_contract_terms, today) - DAY
    return ordinary_end(course.content, contract.start_on, today, contract.life) - DAY


def _choices(uow: Uow, contract: Contract) -> tuple[Choice, ...]:
    plan = plans_by_id(uow, [contract.plan_id])[contract.plan_id]
    course, today = plans_of(uow, [contract])[contract.contract_id], days_of_groups(uow).today(contract.billing_group_ident)
    phase = phase_on(contract, course, plan, today)
    taken = taken_on(contract, phase, today)
    optional = [link.option_ident for link in phase.linked_options if link.minimum == 0]
    options = options_by_ident(uow, optional) if optional else {}
    found = []
    for ident in optional:
        if options[ident].type in RECURS:
            content = named(contract, ident, version_at(options[ident], today).content)
            name = content.product_name or content.name
            found.append(Choice(option_ident=ident, name=name, quantity=taken.get(ident, ZERO)))
    return tuple(found)
