"""What must hold of letters of paper."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.kernel.checks import check
from contor.notifications.post.queue import remaining
from contor.runtime.uow import Uow


class _Counted(NamedTuple):
    ident: str
    status: str
    credits: int


@check("post.each_letter_costs_one_credit")
def credits(uow: Uow) -> Iterable[str]:
    """A letter costs one credit, one that failed or waits for a credit none; never more are used than were bought."""
    if (left := remaining(uow)) < 0:
        yield f"{-left} letters more were sent than were bought"
    for row in uow.all(
        _Counted,
        "SELECT l.ident, l.status, coalesce(sum(c.credits), 0)::int AS credits FROM post_letter l LEFT JOIN post_credit c"
        " ON c.tenant_id = l.tenant_id AND c.letter_ident = l.ident GROUP BY l.tenant_id, l.ident, l.status"
        " HAVING coalesce(sum(c.credits), 0) <> CASE WHEN l.status IN ('FAILED', 'UNPAID') THEN 0 ELSE -1 END ORDER BY l.ident",
    ):
        yield f"letter {row.ident} is {row.status} and has cost {-row.credits} credits"


class _Stands(NamedTuple):
    ident: str
    status: str


@check("post.letters_say_what_is_to_come")
def waiting(uow: Uow) -> Iterable[str]:
    """What waits has its time, what is handed over its end, what is held its reason, what was accepted says since when."""
    for row in uow.all(
        _Stands,
        "SELECT ident, status FROM post_letter WHERE (status = 'WAITING' AND due_at IS NULL) OR (status = 'HANDING' AND held_until IS NULL)"
        " OR (status IN ('HELD', 'FAILED', 'UNPAID') AND reason IS NULL) OR (status IN ('ACCEPTED', 'PRINTED') AND accepted_at IS NULL)"
        " OR (status = 'PRINTED' AND printed_at IS NULL) ORDER BY ident",
    ):
        yield f"letter {row.ident} is {row.status}, and does not say what that takes"
