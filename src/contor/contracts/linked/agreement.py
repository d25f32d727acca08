"""What a customer sees of his contract, and does to it, who has a link to it: takes more or less of what it offers besides, ends it, takes
it up again."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from contor.catalogue.queries import options_by_ident, plans_by_id
from contor.catalogue.rules import version_at
from contor.catalogue.types import Duration, Option
from contor.contracts.amend import ChangeContract, change_contract
from contor.contracts.calendar import ordinary_end, pending_end, performance
from contor.contracts.change import TerminateContract, locked_contracts, terminate
from contor.contracts.course import named, phase_on, priced, taken_on
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
PIECES = "PC"
"""What is counted in pieces is taken in whole ones; hours and kilowatt-hours are measured."""


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
    in_pieces: bool
    """Whether only whole ones are taken."""
    unit_price: Decimal | None
    """For an interval, before discounts; None: the price goes by the quantity, or none holds."""
    includes_tax: bool


@shape
class Agreement:
    contract_ident: str
    name: str
    """What the contract is of."""
    would_end_on: dt.date
    """The last day, where notice is given today."""
    is_over: bool
    """Its last day is behind: who takes it up again begins anew."""
    interval: Duration
    """For which prices are."""
    currency: str
    choices: tuple[Choice, ...]


@shape
class ChooseOptions:
    contract_id: int
    quantities: Annotated[tuple[OptionQuantity, ...], Field(max_length=200)] = ()
    seen: Annotated[tuple[OptionQuantity, ...], Field(max_length=200)] = ()
    """What the contract had when the costs were shown: has it something else by now, they were others."""


@operation("contract.agreement", permission="contracts.read", reads=True)
def get_agreement(uow: Uow, command: AgreementOf) -> Agreement:
    """A contract as its customer sees it."""
    contract = require_contract(uow, command.contract_id)
    plan = plans_by_id(uow, [contract.plan_id])[contract.plan_id]
    course, today = plans_of(uow, [contract])[contract.contract_id], days_of_groups(uow).today(contract.billing_group_ident)
    return Agreement(
        contract_ident=contract.contract_ident,
        name=plan.content.name,
        would_end_on=_would_end_on(uow, contract),
        is_over=performance(contract.start_on, contract.end_on, today) == "ENDED",
        interval=phase_on(contract, course, plan, today).billing_config.billing_interval,
        currency=plan.content.currency,
        choices=_choices(uow, contract),
    )


@operation("contract.choose_options", permission="contracts.write")
def choose_options(uow: Uow, command: ChooseOptions) -> None:
    """From today on the contract has these quantities of what it may have or not; what is not named stays, and so does what is the same.
    Raises CONFLICT where it has not what was `seen`."""
    ident = require_contract(uow, command.contract_id).contract_ident
    (contract,) = locked_contracts(uow, [ident])
    choices = _choices(uow, contract)
    changed = changed_choices(choices, command.quantities)
    if not changed:
        return
    has = {one.option_ident: one.quantity for one in choices}
    if any(has.get(one.option_ident) != one.quantity for one in command.seen):
        raise Refused(Kind.CONFLICT, Problem("contract_changed_meanwhile", "The contract was changed meanwhile.", "seen"))
    change_contract(uow, ChangeContract(contract_ident=ident, body=ChangeBody(option_quantities=changed)))


def changed_choices(choices: Sequence[Choice], wanted: Sequence[OptionQuantity]) -> tuple[OptionQuantity, ...]:
    """What differs from what the contract has; raises every finding of what is no choice or no quantity of it."""
    known = {one.option_ident: one for one in choices}
    problems, changed = [], []
    for one in wanted:
        choice = known.get(one.option_ident)
        if choice is None:
            problems.append(Problem("option_unknown", f"{one.option_ident[:100]} is no choice of this contract.", "quantities"))
        elif one.quantity != choice.quantity:
            changed.append(one)
            if choice.in_pieces and one.quantity != one.quantity.to_integral_value():
                problems.append(
                    Problem("quantity_not_whole", f"{choice.name} is taken in whole pieces.", "quantities", one.option_ident)
                )
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return tuple(changed)


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
    places = contract.places.tax_location
    where = (places.country, places.region, contract.content.operating_site_ident)
    return tuple(
        _choice(contract, options[ident], today, where, taken.get(ident, ZERO))
        for ident in optional
        if options[ident].type in RECURS
    )


def _choice(
    contract: Contract, option: Option, today: dt.date, where: tuple[str, str | None, str | None], quantity: Decimal
) -> Choice:
    costs = priced(contract, option, today, (), where)
    content = costs.content if costs is not None else named(contract, option.option_ident, version_at(option, today).content)
    each = costs.unit_price if costs is not None and not costs.price.price_tiers else None
    return Choice(
        option_ident=option.option_ident,
        name=content.product_name or content.name,
        quantity=quantity,
        in_pieces=content.quantity_type == PIECES,
        unit_price=each,
        includes_tax=costs is not None and costs.price.net_gross_indicator == "GROSS",
    )
