"""Preview a run: propose letters to the next customers and keep them, some hundreds in each transaction."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from contor.dunning import tables
from contor.dunning.base_rates import base_rates
from contor.dunning.rules import Outcome, Proposal, ProposedLetter, ProposedRow, propose
from contor.dunning.runs.items import letter_name
from contor.dunning.runs.money import gather_money
from contor.dunning.runs.runs import HELD, RunRow, require_run
from contor.dunning.runs.world import debtors
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.openitems.dunned import debtors_behind
from contor.runtime.uow import Uow

_LETTER = (
    "letter_ident",
    "letter_id",
    "run_ident",
    "customer_ident",
    "currency",
    "company",
    "level",
    "status",
    "letter_date",
    "pay_until",
    "outstanding",
    "costs",
    "interest",
    "demand",
)
_ITEM = (
    "run_ident",
    "document_id",
    "customer_ident",
    "document_ident",
    "currency",
    "document_date",
    "due_date",
    "opening",
    "outstanding",
    "outcome",
    "level_before",
    "level",
    "letter_id",
    "charged",
    "fee",
    "flat",
    "interest",
    "interest_from",
    "interest_until",
    "note",
    "interest_deducted",
    "earlier_fees",
    "earlier_flat",
    "earlier_interest",
    "return_costs",
    "earlier_interest_from",
    "earlier_interest_until",
)


@shape
class PreviewNext:
    run_ident: str
    limit: int


class _Placed(NamedTuple):
    customer_ident: str
    row: ProposedRow
    letter_id: int | None


@operation("dunning_run.preview_next", permission="bookkeeping.write")
def preview_next(uow: Uow, command: PreviewNext) -> bool:
    """Look at the next payments that wait, then at the next customers; whether there is more to do. A run whose preview is finished, or
    that was cancelled, stays as it is."""
    run = require_run(uow, command.run_ident, lock=True)
    if run.status != "CREATED":
        return False
    if run.money_after is not None:
        gather_money(uow, run)
        uow.audit("dunning_run", run.run_ident)
        return True
    customers = debtors_behind(uow, run.after, run.as_of, command.limit, run.debtor_idents)
    if customers:
        _keep(uow, run, customers)
        uow.run("UPDATE dunning_run SET after = %s WHERE run_ident = %s", (customers[-1], run.run_ident))
        uow.audit("dunning_run", run.run_ident)
    if len(customers) < command.limit:
        HELD.move(uow, run.run_ident, "PREVIEWED")
        return False
    return True


def _keep(uow: Uow, run: RunRow, customers: Sequence[str]) -> None:
    configuration, rates = run.settings, base_rates(uow)
    found = debtors(uow, run.run_ident, customers, run.as_of, configuration, named=run.debtor_idents is not None)
    proposals = [propose(debtor, configuration, rates, run.as_of) for debtor in found]
    ids = iter(uow.next_ids(sum(len(proposal.letters) for proposal in proposals)))
    letters, items = list[tuple[object, ...]](), list[tuple[object, ...]]()
    for proposal in proposals:
        numbered = [(next(ids), letter) for letter in proposal.letters]
        letters += [_letter(run, number, letter) for number, letter in numbered]
        items += [_item(run, placed) for placed in _placed(proposal, numbered)]
    uow.copy(tables.dunning_letter, _LETTER, letters)
    uow.copy(tables.dunning_item, _ITEM, items)


def _placed(proposal: Proposal, numbered: Sequence[tuple[int, ProposedLetter]]) -> Iterator[_Placed]:
    for number, letter in numbered:
        for row in letter.rows:
            yield _Placed(proposal.customer_ident, row, number)
    for row in proposal.others:
        yield _Placed(proposal.customer_ident, row, None)


def _letter(run: RunRow, number: int, letter: ProposedLetter) -> tuple[object, ...]:
    return (
        letter_name(number),
        number,
        run.run_ident,
        letter.customer_ident,
        letter.currency,
        letter.company,
        letter.level,
        "PREVIEWED",
        letter.letter_date,
        letter.pay_until,
        letter.outstanding,
        letter.costs,
        letter.interest,
        letter.demand,
    )


def _item(run: RunRow, placed: _Placed) -> tuple[object, ...]:
    row, item = placed.row, placed.row.item
    earlier = row.earlier
    return (
        run.run_ident,
        item.document_id,
        placed.customer_ident,
        item.ident,
        item.currency,
        item.document_date,
        item.due_date,
        item.opening,
        item.balance,
        Outcome(row.outcome).value,
        item.level,
        row.level,
        placed.letter_id,
        row.charged,
        row.fee,
        row.flat,
        row.interest,
        row.interest_from,
        row.interest_until,
        row.note,
        row.interest_deducted,
        earlier.fees,
        earlier.flat,
        earlier.interest,
        earlier.return_costs,
        earlier.interest_from,
        earlier.interest_until,
    )
