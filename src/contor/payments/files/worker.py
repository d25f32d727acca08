"""Files are written once a day, and when somebody asks for them: what waits goes together."""

import datetime as dt
from typing import NamedTuple

from contor.kernel.context import Caller
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.kernel.work import Elsewhere, Work, work
from contor.payments.files.writing import Direction, WriteWaiting, write_waiting
from contor.payments.intents import accounts_with_waiting
from contor.runtime.execute import Runtime
from contor.runtime.schema import lock_if_free
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller

DIRECTIONS: tuple[Direction, ...] = ("DEBITS", "TRANSFERS")


class Wrote(NamedTuple):
    """What a run wrote."""

    files: tuple[str, ...]
    transactions: int
    left_out: int
    waiting: int


@shape
class Nothing:
    pass


@operation("payment_file.accounts_waiting", permission="payments.read", reads=True)
def accounts_waiting(uow: Uow, command: Nothing) -> list[str]:
    """The merchant payment accounts for which something waits to go out in a file."""
    return accounts_with_waiting(uow)


def write_files(runtime: Runtime, who: Caller) -> Wrote:
    """All files of a tenant, turn by turn."""
    files, sums = list[str](), [0, 0, 0]
    for account in runtime.execute(accounts_waiting, Nothing(), who):
        for direction in DIRECTIONS:
            command = WriteWaiting(merchant_account_ident=account, direction=direction)
            while True:
                runtime.go_on()
                done = runtime.execute(write_waiting, command, who)
                files += done.files
                sums = [sums[0] + done.transactions, sums[1] + done.left_out, sums[2] + done.waiting]
                if done.is_last:
                    break
                command = WriteWaiting(merchant_account_ident=account, direction=direction, after=done.after)
    return Wrote(tuple(files), *sums)


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | Elsewhere | None:
    """One worker at a time writes a tenant's files."""
    who = caller("payment_files", tenant_id)
    with runtime.transaction(who, reads=True) as guard:
        if not guard.scalar(bool, f"SELECT {lock_if_free('payments', repr('files'))}", {"tenant": tenant_id}):
            return Elsewhere.BUSY
        write_files(runtime, who)
    return None


PAYMENT_FILES = work(Work(name="payment_files", look=look, place="files"))
every_tenant(PAYMENT_FILES, every=dt.timedelta(days=1), at=dt.timedelta(hours=4, minutes=30))
