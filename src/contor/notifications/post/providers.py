"""By whom letters are posted: a provider's name, and what makes it for a tenant."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.notifications.post import tables
from contor.notifications.post.types import PostProvider, Result, Sheet, Unreachable
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow
from contor.runtime.work.tenants import caller

PRINTED_AFTER: Final = dt.timedelta(minutes=1)
FAILS, SILENT, UNASKED = 4, 24, 44
"""Cents of a document's gross: 119.04 fails, for its address is none; the answer to 119.24 is lost; that to 119.44 too, and it cannot be
asked."""


@shape
class SimulatePosting:
    key: str
    gross: Decimal
    size: int


@shape
class PostingKey:
    key: str


class _Posted(NamedTuple):
    key: str
    gross: Decimal
    accepted_at: dt.datetime


@operation("simulated_letter.make", permission="notifications.write")
def make_letter(uow: Uow, command: SimulatePosting) -> Result:
    """Take it, once per key."""
    row = {"key": command.key, "gross": command.gross, "size": command.size, "accepted_at": uow.ctx.now()}
    if uow.insert_once(tables.simulated_letter, row):
        uow.audit("simulated_letter", command.key, {"size": command.size})
    found = _said(uow, command.key)
    assert found is not None
    return found


@operation("simulated_letter.get", permission="notifications.read", reads=True)
def get_letter(uow: Uow, command: PostingKey) -> Result | None:
    """What became of it; None: it never heard of it."""
    return _said(uow, command.key)


def _said(uow: Uow, key: str) -> Result | None:
    row = uow.first(_Posted, "SELECT key, gross, accepted_at FROM simulated_letter WHERE key = %s", (key,))
    if row is None:
        return None
    if _cents(row.gross) == FAILS:
        return Result("FAILED", key, "The simulated provider refused it: nobody lives at the address.")
    left = row.accepted_at + PRINTED_AFTER - uow.ctx.now()
    if left > dt.timedelta(0):
        return Result("ACCEPTED", key, ask_in=int(left.total_seconds()) + 1)
    return Result("PRINTED", key)


def _cents(gross: Decimal) -> int:
    return int(abs(gross) * 100) % 100


class SimulatedPost:
    """The provider of one TEST tenant. It posts nothing, keeps what it was handed once per key, and behaves by the cents of a document's
    gross."""

    can_be_asked = True

    def __init__(self, runtime: Runtime, tenant_id: int) -> None:
        self._runtime, self._caller = runtime, caller("simulated_post", tenant_id)

    def submit(self, sheet: Sheet) -> Result:
        known = self.ask(sheet.key)
        command = SimulatePosting(key=sheet.key, gross=sheet.gross, size=len(sheet.content))
        result = self._runtime.execute(make_letter, command, self._caller)
        if _cents(sheet.gross) == UNASKED:
            self.can_be_asked = False
        if known is None and _cents(sheet.gross) in (SILENT, UNASKED):
            raise Unreachable("its answer is lost")
        return result

    def ask(self, key: str) -> Result | None:
        return self._runtime.execute(get_letter, PostingKey(key=key), self._caller)


Maker = Callable[[Runtime, int], PostProvider]
"""`(runtime, tenant id)`"""
REGISTRY: Final[Mapping[str, Maker]] = {"SIMULATED": SimulatedPost}
IN_TEST: Final = frozenset({"SIMULATED"})
"""Those that are for TEST environments alone."""


def provider_of(runtime: Runtime, tenant_id: int, name: str) -> PostProvider:
    return REGISTRY[name](runtime, tenant_id)
