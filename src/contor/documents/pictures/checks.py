"""What must hold of pictures that are, or were, awaited."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.documents.awaited import UPLOADED_PICTURE, takes_own
from contor.kernel.checks import check
from contor.runtime.uow import Uow

LATE_MINUTES = 15


class _Stands(NamedTuple):
    document_id: int
    status: str
    source: str | None
    has_picture: bool
    has_uploaded: bool


_HAS = "EXISTS (SELECT 1 FROM document_file f WHERE f.tenant_id = d.tenant_id AND f.document_id = d.id AND f.type = %s)"
_STANDS = (
    "SELECT document_id, status, source, has_picture, has_uploaded FROM ("
    " SELECT coalesce(a.document_id, d.id) AS document_id, coalesce(d.status, 'gone') AS status, a.source,"
    f" {_HAS} AS has_picture, {_HAS} AS has_uploaded FROM awaited_picture a FULL JOIN (SELECT d.tenant_id, d.id, d.status FROM document d"
    " WHERE d.status = 'FINALIZING' OR EXISTS (SELECT 1 FROM awaited_picture o WHERE o.tenant_id = d.tenant_id AND o.document_id = d.id))"
    " d ON d.tenant_id = a.tenant_id AND d.id = a.document_id) s"
    " WHERE CASE WHEN status = 'FINALIZING' THEN has_picture OR has_uploaded OR source IS NOT NULL"
    " WHEN status = 'COMPLETED' THEN source IS NULL OR NOT has_picture OR has_uploaded <> (source = 'UPLOADED')"
    " ELSE status <> 'CREATED' OR source IS NOT NULL END ORDER BY document_id"
)


@check("documents.a_picture_is_awaited_or_there")
def awaited_or_there(uow: Uow) -> Iterable[str]:
    """A document is FINALIZING as long as its picture is awaited, and no longer; what was uploaded is kept beside what was made of it."""
    for row in uow.all(_Stands, _STANDS, ("PDF", UPLOADED_PICTURE)):
        has = "has a picture" if row.has_picture else "has no picture"
        came = f"its picture came as {row.source}" if row.source else "its picture is awaited"
        kept = "an uploaded one is kept" if row.has_uploaded else "no uploaded one is kept"
        yield f"document {row.document_id} is {row.status}, {has}, {came}, {kept}"
    lost = (
        "SELECT id FROM document d WHERE status = 'FINALIZING' AND NOT EXISTS (SELECT 1 FROM awaited_picture a"
        " WHERE a.tenant_id = d.tenant_id AND a.document_id = d.id) ORDER BY id"
    )
    yield from (f"document {number} is FINALIZING, and awaits no picture" for number in uow.column(int, lost))


@check("documents.no_picture_is_awaited_in_vain")
def in_vain(uow: Uow) -> Iterable[str]:
    """Where ours takes the place of a picture that did not come in time, it does soon."""
    if not takes_own(uow):
        return
    sql = "SELECT document_id FROM awaited_picture WHERE source IS NULL AND until < %s - make_interval(mins => %s) ORDER BY document_id"
    for number in uow.column(int, sql, (uow.ctx.now(), LATE_MINUTES)):
        yield f"document {number} should have the built-in picture by now"
