"""The work of sending mails: a look wakes who sends, and says when the next mail has its time."""

import datetime as dt
from typing import NamedTuple

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.kernel.work import Work, work
from contor.notifications.mail.sending.postman import postman_of
from contor.notifications.mail.work import MAILING
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller

AGAIN_SECONDS = 30
"""After so long it is looked again whether who sends was killed."""


@shape
class FindDueMails:
    """No input."""


class DueMails(NamedTuple):
    is_due: bool
    next_at: dt.datetime | None
    """When to look again (real time); None: nothing waits."""


class _Times(NamedTuple):
    waiting: dt.datetime | None
    held: dt.datetime | None


@operation("mail.find_due", permission="notifications.read", reads=True)
def find_due_mails(uow: Uow, command: FindDueMails) -> DueMails:
    """Whether a mail has its time, or was left by who sent it."""
    now = uow.runtime.clock()
    times = uow.first(
        _Times,
        "SELECT (SELECT min(due_at) FROM mail WHERE status = 'WAITING') AS waiting,"
        " (SELECT min(held_until) FROM mail WHERE status = 'SENDING') AS held",
    )
    assert times is not None
    found = [one for one in times if one is not None]
    later = [one for one in found if one > now]
    return DueMails(len(later) < len(found), min(later, default=None))


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | None:
    """Let what is due be sent; when to look again."""
    found = runtime.execute(find_due_mails, FindDueMails(), caller(MAILING, tenant_id))
    if found.is_due:
        postman_of(runtime).wake(tenant_id)
        again = runtime.clock() + dt.timedelta(seconds=AGAIN_SECONDS)
        return again if found.next_at is None else min(again, found.next_at)
    return found.next_at


def send_mails(runtime: Runtime, tenant_id: int) -> None:
    """Send what is due now, and wait until that is done."""
    look(runtime, tenant_id)
    postman_of(runtime).settle(tenant_id)


every_tenant(work(Work(name=MAILING, look=look)), every=dt.timedelta(hours=1))
