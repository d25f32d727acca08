"""What is sent of what is due: the payload, or the body that the form of the route writes once."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from contor.notifications.formats import Format, Told
from contor.notifications.types import chosen
from contor.runtime.uow import Uow


class Due(NamedTuple):
    """A notification that is to be sent now."""

    told: Told
    subject: str
    tries: int
    first_try_at: dt.datetime | None
    body: str
    """What is sent, byte for byte the same with every try."""


class Found(NamedTuple):
    """A delivery whose time has come."""

    ident: str
    sequence: int
    type: str
    subject: str
    payload: str
    created_at: dt.datetime
    recorded_at: dt.datetime
    tries: int
    first_try_at: dt.datetime | None
    body: str | None


def with_bodies(uow: Uow, route_ident: str, form: Format, pattern: str, rows: Sequence[Found]) -> tuple[Due, ...]:
    """Each with what is sent of it. What is nothing in the form of the route, or nothing that it wants, is not sent there."""
    bodies = {row.sequence: row.payload if form.compose is None else row.body for row in rows}
    missing = [row for row in rows if bodies[row.sequence] is None]
    if form.compose is not None and missing:
        made = form.compose(uow, [_told(row) for row in missing])
        written = {number: one.body for number, one in made.items() if chosen(pattern, [one.event])}
        uow.run(
            "UPDATE notification_delivery d SET body = x.body FROM unnest(%s::bigint[], %s::text[]) AS x(sequence, body)"
            " WHERE d.route_ident = %s AND d.sequence = x.sequence",
            (list(written), list(written.values()), route_ident),
        )
        unsaid = [row.sequence for row in missing if row.sequence not in written]
        uow.run("DELETE FROM notification_delivery WHERE route_ident = %s AND sequence = ANY (%s)", (route_ident, unsaid))
        bodies |= written
    return tuple(
        Due(_told(row), row.subject, row.tries, row.first_try_at, body)
        for row in rows
        if (body := bodies[row.sequence]) is not None
    )


def _told(row: Found) -> Told:
    return Told(row.ident, row.sequence, row.type, row.subject, row.payload, row.created_at, row.recorded_at)
