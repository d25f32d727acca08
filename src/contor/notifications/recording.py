"""Notifications are written in the transaction of what they tell, at its very end.

The number is drawn after everything else is written, and the counter's row stays locked until the commit: the sequence has no gap, and its
order is that of the commits. Who reads up to a number has seen everything before it.
"""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from contor.kernel.context import Ctx
from contor.notifications import tables
from contor.notifications.types import Notice
from contor.runtime.query.reading import has_any, rare
from contor.runtime.uow import FEW_ROWS, Uow

SENDING = "notifications"
"""The name of the work that sends them."""
Tell = Callable[..., Iterable[Notice]]
"""`(uow, fact)`."""
_CONFIGURED = rare("notification_configuration")
_COLUMNS = ("sequence", "ident", "type", "subject", "payload", "created_at", "recorded_at")


def record(uow: Uow, tell: Tell, fact: object) -> None:
    """Write down, at the end of the transaction, what `tell` says of the fact then; nothing where the tenant has no notifications."""
    recording = next((step for step in uow.last_steps if isinstance(step, Recording) and step.uow is uow), None)
    if recording is None:
        recording = Recording(uow, has_any(uow, _CONFIGURED))
        uow.finish(recording)
    recording.add(tell, fact)


class Recording:
    """The notifications of one transaction."""

    def __init__(self, uow: Uow, is_wanted: bool) -> None:
        self.uow, self._is_wanted = uow, is_wanted
        self._told: list[tuple[Tell, object]] = []
        self._is_last = True

    def add(self, tell: Tell, fact: object) -> None:
        if not self._is_wanted:
            return
        self._told.append((tell, fact))
        if not self._is_last:  # what came after it caused something more
            self._is_last = True
            self.uow.finish(self)

    def __call__(self) -> None:
        """Write them, where no other step is left: else after those."""
        steps = self.uow.last_steps
        if steps and steps[-1] is not self:
            self.uow.finish(self)
            return
        self._is_last = False
        told, self._told = self._told, []
        if notices := [notice for tell, fact in told for notice in tell(self.uow, fact)]:
            _write(self.uow, notices)


def _write(uow: Uow, notices: Sequence[Notice]) -> None:
    ctx, recorded_at = uow.ctx, uow.runtime.clock()
    # several facts of one transaction may say the same of a thing, as it is at the end
    said = dict.fromkeys((notice.type, notice.subject, payload_of(ctx, notice)) for notice in notices)
    made = [(uow.new_ident(), *one, ctx.now(), recorded_at) for one in said]
    first = uow.draw(tables.notification_counter, (), low=1, count=len(made))
    rows = [(first + place, *rest) for place, rest in enumerate(made)]
    if len(rows) < FEW_ROWS:
        uow.leave(tables.notification, [dict(zip(_COLUMNS, row, strict=True)) for row in rows])
    else:
        uow.copy(tables.notification, _COLUMNS, rows)
    uow.mark(SENDING)


def payload_of(ctx: Ctx, notice: Notice) -> str:
    """The JSON that is sent. Names of documents' notifications are parted by underscores, as the platform always had them; of all others
    they are in camel case."""
    timestamp = int(ctx.now().timestamp())
    if notice.type.startswith("invoice."):
        common = {"notification_type": notice.type, "business_client_id": ctx.tenant_id, "timestamp": timestamp}
    else:
        common = {"notificationType": notice.type, "tenantId": ctx.tenant_id, "timestamp": timestamp}
    return _PAYLOADS.encode({**common, **notice.content}).decode()


_PAYLOADS = msgspec.json.Encoder(decimal_format="number")
