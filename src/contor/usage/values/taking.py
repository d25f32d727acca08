"""How much of an option a contract takes, from a day on."""

import datetime as dt
from decimal import Decimal

from contor.catalogue.products import prices_of_options
from contor.catalogue.queries import plans_by_id
from contor.contracts.amend import ChangeContract, change_contract
from contor.contracts.course import phase_on, shown_quantities
from contor.contracts.drafting import RedraftContract, Redrafting, redraft
from contor.contracts.queries import plans_of
from contor.contracts.terms import ChangeBody, OptionQuantity, PhaseQuantities
from contor.contracts.types import Contract
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow, not_found
from contor.settings.queries import days_of_groups


@shape
class Taken:
    """What an option of a contract came to."""

    before: Decimal
    now: Decimal


def take_quantity(uow: Uow, contract: Contract, option_ident: str, quantity: Decimal, day: dt.date | None) -> Taken:
    """So much from a day on (None: today), or with the next interval where its price knows no parts of one; of a contract without a start
    from its beginning. What is so on that day stays as it is, and what was said of later days, too. The caller has locked the contract.
    Raises NOT_FOUND for an option that it has not, INVALID for a day on which it had it not yet."""
    plan = plans_by_id(uow, [contract.plan_id])[contract.plan_id]
    today = days_of_groups(uow).today(contract.billing_group_ident)
    price = prices_of_options(uow, [option_ident]).get(option_ident)
    by_days = price is None or price.pro_rata
    at = day if day is not None and by_days else max(day or today, today)
    at = max(at, contract.start_on or at)
    phase = phase_on(contract, plans_of(uow, [contract])[contract.contract_id], plan, at)
    quantities = shown_quantities(contract, at).get(phase.ident, {})
    before = quantities.get(option_ident)
    if before is None:
        if at < today and any(option_ident in given for given in shown_quantities(contract, today).values()):
            message = "lies before the day from which it is taken"
            raise Refused(Kind.INVALID, Problem("quantity_before_option", message, "effectiveDate", at))
        raise not_found("option_of_contract", option_ident, "ident")
    if before == quantity:
        return Taken(before=before, now=quantity)
    if contract.start_on is None:
        given = tuple(
            OptionQuantity(option_ident=ident, quantity=quantity if ident == option_ident else known)
            for ident, known in quantities.items()
        )
        body = Redrafting(option_quantities=(PhaseQuantities(phase_ident=phase.ident, option_quantity=given),))
        redraft(uow, RedraftContract(contract_ident=contract.contract_ident, body=body))
        return Taken(before=before, now=quantity)
    wanted = (OptionQuantity(option_ident=option_ident, quantity=quantity),)
    if by_days:
        change = ChangeBody(effective_date=at if day is not None else None, option_quantities=wanted)
    else:
        change = ChangeBody(timing="END_OF_PERIOD", option_quantities=wanted)
    change_contract(uow, ChangeContract(contract_ident=contract.contract_ident, body=change))
    return Taken(before=before, now=quantity)
