"""Why nothing is billed now: by the contract, whatever its items, or because the bill would be refused."""

import datetime as dt
from collections.abc import Iterable

from contor.billing.items import Holding, Why
from contor.billing.outlook.types import Reason
from contor.contracts.calendar import Life, performance
from contor.contracts.types import Contract
from contor.kernel.errors import Kind, Problem, Refused


def reason_of_contract(contract: Contract, holding: Holding) -> Why | None:
    """None: it bills as agreed."""
    today = holding.days.today(contract.billing_group_ident)
    if contract.start_on is None:
        return Why("CONTRACT_PENDING", "the contract has no start yet: activate it")
    if contract.end_on is not None and performance(contract.start_on, contract.end_on, today) == "ENDED":
        last = contract.end_on - dt.timedelta(days=1)
        return Why("CONTRACT_ENDED", f"the contract has ended on {last}" if contract.end_kind != "CANCELLED" else "it is cancelled")
    if contract.start_on > today:
        return Why("NOT_DUE_YET", f"the contract begins on {contract.start_on}")
    if contract.billing_start_on is not None and contract.billing_start_on > today:
        return Why("NOT_DUE_YET", f"it is billed from {contract.billing_start_on} on")
    if (why := reason_of_life(contract.life, today)) is not None:
        return why
    found = holding.of_due()
    return None if found.code == "DUE" else found


def reason_of_life(life: Life | None, today: dt.date) -> Why | None:
    """Why a contract that runs charges nothing recurring; None: its life does not say so."""
    if life is None:
        return None
    if (pause := life.pause_on(today)) is not None:
        until = "someone resumes it" if pause.until is None else f"it goes on on {pause.until}"
        given = f": {pause.reason}" if pause.reason else ""
        return Why("PAUSED", f"the contract is paused since {pause.since}, until {until}{given}", pause.reason)
    if life.trial is not None and life.in_trial(today):
        return Why("IN_TRIAL", f"the contract is in its trial until {life.trial.until - dt.timedelta(days=1)}")
    if (moved := next((one for one in life.postponements if one.since <= today < one.until), None)) is not None:
        return Why("NOT_DUE_YET", f"its interval of {moved.since} is postponed to {moved.until}")
    return None


def told(why: Why) -> Reason:
    """As it is answered."""
    return Reason(code=why.code, text=why.text)


def require_billable(reasons: Iterable[Why | Reason | None]) -> None:
    """`reasons`: why something of an order that is looked at is not billed. Raises INVALID where its bill would be refused: what has no
    price is not shown as if it cost nothing. What goes on by itself is billed later."""
    texts = dict.fromkeys(one.text for one in reasons if one is not None and one.code == "ERROR")
    if texts:
        raise Refused(Kind.INVALID, *[Problem("not_billable", f"The bill would be refused: {text}") for text in texts])
