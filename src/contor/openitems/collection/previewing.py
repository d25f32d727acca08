"""What a run would collect: all of it happens, and nothing stays."""

from decimal import Decimal

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.openitems.collection.carrying import CarryOut, carry_out, retry_due
from contor.openitems.collection.planning import PlanTasks, plan_tasks
from contor.payments.files import DIRECTIONS, WriteWaiting, accounts_with_waiting, write_waiting
from contor.runtime.uow import Uow


@shape
class PreviewCollection:
    pass


@shape
class CollectionReport:
    """What a run did, or would do."""

    planned: int
    """Documents that got their task."""
    intents: int
    """Tasks that became intents."""
    amount: Decimal
    """... over so much, in whatever currencies."""
    retried: int
    """Failed intents that are tried again."""
    files: tuple[str, ...]
    """Files for banks."""
    transactions: int
    """... with so many transactions."""
    left_out: int
    """What no file could say: each failed, and says why."""
    waiting: int
    """What waits for its day."""


@operation("collection.preview", permission="payments.write", undone=True)
def preview_collection(uow: Uow, command: PreviewCollection) -> CollectionReport:
    """Plan, carry out, try again and write the files, as a run would."""
    planned, intents, amount, retried = 0, 0, Decimal(0), 0
    plan = PlanTasks()
    while True:
        made = plan_tasks(uow, plan)
        planned += made.made
        if made.is_last:
            break
        plan = PlanTasks(after_date=made.after_date, after_document=made.after_document)
    carry = CarryOut()
    while True:
        done = carry_out(uow, carry)
        intents, amount = intents + done.made, amount + done.amount
        if done.is_last:
            break
        carry = CarryOut(after_date=done.after_date, after=done.after)
    while True:
        again = retry_due(uow, CarryOut())
        retried += again.made
        if again.is_last:
            break
    files, sums = list[str](), [0, 0, 0]
    for account in accounts_with_waiting(uow):
        for direction in DIRECTIONS:
            wrote = write_waiting(uow, WriteWaiting(merchant_account_ident=account, direction=direction))
            files += wrote.files
            sums = [sums[0] + wrote.transactions, sums[1] + wrote.left_out, sums[2] + wrote.waiting]
    return CollectionReport(
        planned=planned,
        intents=intents,
        amount=amount,
        retried=retried,
        files=tuple(files),
        transactions=sums[0],
        left_out=sums[1],
        waiting=sums[2],
    )
