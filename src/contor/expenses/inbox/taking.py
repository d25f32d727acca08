"""A person takes what came in as an expense, in the words of the file or in others; or dismisses it."""

from dataclasses import dataclass

from contor.expenses.expenses import EXPENSES
from contor.expenses.inbox.listing import ItemRow, item_named, item_view
from contor.expenses.types import DismissBody, InboxView, TakeBody
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.runtime.execute import validated
from contor.runtime.resource import Keyed, Written
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class TakeItem:
    inbox_item_ident: str
    body: TakeBody


@dataclass(frozen=True, slots=True)
class DismissItem:
    inbox_item_ident: str
    body: DismissBody


@operation("inbox_item.take", permission="bookkeeping.write")
def take_item(uow: Uow, command: TakeItem) -> EXPENSES.output:  # type: ignore[name-defined]  # a shape that the resource has made
    """Make an expense of a file, with the file: what the body says counts, then what was read. Says everything that is missing."""
    row = _waiting(uow, command.inbox_item_ident)
    creation = validated(EXPENSES.creation, {"ident": command.body.expense_ident, **_content(row, command.body)})
    made: Fields = EXPENSES.create(uow, Written((), creation))
    uow.run(
        "UPDATE expense SET file_name = %s, media_type = %s, size = %s, sha256 = %s WHERE ident = %s",
        (row.file_name, row.media_type, row.size, row.sha256, made["ident"]),
    )
    uow.run("UPDATE inbox_item SET status = 'TAKEN', expense_ident = %s WHERE ident = %s", (made["ident"], row.ident))
    uow.audit("inbox_item", row.ident, {"taken": made["ident"]})
    return EXPENSES.get(uow, Keyed((made["ident"],)))


@operation("inbox_item.dismiss", permission="bookkeeping.write")
def dismiss_item(uow: Uow, command: DismissItem) -> InboxView:
    """Say that a file becomes no expense; it is kept."""
    row = _waiting(uow, command.inbox_item_ident)
    uow.run("UPDATE inbox_item SET status = 'DISMISSED', reason = %s WHERE ident = %s", (command.body.reason, row.ident))
    uow.audit("inbox_item", row.ident, {"dismissed": command.body.reason})
    return item_view(item_named(uow, row.ident))


# helpers in calling order


def _waiting(uow: Uow, ident: str) -> ItemRow:
    """The file, locked. Raises NOT_FOUND, NOT_READY, CONFLICT."""
    row = item_named(uow, ident, lock=True)
    if row.status == "RECEIVED":
        raise Refused(Kind.NOT_READY, Problem("inbox_item_not_read", f"The file {row.file_name} is being read."))
    if row.status != "WAITING":
        became = f"the expense {row.expense_ident}" if row.expense_ident is not None else "nothing"
        raise Refused(Kind.CONFLICT, Problem("inbox_item_done", f"The file {row.file_name} is {row.status}: it became {became}."))
    return row


def _content(row: ItemRow, body: TakeBody) -> Fields:
    """Who says other sums says all of them: rows of the file would contradict."""
    own: Fields = {
        "supplier": body.supplier,
        "customer_ident": body.customer_ident,
        "project_ident": body.project_ident,
        "category": body.category,
        "supplier_vat_id": body.supplier_vat_id,
        "tax_treatment": body.tax_treatment,
        "booking_account": body.booking_account,
        "posted": body.posted,
        "number": body.number,
        "date": body.date,
        "due_date": body.due_date,
        "service_start": body.service_start,
        "service_end": body.service_end,
        "comment": body.comment,
        "paid_on": body.paid_on,
        **(sums := {"currency": body.currency, "net": body.net, "tax": body.tax, "rows": body.rows}),
    }
    said = {name: value for name, value in own.items() if value is not None}
    read = row.proposed
    if read is None:
        return said
    has_sums = any(value is not None for value in sums.values())
    of_supplier = ("supplier", "supplier_vat_id", "tax_treatment")
    kept = (*of_supplier, "number", "date", "due_date", "service_start", "service_end", "comment", "currency", "net")
    names = kept if has_sums else (*kept, "tax", "rows")
    return {**{name: value for name in names if (value := getattr(read, name)) is not None}, **said}
