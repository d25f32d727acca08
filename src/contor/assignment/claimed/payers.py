"""Whose payments are that wait while a dunning run looks: who has paid from an account before may have paid from it again."""

from contor.assignment.finding import customers_known
from contor.dunning.events import MoneyWaits
from contor.dunning.runs import name_payers
from contor.kernel.events import on
from contor.runtime.uow import Uow


@on(MoneyWaits)
def say_who_paid(uow: Uow, fact: MoneyWaits) -> None:
    """As far as it was learned from what was assigned."""
    name_payers(uow, fact.run_ident, fact.waiting, customers_known(uow, fact.waiting))
