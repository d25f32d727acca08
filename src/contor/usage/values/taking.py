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
    from its beginning. What is so already stays. The caller has locked the contract. Raises NOT_FOUND for an option that it has not."""
    plan = plans_by_id(uow, [contract.plan_id])[contract.plan_id]
    today = days_of_groups(uow).today(contract.billing_group_ident)
    phase = phase_on(contract, plans_of(uow, [contract])[contract.contract_id], plan, today)
    quantities = shown_quantities(contract, max(day or today, today)).get(phase.ident, {})
    before = quantities.get(option_ident)
    if before is None:
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
    price = prices_of_options(uow, [option_ident]).get(option_ident)
    if price is not None and not price.pro_rata:
        change = ChangeBody(timing="END_OF_PERIOD", option_quantities=wanted)
    else:
        change = ChangeBody(effective_date=day, option_quantities=wanted)
    change_contract(uow, ChangeContract(contract_ident=contract.contract_ident, body=change))
    return Taken(before=before, now=quantity)
