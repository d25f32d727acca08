"""The file of a paper from outside, for who names it by its number: by a link, for example."""

from typing import Literal

from contor.expenses.expenses import OneExpense, get_expense_file
from contor.expenses.queries import EXPENSES_NUMBERED, REVENUES_NUMBERED
from contor.expenses.revenues import OneRevenue, get_revenue_file
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow, not_found


@shape
class OpenPaper:
    kind: Literal["expense", "revenue"]
    number: int


@operation("paper.open_file", permission="bookkeeping.read", reads=True)
def open_paper(uow: Uow, command: OpenPaper) -> FileContent:
    """The file as it came. Raises NOT_FOUND."""
    numbered = EXPENSES_NUMBERED if command.kind == "expense" else REVENUES_NUMBERED
    ident = numbered.idents(uow, [command.number]).get(command.number)
    if ident is None:
        raise not_found(command.kind, str(command.number))
    if command.kind == "expense":
        return get_expense_file(uow, OneExpense(ident))
    return get_revenue_file(uow, OneRevenue(ident))
