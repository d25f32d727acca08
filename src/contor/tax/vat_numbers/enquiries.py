"""The queue of numbers that a worker is to ask about: each once, whoever waits for it."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final, Literal, NamedTuple

from contor.customers.vat_ids import Held
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.tax.vat_numbers import tables
from contor.tax.vat_numbers.types import Service

VAT_NUMBERS: Final = "vat_numbers"
"""The work that asks."""
WaitedFor = Literal["PERSON", "ALL", "ISSUE"]
MOST_TRIES: Final[dict[WaitedFor, int | None]] = {"PERSON": 1, "ALL": 3, "ISSUE": None}
"""How often it is asked until there is an answer. What waits to be issued is asked for as long as it waits."""
FIRST_PAUSE, LONGEST_PAUSE = 30, 3600
"""Seconds after the first try without an answer, doubled each time, and at most."""


class Queued(NamedTuple):
    """A number that is to be asked about."""

    customer_ident: str
    vat_id: str
    ident: str
    service: Service | None
    waited_for: WaitedFor
    job_ident: str | None
    tries: int


def ask_for(
    uow: Uow,
    numbers: Collection[Held],
    waited_for: WaitedFor,
    *,
    service: Service | None = None,
    job: str | None = None,
) -> dict[Held, str]:
    """Let a worker ask about them after this transaction commits: by each the ident of the check that will answer. One that is in the queue
    already stays there; what waits for it longer decides how long it is asked."""
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    uow.lock("vat_number_enquiry", sorted({one.customer_ident for one in wanted}))
    known = {Held(row.customer_ident, row.vat_id): row for row in _queued(uow, wanted)}
    fresh = [one for one in wanted if one not in known]
    rows = [
        {
            "customer_ident": one.customer_ident,
            "vat_id": one.vat_id,
            "ident": uow.new_ident(),
            "service": service,
            "waited_for": waited_for,
            "job_ident": job,
            "asked_at": uow.ctx.now(),
            "try_at": uow.runtime.clock(),
        }
        for one in fresh
    ]
    uow.insert(tables.vat_number_enquiry, rows)
    for one, row in zip(fresh, rows, strict=True):
        uow.audit("vat_number_check", str(row["ident"]), {"requested": one._asdict()})
    if known:
        _join(uow, list(known), waited_for, job)
        for one, queued in known.items() if waited_for != "ISSUE" else ():  # what waits to be issued says so itself
            uow.audit("vat_number_check", queued.ident, {"requested": one._asdict()})
    uow.mark(VAT_NUMBERS)
    made = {one: str(row["ident"]) for one, row in zip(fresh, rows, strict=True)}
    return {**{one: row.ident for one, row in known.items()}, **made}


def _queued(uow: Uow, numbers: Sequence[Held]) -> list[Queued]:
    sql = (
        f"SELECT {columns(Queued, 'e')} FROM vat_number_enquiry e JOIN unnest(%s::text[], %s::text[]) AS n(customer_ident, vat_id)"
        " ON e.customer_ident = n.customer_ident AND e.vat_id = n.vat_id"
    )
    return uow.all(Queued, sql, ([it.customer_ident for it in numbers], [it.vat_id for it in numbers]))


def _join(uow: Uow, numbers: Sequence[Held], waited_for: WaitedFor, job: str | None) -> None:
    """What is in the queue is waited for by one more: a person is answered now, and what is to be issued lets nobody choose a service."""
    uow.run(
        "UPDATE vat_number_enquiry e SET job_ident = coalesce(%(job)s, e.job_ident),"
        " waited_for = CASE WHEN e.waited_for = 'ISSUE' OR %(for)s = 'PERSON' THEN e.waited_for ELSE %(for)s END,"
        " service = CASE WHEN %(for)s = 'PERSON' THEN e.service END,"
        " try_at = CASE WHEN %(for)s = 'PERSON' THEN least(e.try_at, %(now)s) ELSE e.try_at END"
        " FROM unnest(%(customers)s::text[], %(numbers)s::text[]) AS n(customer_ident, vat_id)"
        " WHERE e.customer_ident = n.customer_ident AND e.vat_id = n.vat_id",
        {
            "job": job,
            "for": waited_for,
            "now": uow.runtime.clock(),
            "customers": [it.customer_ident for it in numbers],
            "numbers": [it.vat_id for it in numbers],
        },
    )


def due(uow: Uow, limit: int) -> list[Queued]:
    """What is to be asked now, what waits longest first."""
    sql = f"SELECT {columns(Queued)} FROM vat_number_enquiry WHERE try_at <= %s ORDER BY try_at, customer_ident LIMIT %s"
    return uow.all(Queued, sql, (uow.runtime.clock(), limit))


def next_try(uow: Uow) -> dt.datetime | None:
    """Real time; None: nothing is in the queue."""
    return uow.scalar(dt.datetime, "SELECT min(try_at) FROM vat_number_enquiry")


def is_over(queued: Queued, *, answered: bool) -> bool:
    """Whether it is asked no more."""
    most = MOST_TRIES[queued.waited_for]
    return answered or (most is not None and queued.tries + 1 >= most)


def take_out(uow: Uow, idents: Collection[str]) -> None:
    uow.run("DELETE FROM vat_number_enquiry WHERE ident = ANY (%s)", (sorted(idents),))


def put_off(uow: Uow, queued: Collection[Queued]) -> None:
    """They were not answered: another try comes later each time. The check that answers then has another ident: this one has its row."""
    if not queued:
        return
    now, rows = uow.runtime.clock(), sorted(queued)
    pauses = [min(FIRST_PAUSE * 2 ** min(row.tries, 10), LONGEST_PAUSE) for row in rows]
    uow.run(
        "UPDATE vat_number_enquiry e SET tries = e.tries + 1, try_at = n.try_at, ident = n.fresh"
        " FROM unnest(%s::text[], %s::timestamptz[], %s::text[]) AS n(ident, try_at, fresh) WHERE e.ident = n.ident",
        (
            [row.ident for row in rows],
            [now + dt.timedelta(seconds=pause) for pause in pauses],
            [uow.new_ident() for _ in rows],
        ),
    )


def enquiry_named(uow: Uow, ident: str) -> Queued | None:
    """The number in the queue that a check of this ident will answer."""
    return uow.first(Queued, f"SELECT {columns(Queued)} FROM vat_number_enquiry WHERE ident = %s", (ident,))


def customers_waiting(uow: Uow, customers: Collection[str]) -> list[str]:
    """Those of the customers of whom a number is in the queue."""
    sql = "SELECT DISTINCT customer_ident FROM vat_number_enquiry WHERE customer_ident = ANY (%s)"
    return uow.column(str, sql, (sorted(customers),))
