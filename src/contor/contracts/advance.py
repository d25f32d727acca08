"""What has been proposed of a contract moves forward: only from where it stood, so that no period is lost or comes twice."""

import datetime as dt
from collections.abc import Sequence

from contor.runtime.uow import Uow

Step = tuple[int, dt.date, dt.date, dt.datetime | None]
"""Contract, the start of the first unproposed period before and after, when the next one begins."""


def advance(uow: Uow, steps: Sequence[Step]) -> None:
    """Raises if a contract does not stand where it was read: someone else moved it, and this transaction must not go on."""
    if not steps:
        return
    ids, before, after, at = zip(*steps, strict=True)
    moved = uow.run(
        "UPDATE contract c SET proposed_through = x.after, next_proposal_at = x.at"
        " FROM unnest(%s::bigint[], %s::date[], %s::date[], %s::timestamptz[]) AS x(id, before, after, at)"
        " WHERE c.contract_id = x.id AND c.proposed_through = x.before",
        (list(ids), list(before), list(after), list(at)),
    )
    if moved != len(steps):
        raise AssertionError(f"{len(steps) - moved} of {len(steps)} contracts were proposed by someone else")
