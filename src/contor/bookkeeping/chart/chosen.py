"""A debtor's account that is booked on stays: its entries name it for ever (GoBD, section 146 (4) AO)."""

from contor.customers.events import DebtorAccountsChosen
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.runtime.uow import Uow


@on(DebtorAccountsChosen)
def keep_booked_accounts(uow: Uow, fact: DebtorAccountsChosen) -> None:
    """Raises ILLEGAL_STATE where the former or the new account has entries."""
    accounts = [account for _, before, after in fact.changes for account in (before, after) if account]
    booked = uow.column(int, "SELECT DISTINCT account FROM journal_line WHERE account = ANY (%s) ORDER BY 1", (accounts,))
    if booked:
        message = f"is fixed: account {booked[0]} has entries"
        raise Refused(Kind.ILLEGAL_STATE, Problem("debtor_account_booked", message, "debtorAccount"))
