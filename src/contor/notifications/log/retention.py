"""What is over is forgotten after 30 days: tries first, then notifications that nobody waits for."""

import datetime as dt

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.kernel.work import Work, work
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller

KEPT_DAYS = 30
AT_ONCE = 10_000


@shape
class ForgetNotifications:
    limit: int = AT_ONCE


@operation("notification.forget", permission="notifications.write")
def forget(uow: Uow, command: ForgetNotifications) -> bool:
    """Delete some of what is older than 30 days (real time); whether there is more. A notification that a route has not come to, or that
    waits to be sent, stays."""
    before = uow.runtime.clock() - dt.timedelta(days=KEPT_DAYS)
    tries = uow.run(
        "DELETE FROM notification_attempt a USING (SELECT sequence, id FROM notification_attempt WHERE at < %s ORDER BY at LIMIT %s) o"
        " WHERE a.sequence = o.sequence AND a.id = o.id",
        (before, command.limit),
    )
    over = uow.column(
        int,
        "SELECT n.sequence FROM notification n WHERE n.recorded_at < %s"
        " AND n.sequence <= coalesce((SELECT min(position) FROM notification_progress), n.sequence)"
        " AND NOT EXISTS (SELECT FROM notification_delivery d WHERE d.tenant_id = n.tenant_id AND d.sequence = n.sequence"
        " AND d.status = 'WAITING') ORDER BY n.recorded_at LIMIT %s",
        (before, command.limit),
    )
    # only from the beginning: what is kept has no gap
    kept = uow.scalar(int, "SELECT min(sequence) FROM notification WHERE NOT sequence = ANY (%s)", (over,)) if over else None
    gone = [sequence for sequence in over if kept is None or sequence < kept]
    for table in ("notification_delivery", "notification"):
        uow.run(f"DELETE FROM {table} WHERE sequence = ANY (%s)", (gone,))
    return tries == command.limit or len(gone) == command.limit


def look(runtime: Runtime, tenant_id: int) -> None:
    """All of it."""
    while runtime.execute(forget, ForgetNotifications(), caller("notification_log", tenant_id)):
        runtime.go_on()


every_tenant(
    work(Work(name="notification_log", look=look, place="files")), every=dt.timedelta(days=1), at=dt.timedelta(hours=2, minutes=15)
)
