"""What expenses and revenues have in common: their sums, their days, their files."""

from collections.abc import Sequence
from typing import Final

from contor.customers.queries import known_customers
from contor.documents.einvoice import judged_file, misnamed, parse
from contor.expenses.amounts import sums_of
from contor.expenses.types import PaperRow
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.shapes import Fields
from contor.runtime.execute import validated
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow, not_found

LARGEST: Final = 20 * 1024 * 1024
"""Bytes of a file."""
XML: Final = "application/xml"
FILE_COLUMNS: Final = ("file_name", "media_type", "size", "sha256")
PAPER: Final = (
    "number",
    "date",
    "due_date",
    "service_start",
    "service_end",
    "comment",
    "currency",
    "net",
    "tax",
    "rows",
    "paid_on",
)
_BLANK_OR_MARK: Final = b" \t\r\n\xef\xbb\xbf"
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
"""The marks of UTF-16, of which no other kind of file begins."""


def paper_problems(uow: Uow, row: Fields) -> list[Problem]:
    """What is wrong with a paper; the sums that are left out are written into `row`."""
    problems = []
    customer = row.get("customer_ident")
    if customer is not None and not known_customers(uow, [customer]):
        problems.append(Problem("customer_unknown", "does not exist", "customerIdent", customer))
    start, end = row.get("service_start"), row.get("service_end")
    if start is not None and end is not None and end < start:
        problems.append(Problem("end_before_start", f"is before the first day ({start})", "serviceEnd", end))
    if row.get("paid_on") is not None and row["paid_on"] > uow.ctx.today():
        problems.append(Problem("paid_in_future", f"is after today ({uow.ctx.today()})", "paidOn", row["paid_on"]))
    rows = [read_row(one) for one in row.get("rows") or ()]
    sums = sums_of(row["net"], row.get("tax"), rows, row["currency"])
    row["tax"], row["rows"] = sums.tax, [_plain(one) for one in sums.rows]
    return [*problems, *sums.problems]


def refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Refused(Kind.INVALID, *problems)


def judged_paper(file: FileContent) -> str:
    """The media type of a file that is to be kept, by its bytes; XML has no entities and no document type. Raises TOO_LARGE, INVALID."""
    if len(file.content) > LARGEST:
        raise Refused(Kind.TOO_LARGE, Problem("file_too_large", f"The file has more than {LARGEST} bytes.", "file"))
    if file.content.lstrip(_BLANK_OR_MARK).startswith(b"<") or file.content.startswith(_WIDE):
        parse(file.content)
        return XML
    kind, problems = judged_file(file.content, file.media_type)
    refuse([*problems, *misnamed(kind, file.name)])
    return kind


def keep_file(uow: Uow, stored: Resource, ident: str, file: FileContent) -> Fields:
    """The file of a paper; another one takes the place of that which was there. Raises NOT_FOUND."""
    before = stored.require(uow, (ident,), lock=True)
    kind = judged_paper(file)
    sha256 = uow.runtime.blobs.put(uow.ctx.tenant_id, file.content)
    uow.run(
        f"UPDATE {stored.table.name} SET file_name = %s, media_type = %s, size = %s, sha256 = %s, last_modified_at = %s WHERE ident = %s",
        (file.name, kind, len(file.content), sha256, uow.ctx.now(), ident),
    )
    uow.audit(stored.name, ident, {"file": {"before": before["sha256"], "after": sha256}, "name": file.name})
    return stored.require(uow, (ident,))


def kept_file(uow: Uow, stored: Resource, ident: str) -> FileContent:
    """Raises NOT_FOUND."""
    row = stored.require(uow, (ident,))
    if row["sha256"] is None:
        raise not_found("file", ident, "paper")
    return FileContent(uow.runtime.blobs.get(uow.ctx.tenant_id, row["sha256"]), row["media_type"], row["file_name"])


def without_file(row: Fields) -> None:
    """A new paper has none."""
    row.update(dict.fromkeys(FILE_COLUMNS))


def read_row(row: object) -> PaperRow:
    """A row as it was sent, or as it is stored."""
    return row if isinstance(row, PaperRow) else validated(PaperRow, row)


# helpers in calling order


def _plain(row: PaperRow) -> Fields:
    names = PaperRow.__struct_fields__
    return {name: value for name in names if (value := getattr(row, name)) is not None}
