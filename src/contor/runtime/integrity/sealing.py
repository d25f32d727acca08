"""The trail in the chain: each night what was told since is linked, many rows by one link, so that who takes rows out is found.

Not in the transactions that tell it: each change of a setting would wait for each invoice (docs/decisions/0018).
"""

from collections.abc import Iterable
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.integrity.chain import add_links, linked, linked_among
from contor.runtime.integrity.trail import changes_that_say
from contor.runtime.uow import Uow

TRAIL = "TRAIL"
"""The kind of these links; one covers the rows after the link of this kind before it, up to the id that it names."""
SEALING = "trail.seal"
"""The operation; what it tells itself is no reason to seal again."""
ROWS = 10_000
"""Rows of one link."""


class End(NamedTuple):
    """Where the trail ends that is seen now, and the transaction that comes next."""

    last: int
    next_transaction: int


def trail_end(uow: Uow) -> End | None:
    """Where the trail ends now; None: nothing was told since it was sealed."""
    return uow.first(
        End,
        "SELECT max(id) AS last, pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next_transaction FROM audit_entry"
        " WHERE id > (SELECT coalesce(max(object_id), 0) FROM chain_link WHERE kind = %s) HAVING bool_or(operation <> %s)",
        (TRAIL, SEALING),
    )


def seal_through(uow: Uow, end: End) -> bool:
    """Link what was told up to there; whether that can be done now: not while a transaction runs that was there when the end was seen, for
    it may have taken its ids before and still tell."""
    oldest = uow.scalar(int, "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    if oldest is None or oldest < end.next_transaction:
        return False
    uow.lock("seal", ["trail"])
    bounds = uow.column(
        int,
        "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM audit_entry WHERE id <= %(last)s"
        " AND id > (SELECT coalesce(max(object_id), 0) FROM chain_link WHERE kind = %(kind)s)) a"
        " WHERE n %% %(rows)s = 0 OR id = %(last)s ORDER BY id",
        {"last": end.last, "kind": TRAIL, "rows": ROWS},
    )
    add_links(uow, TRAIL, [(uow.ctx.today().year, bound) for bound in bounds])
    for bound in bounds:
        uow.audit("trail", str(bound), {"sealed": True})
    return True


# the hashes of the rows that each link covers; links that are being added count as well
linked(
    TRAIL,
    "SELECT l.bound AS id, (SELECT sha256(coalesce(string_agg(coalesce(a.row_hash, ''), ''::bytea ORDER BY a.id), ''))"
    "  FROM audit_entry a WHERE a.id > l.before AND a.id <= l.bound) AS hashes"
    " FROM (SELECT bound, lag(bound, 1, 0::bigint) OVER (ORDER BY bound) AS before FROM"
    f"  (SELECT object_id AS bound FROM chain_link WHERE kind = '{TRAIL}' UNION SELECT unnest(%(ids)s::bigint[])) b) l"
    " WHERE l.bound = ANY (%(ids)s)",
)


@check("runtime.trail_is_sealed_as_it_says")
def sealed(uow: Uow) -> Iterable[str]:
    """Each link of the trail that was made is there."""
    told = {int(it.subject_ident) for it in changes_that_say(uow, "trail", "sealed")}
    for bound in sorted(told - linked_among(uow, TRAIL, told)):
        yield f"the trail up to entry {bound} was linked, and the link is gone"
