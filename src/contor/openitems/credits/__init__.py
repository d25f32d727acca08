"""What customers were granted: it stands to their credit until the next invoice, which it reduces."""

from contor.openitems.credits.balances import CreditsOf, credit_balances, list_credits
from contor.openitems.credits.grant import GrantCredit, grant_credit
from contor.openitems.credits.types import CreditAccount, CreditEntry, GrantedCredit

__all__ = [
    "CreditAccount",
    "CreditEntry",
    "CreditsOf",
    "GrantCredit",
    "GrantedCredit",
    "credit_balances",
    "grant_credit",
    "list_credits",
]
