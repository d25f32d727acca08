"""The work of sending: who has something to send is marked; a look only wakes who serves the routes, and another one follows, in case
they are killed."""

import datetime as dt

from contor.kernel.work import Work, work
from contor.notifications.delivering.due import FindDueRoutes, find_due_routes
from contor.notifications.delivering.sender import sender_of
from contor.notifications.recording import SENDING
from contor.runtime.execute import Runtime
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | None:
    """Let what is due be sent; when to look again."""
    sender = sender_of(runtime)
    found = runtime.execute(find_due_routes, FindDueRoutes(holder=sender.holder), caller(SENDING, tenant_id))
    sender.wake(tenant_id, found.routes)
    if found.routes:
        return runtime.clock() + dt.timedelta(seconds=sender.held_seconds)
    return found.next_at


def send_due(runtime: Runtime, tenant_id: int) -> None:
    """Send what is due now, and wait until that is done."""
    look(runtime, tenant_id)
    sender_of(runtime).settle(tenant_id)


every_tenant(work(Work(name=SENDING, look=look)), every=dt.timedelta(hours=1))
