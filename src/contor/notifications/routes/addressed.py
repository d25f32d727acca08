"""Routes: which notifications go where, kept as any stored thing; with each its progress."""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.notifications import tables
from contor.notifications.mail.addresses import address_problem
from contor.notifications.recording import SENDING
from contor.notifications.routes.forms import Known, pattern_problems, settle_credentials, settle_tries, tries_problems
from contor.notifications.routes.secrets import sealed_signing_secret, signing_secret_problem
from contor.notifications.types import mail_address
from contor.runtime.outbound import Allowed, why_not_called
from contor.runtime.query import FilterField
from contor.runtime.query.filterable import TEXT
from contor.runtime.query.numbered import Numbered
from contor.runtime.resource import Resource
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

NUMBERED = Numbered("notification_route", tables.notification_route)
MOST_ROUTES = 100
BOTH_HOURS = 24
"""For which the former secret signs beside a new one."""
BY_HAND = "a person has paused it"


def _problems(uow: Uow, row: Fields) -> Iterator[Problem]:
    yield from pattern_problems(row)
    yield from tries_problems(row)
    if (address := mail_address(row["url"])) is not None:
        yield from _mail_problems(row, address)
    elif (why := why_not_called(row["url"], Allowed.of_calls(uow.runtime.config))) is not None:
        yield Problem("url_not_called", why, "url", row["url"][:200])
    if row.get("signing_secret") is not None and (problem := signing_secret_problem(row["signing_secret"])) is not None:
        yield problem


def _mail_problems(row: Fields, address: str) -> Iterator[Problem]:
    """What is said to receivers that are called has no effect on a mail."""
    if (why := address_problem(address)) is not None:
        yield Problem("url_not_called", f"{why}: expected is one behind mailto:", "url", row["url"][:200])
    for name, said in (("signing_secret", "signingSecret"), ("user_name", "userName"), ("password", "password")):
        if row.get(name) is not None:
            yield Problem("field_not_expected", "has no effect where the notifications are mailed", said)


def _check(uow: Uow, row: Fields) -> None:
    if problems := [*_problems(uow, row)]:
        raise Refused(Kind.INVALID, *problems)


def next_sequence(uow: Uow) -> int:
    """The number of the next notification; who writes one just now has it or a later one."""
    return uow.scalar(int, "SELECT next_sequence FROM notification_counter") or 1


def _create(uow: Uow, row: Fields) -> None:
    _check(uow, row)
    uow.lock("notification_routes", [""])
    if (uow.scalar(int, "SELECT count(*) FROM notification_route") or 0) >= MOST_ROUTES:
        raise Refused(Kind.CONFLICT, Problem("too_many_routes", f"There are {MOST_ROUTES} routes already.", "ident"))
    following = next_sequence(uow)
    if row["from_sequence"] is None:
        row["from_sequence"] = following
    elif row["from_sequence"] > following:
        message = f"is beyond the next notification, which is {following}"
        raise Refused(Kind.INVALID, Problem("sequence_unknown", message, "fromSequence", row["from_sequence"]))
    if row["signing_secret"] is not None:
        row["signing_secret"] = sealed_signing_secret(uow, row["ident"], row["signing_secret"])
    settle_credentials(uow, row)
    settle_tries(row)
    row["paused_because"] = BY_HAND if row["status"] == "PAUSED" else None


def _created(uow: Uow, row: Fields) -> None:
    """From now on notifications are written, if they were not before."""
    if uow.scalar(int, "SELECT 1 FROM notification_configuration") is None:
        uow.insert(tables.notification_configuration, [{"since": next_sequence(uow), "created_at": uow.ctx.now()}])
        uow.run("DELETE FROM notification_term")
        uow.insert(tables.notification_term, [{"through": uow.ctx.today(), "reached": 0}])
    uow.insert(tables.notification_progress, [{"route_ident": row["ident"], "position": row["from_sequence"] - 1, "failures": 0}])
    uow.mark(SENDING)


class _Secret(NamedTuple):
    signing_secret: str | None
    status: str
    paused_because: str | None
    url: str
    user_name: str | None
    password: str | None


def _update(uow: Uow, row: Fields) -> None:
    """What waits goes to the new address. A new secret signs at once, beside the former one."""
    _check(uow, row)
    sql = f"SELECT {columns(_Secret)} FROM notification_route WHERE ident = %s"
    before = uow.first(_Secret, sql, (row["ident"],))
    assert before is not None
    settle_credentials(uow, row, Known(before.url, before.user_name, before.password))
    settle_tries(row)
    if "signing_secret" in row:
        row["signing_secret"] = sealed_signing_secret(uow, row["ident"], row["signing_secret"])
        row["former_secret"] = before.signing_secret
        row["former_until"] = uow.runtime.clock() + dt.timedelta(hours=BOTH_HOURS)
    if row["status"] == "PAUSED":
        row["paused_because"] = before.paused_because if before.status == "PAUSED" else BY_HAND
        return
    row["paused_because"] = None
    if before.status == "PAUSED":
        uow.run("UPDATE notification_progress SET failures = 0 WHERE route_ident = %s", (row["ident"],))
    uow.mark(SENDING)


def _delete(uow: Uow, row: Fields) -> None:
    """What waits on it is not sent; what was tried stays in the log."""
    for table in ("notification_delivery", "notification_progress"):
        uow.run(f"DELETE FROM {table} WHERE route_ident = %s", (row["ident"],))


class _Progress(NamedTuple):
    route_ident: str
    position: int
    failures: int
    waiting: int
    is_signed: bool


def _with_progress(uow: Uow, rows: list[Fields]) -> list[Fields]:
    found = {
        row.route_ident: row
        for row in uow.all(
            _Progress,
            "SELECT p.route_ident, p.position, p.failures, (SELECT count(*) FROM notification_delivery d"
            " WHERE d.tenant_id = p.tenant_id AND d.route_ident = p.route_ident AND d.status = 'WAITING') AS waiting,"
            " r.signing_secret IS NOT NULL AS is_signed FROM notification_progress p JOIN notification_route r"
            " ON r.tenant_id = p.tenant_id AND r.ident = p.route_ident WHERE p.route_ident = ANY (%s)",
            ([row["ident"] for row in rows],),
        )
    }
    for row in rows:
        progress = found[row["ident"]]
        row |= {
            "is_signed": progress.is_signed,
            "position": progress.position,
            "waiting": progress.waiting,
            "failures_in_row": progress.failures,
        }
    return rows


_ITS = "FROM notification_{0} x WHERE x.tenant_id = notification_route.tenant_id AND x.route_ident = notification_route.ident"
_FOUND_BY: dict[str, tuple[str, type[object]]] = {
    "is_signed": ("notification_route.signing_secret IS NOT NULL", bool),
    "position": (f"SELECT x.position {_ITS.format('progress')}", int),
    "failures_in_row": (f"SELECT x.failures {_ITS.format('progress')}", int),
    "waiting": (f"SELECT count(*) {_ITS.format('delivery')} AND x.status = 'WAITING'", int),
}
ROUTES = Resource(
    "notification_route",
    tables.notification_route,
    permission="notifications",
    writable=(
        "ident",
        "type",
        "url",
        "format",
        "description",
        "status",
        "resends",
        "first_pause_seconds",
        "within_hours",
        "from_sequence",
        "signing_secret",
        "user_name",
        "password",
    ),
    immutable=("from_sequence",),
    hidden=("signing_secret", "former_secret", "former_until", "password"),
    secret=("signing_secret", "password"),
    sealed=("former_secret",),
    filterable=("ident", "type", "url", "status", "created_at"),
    before_create=_create,
    after_create=_created,
    before_update=_update,
    before_delete=_delete,
    shown=_with_progress,
    found_by=_FOUND_BY,
    computed={"is_signed": (bool, ...), "position": (int, ...), "waiting": (int, ...), "failures_in_row": (int, ...)},
)
# codes called so are in capitals elsewhere, whatever a search writes
ROUTES.search.fields["type"] = FilterField(tables.notification_route.c.type, TEXT)
