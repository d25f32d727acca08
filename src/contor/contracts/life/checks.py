"""What must hold of the lives of contracts: their days are in order, and the run looks for the next period when that can be proposed."""

import datetime as dt
import itertools
from collections.abc import Iterable
from typing import NamedTuple

from contor.contracts.calendar import Life
from contor.contracts.course import next_opening
from contor.contracts.queries import contracts_by_id, plans_of, proposal_instant
from contor.kernel.checks import check
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups

BATCH = 500


class _Next(NamedTuple):
    contract_id: int
    next_proposal_at: dt.datetime | None


@check("contracts.lives_are_in_order")
def lives(uow: Uow) -> Iterable[str]:
    """Pauses and new beginnings follow each other, and what is to be proposed next is looked for when it can be."""
    last, days = 0, days_of_groups(uow)
    while rows := uow.all(
        _Next,
        "SELECT contract_id, next_proposal_at FROM contract WHERE contract_id > %s AND content -> 'life' IS NOT NULL"
        " AND end_kind IS DISTINCT FROM 'CANCELLED' AND proposed_through IS NOT NULL ORDER BY contract_id LIMIT %s",
        (last, BATCH),
    ):
        last, looked_for = rows[-1].contract_id, dict(rows)
        contracts = contracts_by_id(uow, looked_for)
        plans = plans_of(uow, contracts.values())
        for number, contract in contracts.items():
            assert contract.life is not None and contract.proposed_through is not None
            yield from (f"contract {contract.contract_ident}: {text}" for text in _disorder(contract.life))
            opening = next_opening(plans[number], contract, contract.proposed_through)
            wanted = proposal_instant(days, contract, opening)
            if looked_for[number] != wanted:
                yield f"contract {contract.contract_ident} is looked at on {looked_for[number]}, its next period opens on {wanted}"


def _disorder(life: Life) -> Iterable[str]:
    for one, two in itertools.pairwise(life.pauses):
        if one.until is None or one.until > two.since:
            yield f"the pause from {two.since} begins within the one from {one.since}"
    for former in life.former_ends:
        if former.restarts_on < former.ended_on:
            yield f"it begins again on {former.restarts_on}, before it has ended on {former.ended_on}"
    for first, second in itertools.pairwise(life.former_ends):
        if second.ended_on < first.restarts_on:
            yield f"it ended on {second.ended_on}, before it began again on {first.restarts_on}"
    for earlier, later in itertools.pairwise(life.alignments):
        if earlier.since >= later.since:
            yield f"it is aligned from {later.since} on, which is not after {earlier.since}"
