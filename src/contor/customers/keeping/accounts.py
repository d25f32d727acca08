"""Which account a customer has in the books, where somebody chooses it: debtors come along with their numbers from other books."""

from typing import Annotated

from pydantic import Field

from contor.customers.customers import CUSTOMERS
from contor.customers.events import DebtorAccountsChosen
from contor.customers.own import FIRST_DEBTOR, FURTHER_CREDITORS, FURTHER_DEBTORS, LAST_DEBTOR, account_is_taken
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, shape
from contor.runtime.uow import Uow


@shape
class DebtorAccountBody:
    debtor_account: Annotated[int, Field(examples=[10_500])]
    """10000 to 69999, or of nine digits 100000000 to 699999999 (DATEV)."""


@shape
class ChooseAccount:
    customer_ident: Ident
    body: DebtorAccountBody


@operation("customer.choose_debtor_account", permission="customers.write")
def choose_account(uow: Uow, command: ChooseAccount) -> DebtorAccountBody:
    """Raises INVALID for a number that is no debtor's, CONFLICT where another customer has it; refused by the books once they name the
    account that he had."""
    number = command.body.debtor_account
    if not _is_debtors(number):
        message = f"is no debtor's account: {FIRST_DEBTOR} to {LAST_DEBTOR}, or {FURTHER_DEBTORS} to {FURTHER_CREDITORS - 1}"
        raise Refused(Kind.INVALID, Problem("debtor_account_invalid", message, "debtorAccount", number))
    before = CUSTOMERS.require(uow, (command.customer_ident,), lock=True)["debtor_account"]
    if before == number:
        return command.body
    if account_is_taken(uow, number):
        raise Refused(Kind.CONFLICT, Problem("debtor_account_exists", "is that of another customer", "debtorAccount", number))
    uow.run("UPDATE customer SET debtor_account = %s WHERE customer_ident = %s", (number, command.customer_ident))
    change = {"before": {"debtor_account": before}, "after": {"debtor_account": number}}
    uow.audit("customer", command.customer_ident, change)
    uow.emit(DebtorAccountsChosen(changes=((command.customer_ident, before or 0, number),)))
    return command.body


def is_free(uow: Uow, number: int) -> bool:
    """Whether a customer could be given this account."""
    return _is_debtors(number) and not account_is_taken(uow, number)


# helpers in calling order


def _is_debtors(number: int) -> bool:
    return FIRST_DEBTOR <= number <= LAST_DEBTOR or FURTHER_DEBTORS <= number < FURTHER_CREDITORS
