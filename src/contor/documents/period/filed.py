"""The files of a period's documents."""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from contor.runtime.query.reading import streamed
from contor.runtime.uow import Uow


class FiledRow(NamedTuple):
    """A file of a document; of a document without one, the document alone."""

    document_id: int
    ident: str
    document_type: str
    document_date: dt.date
    operating_site_ident: str
    customer_ident: str
    status: str
    type: str | None
    name: str | None
    media_type: str | None
    size: int | None
    sha256: str | None


def files_between(uow: Uow, first: dt.date, last: dt.date, mark: int) -> Iterator[FiledRow]:
    """Every document dated on these days, with each of its files; none whose id is not below `mark`."""
    sql = (
        "SELECT d.id AS document_id, d.ident, d.document_type, d.document_date, d.operating_site_ident, d.customer_ident, d.status,"
        " f.type, f.name, f.media_type, f.size, f.sha256 FROM document d"
        " LEFT JOIN document_file f ON f.tenant_id = d.tenant_id AND f.document_id = d.id"
        " WHERE d.document_date BETWEEN %s AND %s AND d.id < %s ORDER BY d.document_date, d.id, f.type, f.name"
    )
    return streamed(uow, FiledRow, sql, (first, last, mark), name="files")
