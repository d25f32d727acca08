"""What must hold of papers received: their files are kept, their sums add up, and what was taken from the inbox is an expense."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.uow import Uow

MANY = 1000
_KINDS = {"expense": "expense_id", "revenue": "revenue_id", "filed_paper": "filed_paper_id", "inbox_item": "inbox_item_id"}


class Kept(NamedTuple):
    number: int
    ident: str
    sha256: str
    size: int


class Contradicting(NamedTuple):
    ident: str
    net: Decimal
    tax: Decimal


@check("expenses.files_are_kept")
def files(uow: Uow) -> Iterable[str]:
    """Every file that a paper names is there, as large as it came."""
    for kind, number in _KINDS.items():
        last = 0
        sql = (
            f"SELECT {number} AS number, ident, sha256, size FROM {kind} WHERE sha256 IS NOT NULL AND {number} > %s"
            f" ORDER BY {number} LIMIT {MANY}"
        )
        while rows := uow.all(Kept, sql, (last,)):
            last = rows[-1].number
            for row in rows:
                size = uow.runtime.blobs.size(uow.ctx.tenant_id, row.sha256)
                if size != row.size:
                    found = "is not there" if size is None else f"has {size} bytes"
                    yield f"the file of {kind.replace('_', ' ')} {row.ident}, {row.size} bytes, {found}"


@check("expenses.amounts_add_up")
def amounts(uow: Uow) -> Iterable[str]:
    """The rows of a paper that has some are its sums."""
    for kind in ("expense", "revenue"):
        sql = (
            f"SELECT p.ident, r.net, r.tax FROM {kind} p CROSS JOIN LATERAL (SELECT sum((e ->> 'net')::numeric) AS net,"
            " sum((e ->> 'vat')::numeric) AS tax FROM jsonb_array_elements(p.rows) e) r"
            " WHERE jsonb_array_length(p.rows) > 0 AND (r.net, r.tax) IS DISTINCT FROM (p.net, p.tax) ORDER BY p.ident"
        )
        for row in uow.all(Contradicting, sql):
            yield f"the rows of {kind} {row.ident} add up to {row.net} and {row.tax} of VAT, which it does not say"


@check("expenses.what_was_taken_is_an_expense")
def taken(uow: Uow) -> Iterable[str]:
    """And has the file that came in, unless another one took its place."""
    sql = "SELECT ident FROM inbox_item WHERE (status = 'TAKEN') <> (expense_ident IS NOT NULL) ORDER BY inbox_item_id"
    for ident in uow.column(str, sql):
        yield f"the file {ident} of the inbox is TAKEN without an expense, or has one without being so"
