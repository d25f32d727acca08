"""What must hold of notifications."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from contor.documents.after import views_of
from contor.dunning.queries import letters_mailed
from contor.kernel.checks import check
from contor.notifications.mail.letters import ABOUT
from contor.runtime.integrity import said_last
from contor.runtime.uow import Uow


class _Numbers(NamedTuple):
    first: int | None
    last: int | None
    notifications: int
    next_sequence: int


@check("notifications.sequence_has_no_gap")
def gapless(uow: Uow) -> Iterable[str]:
    """From the first that is kept to the last that was drawn every number has its notification."""
    row = uow.first(
        _Numbers,
        "SELECT min(sequence) AS first, max(sequence) AS last, count(*) AS notifications,"
        " coalesce((SELECT next_sequence FROM notification_counter), 1) AS next_sequence FROM notification",
    )
    assert row is not None
    if row.first is None or row.last is None:
        return
    if row.notifications != row.last - row.first + 1:
        yield f"{row.notifications} notifications have the numbers {row.first} to {row.last}"
    if row.last != row.next_sequence - 1:
        yield f"the last notification is {row.last}, but {row.next_sequence - 1} was drawn"


class _Out(NamedTuple):
    route_ident: str
    subject: str


@check("notifications.subjects_are_sent_in_order")
def in_order(uow: Uow) -> Iterable[str]:
    """Of what waits of one subject on one route nothing is due before what comes before it."""
    for row in uow.all(
        _Out,
        "SELECT DISTINCT route_ident, subject FROM (SELECT route_ident, subject, due_at, lag(due_at) OVER"
        " (PARTITION BY route_ident, subject ORDER BY sequence) AS before FROM notification_delivery WHERE status = 'WAITING') d"
        " WHERE due_at < before ORDER BY 1, 2",
    ):
        yield f"route {row.route_ident} would send a later notification of {row.subject} before an earlier one"


class _Position(NamedTuple):
    ident: str
    position: int | None
    last: int


@check("notifications.routes_know_how_far_they_are")
def positions(uow: Uow) -> Iterable[str]:
    """Every route has its progress, no further than what was told, and its deliveries are of what was told."""
    for row in uow.all(
        _Position,
        "SELECT r.ident, p.position, coalesce((SELECT next_sequence FROM notification_counter), 1) - 1 AS last FROM notification_route r"
        " LEFT JOIN notification_progress p ON p.tenant_id = r.tenant_id AND p.route_ident = r.ident ORDER BY r.ident",
    ):
        if row.position is None or row.position > row.last:
            yield f"route {row.ident} has come to {row.position} of {row.last} notifications"
    for ident, count in uow.all(
        _Count,
        "SELECT d.route_ident, count(*) AS deliveries FROM notification_delivery d WHERE NOT EXISTS (SELECT FROM notification n"
        " WHERE n.tenant_id = d.tenant_id AND n.sequence = d.sequence) GROUP BY 1 ORDER BY 1",
    ):
        yield f"route {ident} has {count} deliveries of notifications that are not there"


class _Count(NamedTuple):
    route_ident: str
    deliveries: int


class _Mail(NamedTuple):
    ident: str
    status: str


@check("notifications.mails_are_where_they_say")
def mails(uow: Uow) -> Iterable[str]:
    """What was sent has its Message-ID and its time; what is being sent, its sender; what is held, refused or given up, its reason."""
    for row in uow.all(
        _Mail,
        "SELECT ident, status FROM mail WHERE (status = 'SENT' AND (message_id IS NULL OR sent_at IS NULL))"
        " OR (status = 'SENDING') <> (holder IS NOT NULL) OR (status IN ('HELD', 'REFUSED', 'FAILED') AND reason IS NULL)"
        " OR (is_ending AND status <> 'SENDING') ORDER BY ident",
    ):
        yield f"mail {row.ident} is {row.status}, and does not say what that takes"


class _Sent(NamedTuple):
    ident: str
    status: str
    sent_at: dt.datetime | None


@check("notifications.mails_were_sent_as_the_trail_says")
def sent(uow: Uow) -> Iterable[str]:
    """What the trail called sent last, and nothing else, is SENT, and was when the trail says: else it would be sent again, or never."""
    status, instant = said_last(uow, "mail", "status"), said_last(uow, "mail", "sent_at")
    for row in uow.all(_Sent, "SELECT ident, status, sent_at FROM mail ORDER BY ident"):
        if (row.status == "SENT") != (status.get(row.ident) == "SENT"):
            yield f"mail {row.ident} is {row.status}, the trail says {status.get(row.ident) or 'nothing'}"
        elif row.sent_at != ((said := instant.get(row.ident)) and dt.datetime.fromisoformat(said)):
            yield f"mail {row.ident} was sent {row.sent_at or 'never'}, the trail says {said or 'never'}"


class _Bringing(NamedTuple):
    about: str
    is_sent: bool


@check("notifications.letters_say_what_became_of_their_mails")
def letters(uow: Uow) -> Iterable[str]:
    """A letter that a mail is to bring was sent where one of its mails was, and not otherwise."""
    sql = "SELECT about, bool_or(sent_at IS NOT NULL) AS is_sent FROM mail WHERE kind = 'DUNNING_LETTER' GROUP BY about"
    mails = {row.about: row.is_sent for row in uow.all(_Bringing, sql)}
    for letter in letters_mailed(uow):
        is_sent = mails.get(f"{ABOUT}{letter.letter_ident}", False)
        if letter.is_sent != is_sent:
            said = ("was sent", "was not") if letter.is_sent else ("was not sent", "was")
            yield f"letter {letter.letter_ident} {said[0]}, its mail {said[1]}"


@check("notifications.wishes_come_true")
def wishes(uow: Uow) -> Iterable[str]:
    """A document that is to be mailed when its files are there is mailed when they are."""
    waiting = uow.column(int, "SELECT DISTINCT document_id FROM mail_wish ORDER BY 1")
    for number, view in views_of(uow, waiting).items():
        if view.status == "COMPLETED":
            yield f"document {view.ident} ({number}) has its files, and the mail that waited for them is not in the queue"
