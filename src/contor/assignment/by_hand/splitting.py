"""Many assignments in one call, by a list or a CSV file: one payment to many documents, many payments to one; all of it or nothing."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final

from pydantic import Field

from contor.assignment.by_hand.putting import AssignmentBody, put
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.money import counted
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.execute import validated
from contor.runtime.uow import Uow

MOST: Final = 1000
MOST_BYTES: Final = 1_000_000
_COLUMNS: Final = {
    "paymentIdent": "payment_ident",
    "targetType": "target_type",
    "targetIdent": "target_ident",
    "amount": "amount",
}


@shape
class SplitBody:
    assignments: Annotated[tuple[AssignmentBody, ...], Field(min_length=1, max_length=MOST)]


@shape
class Split:
    payment_assignment_idents: tuple[str, ...]
    """In the order of the list."""


@dataclass(frozen=True, slots=True)
class CreateMany:
    body: SplitBody


@dataclass(frozen=True, slots=True)
class Upload:
    file: FileContent


@operation("payment_assignment.create_many", permission="payments.write")
def create_many(uow: Uow, command: CreateMany) -> Split:
    """Assign by a list: all of it, or nothing with all that is wrong."""
    return _put_all(uow, [(f"assignments[{n}]", body) for n, body in enumerate(command.body.assignments)])


@operation("payment_assignment.upload", permission="payments.write")
def upload_many(uow: Uow, command: Upload) -> Split:
    """Assign by a CSV file with the columns paymentIdent, targetIdent and, if need be, targetType and amount, the names in its first line;
    separated by commas or semicolons, in UTF-8."""
    return _put_all(uow, _rows(command.file))


def _put_all(uow: Uow, wanted: Sequence[tuple[str, AssignmentBody]]) -> Split:
    made, problems = [], []
    for path, body in wanted:
        try:
            made.append(put(uow, body))
        except Refused as refused:  # raised again below: nothing of it stays
            problems += [
                Problem(it.code, it.message, f"{path}.{it.field}" if it.field else path, it.rejected_value)
                for it in refused.problems
            ]
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return Split(payment_assignment_idents=tuple(made))


def _rows(file: FileContent) -> list[tuple[str, AssignmentBody]]:
    if len(file.content) > MOST_BYTES:
        raise _unreadable(f"The file has more than {MOST_BYTES // 1_000_000} MB.")
    try:
        text = file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable("The file is not in UTF-8.") from None
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        names, *rows = [[cell.strip() for cell in row] for row in reader if any(cell.strip() for cell in row)]
    except ValueError:
        raise _unreadable("The file is empty.") from None
    except csv.Error as error:
        raise _unreadable(f"The file is no CSV: {error}.") from None
    unknown = [name for name in names if name not in _COLUMNS]
    if unknown or len(set(names)) < len(names) or not {"paymentIdent", "targetIdent"} <= set(names):
        raise _unreadable(
            f"The first line names the columns: paymentIdent, targetIdent, and perhaps targetType and amount; not {names}."
        )
    if not 0 < len(rows) <= MOST:
        raise _unreadable(f"The file has 1 to {MOST} rows, not {len(rows)}.")
    return list(_bodies(names, rows))


def _bodies(names: Sequence[str], rows: Iterable[Sequence[str]]) -> list[tuple[str, AssignmentBody]]:
    made, problems = [], []
    for n, row in enumerate(rows, 2):
        line = f"line {n}"
        if len(row) != len(names):
            problems.append(Problem("columns_differ", f"has {counted(len(row), 'column')}, not {len(names)}", line))
            continue
        said: dict[str, object] = {_COLUMNS[name]: cell for name, cell in zip(names, row, strict=True) if cell}
        try:
            if "amount" in said:
                said["amount"] = _amount(str(said["amount"]))
            made.append((line, validated(AssignmentBody, said)))
        except InvalidOperation:
            problems.append(Problem("amount_invalid", "is no amount, as 100.00 or 100,00", f"{line}.amount", said["amount"]))
        except Refused as refused:
            problems += [Problem(it.code, it.message, f"{line}.{it.field}", it.rejected_value) for it in refused.problems]
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return made


def _amount(text: str) -> Decimal:
    """With a point or a comma, without thousands."""
    made = Decimal(text.replace(",", ".", 1)) if text.isascii() and "_" not in text else Decimal("NaN")
    if not made.is_finite():
        raise InvalidOperation
    return made


def _unreadable(message: str) -> Refused:
    return Refused(Kind.INVALID, Problem("assignment_file_unreadable", message, "file"))
