"""What must hold of the proofs of VAT numbers."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class _Kept(NamedTuple):
    ident: str
    sha256: str
    size: int


class _Job(NamedTuple):
    ident: str
    status: str
    done: int
    classed: int


@check("vat_numbers.proofs_are_kept")
def proofs_kept(uow: Uow) -> Iterable[str]:
    """What a service answered is there, as long as it was."""
    for row in uow.all(_Kept, f"SELECT {columns(_Kept)} FROM vat_number_check WHERE sha256 IS NOT NULL ORDER BY id"):
        size = uow.runtime.blobs.size(uow.ctx.tenant_id, row.sha256)
        if size != row.size:
            yield f"VAT number check {row.ident}: its answer {'is missing' if size is None else f'has {size} bytes of {row.size}'}"


@check("vat_numbers.answers_of_services_have_their_bytes")
def answers_have_bytes(uow: Uow) -> Iterable[str]:
    """Whoever says that a service confirmed a number has its answer; what was seen without asking has none."""
    sql = (
        "SELECT ident FROM vat_number_check WHERE (provider = 'OFFLINE' AND (sha256 IS NOT NULL OR status <> 'INVALID'))"
        " OR (provider <> 'OFFLINE' AND status IN ('VALID', 'INVALID') AND sha256 IS NULL) ORDER BY id"
    )
    for ident in uow.column(str, sql):
        yield f"VAT number check {ident} says more than a service did"


@check("vat_numbers.jobs_count_what_was_answered")
def jobs_count(uow: Uow) -> Iterable[str]:
    """No more is done than there was, and nothing is counted twice."""
    sql = "SELECT ident, status, done, valid + invalid + unavailable AS classed FROM vat_number_job"
    for row in uow.all(_Job, sql):
        if row.classed > row.done:
            yield f"VAT number job {row.ident}: {row.done} are done, {row.classed} have an outcome"
