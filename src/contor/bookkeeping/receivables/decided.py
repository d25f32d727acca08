"""Decisions on open items are in the books in the same transaction: posting table rows 18 to 23 and 31."""

from collections.abc import Mapping

from contor.assignment.events import DiscountsEarned
from contor.bookkeeping.chart import accounts_of
from contor.bookkeeping.entries import Posting, entries_of, post, reversed_entry
from contor.bookkeeping.posting import on_its_account, post_decision
from contor.bookkeeping.types import Accounts, Entry
from contor.kernel.events import on
from contor.openitems.bounces import reversed_movement
from contor.openitems.events import CasesDecided, DecisionsReverted
from contor.openitems.types import Decided, DecisionType
from contor.runtime.uow import Uow


@on(CasesDecided)
def post_decided(uow: Uow, fact: CasesDecided) -> None:
    """Under the decision's ident, by which its counter decision finds them."""
    accounts = _accounts(uow, fact.decided)
    postings = []
    for done in fact.decided:
        for happened in done.moves:
            case = happened.before.case
            entries = post_decision(case, happened.movement, happened.booked_on, done.ident, accounts[case.customer_ident])
            postings += [Posting(entry, happened.before.document_id) for entry in entries]
    post(uow, postings)


@on(DiscountsEarned)
def post_earned(uow: Uow, fact: DiscountsEarned) -> None:
    """Row 19: Skonto that a clearing has earned, under its own reference, by which it is found when it falls."""
    accounts = accounts_of(uow, {happened.before.case.customer_ident for happened in fact.earned})
    postings = []
    for it in fact.earned:
        case, reference = it.before.case, it.source.partition(":")[2]
        entries = post_decision(case, it.movement, it.booked_on, reference, accounts[case.customer_ident])
        postings += [Posting(entry, it.before.document_id) for entry in entries]
    post(uow, postings)


@on(DecisionsReverted)
def post_reverted(uow: Uow, fact: DecisionsReverted) -> None:
    """The same entries with negative amounts, but for what was taken back of the decision before."""
    accounts = _accounts(uow, fact.reverted)
    postings = []
    for done in fact.reverted:
        assert done.reverts is not None
        booked = entries_of(uow, done.reverts)
        case = done.moves[0].before.case
        of_customer, document_id = accounts[case.customer_ident], done.moves[0].before.document_id
        is_doubt = done.moves[0].movement.decision is DecisionType.DOUBTFUL_RECEIVABLE
        if done.less or is_doubt:  # what is doubtful now, and written down, goes back
            found = _left(done, [(number, entry) for number, _, entry in booked], of_customer)
        else:
            found = [(number, on_its_account(entry, case, of_customer)) for number, _, entry in booked]
        for number, entry in found:
            back = reversed_entry(entry, done.moves[0].booked_on, str(number), done.ident)
            if number is None:
                back = back._replace(reversal_of=None)
            postings.append(Posting(back, document_id, reversal_of=number))
    post(uow, postings)


def _left(done: Decided, booked: list[tuple[int, Entry]], accounts: Accounts) -> list[tuple[int | None, Entry]]:
    """What of the decision's entries stands, as it would be booked now; with the id of the entry that each takes back."""
    found: list[tuple[int | None, Entry]] = []
    for happened in done.moves:
        case = happened.before.case
        for entry in post_decision(case, reversed_movement(happened.movement), happened.booked_on, done.ident, accounts):
            own = next((one for one in booked if one[1].kind is entry.kind), None)
            if own is not None:
                booked.remove(own)
            found.append((None if own is None else own[0], entry))
    return found


def _accounts(uow: Uow, decided: tuple[Decided, ...]) -> Mapping[str, Accounts]:
    return accounts_of(uow, (happened.before.case.customer_ident for done in decided for happened in done.moves))
