"""Claims of default are in the books when they are made, where the tenant books them so, else when they are paid."""

from collections.abc import Iterator

from contor.bookkeeping.chart import accounts_of
from contor.bookkeeping.claims.entries import post_claim, post_claim_paid
from contor.bookkeeping.entries import Posting, post
from contor.bookkeeping.types import Accounts, Entry
from contor.dunning.events import Claimed, ClaimsMade, ClaimsSettled
from contor.kernel.events import on
from contor.runtime.uow import Uow


@on(ClaimsMade)
def post_made(uow: Uow, fact: ClaimsMade) -> None:
    """Row 27, when it is claimed."""
    accounts = accounts_of(uow, (claim.customer_ident for claim in fact.claims))
    post(
        uow, [Posting(post_claim(claim, claim.amount, accounts[claim.customer_ident]), claim.document_id) for claim in fact.claims]
    )


@on(ClaimsSettled)
def post_settled_claims(uow: Uow, fact: ClaimsSettled) -> None:
    """Row 27 when a memo is paid, and the payment; a claim that was booked and is waived, negative. A memo that is waived is in no book."""
    accounts = accounts_of(uow, (claim.customer_ident for claim in fact.settled))
    post(
        uow,
        [Posting(entry, claim.document_id) for claim in fact.settled for entry in _entries(claim, accounts[claim.customer_ident])],
    )


def _entries(claim: Claimed, accounts: Accounts) -> Iterator[Entry]:
    if claim.payment_ident is None:
        if claim.booked:
            yield post_claim(claim, -claim.amount, accounts)
        return
    if not claim.booked:
        yield post_claim(claim, claim.amount, accounts)
    yield post_claim_paid(claim, accounts)
