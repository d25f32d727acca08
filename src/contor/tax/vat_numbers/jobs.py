"""Check the VAT ids of all customers: a job with its progress, which feeds the queue a part at a time."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, NamedTuple

from contor.customers.vat_ids import count_vat_ids, vat_ids_after
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.places import EU_COUNTRIES
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found
from contor.tax.vat_numbers import tables
from contor.tax.vat_numbers.enquiries import VAT_NUMBERS, ask_for
from contor.tax.vat_numbers.numbers import GREECE, NORTHERN_IRELAND
from contor.tax.vat_numbers.types import CheckAllView, JobStatus

PREFIXES: Final = sorted((EU_COUNTRIES - {"GR"}) | {GREECE, NORTHERN_IRELAND})
AT_ONCE = 200
"""Customers whose numbers are put into the queue together."""


@dataclass(frozen=True, slots=True)
class CheckAll:
    """No input: the numbers of all customers."""


@dataclass(frozen=True, slots=True)
class OneJob:
    job_ident: str


@dataclass(frozen=True, slots=True)
class FeedJob:
    """No input: the job that runs."""


class JobRow(NamedTuple):
    ident: str
    status: JobStatus
    after: str
    total: int
    done: int
    valid: int
    invalid: int
    unavailable: int
    created_at: dt.datetime
    completed_at: dt.datetime | None


@operation("vat_number_check.check_all", permission="customers.write")
def check_all(uow: Uow, command: CheckAll) -> CheckAllView:
    """Let workers ask about every VAT id that a service answers about; one such job runs at a time."""
    uow.lock("vat_number_job", [""])
    if (running := _running(uow)) is not None:
        message = f"The check {running.ident} is running: {running.done} of {running.total} numbers are done."
        raise Refused(Kind.CONFLICT, Problem("vat_number_job_running", message))
    ident = uow.new_ident()
    row = {"ident": ident, "status": "RUNNING", "total": count_vat_ids(uow, PREFIXES), "created_at": uow.ctx.now()}
    uow.insert(tables.vat_number_job, [row])
    uow.audit("vat_number_job", ident, {"created": row})
    uow.mark(VAT_NUMBERS)
    return get_check_all(uow, OneJob(ident))


@operation("vat_number_check.get_job", permission="customers.read", reads=True)
def get_check_all(uow: Uow, command: OneJob) -> CheckAllView:
    """How far it is."""
    row = uow.first(JobRow, f"SELECT {columns(JobRow)} FROM vat_number_job WHERE ident = %s", (command.job_ident,))
    if row is None:
        raise not_found("vat_number_job", command.job_ident)
    fields = row._asdict()
    del fields["after"]
    return CheckAllView(job_ident=fields.pop("ident"), **fields)


@operation("vat_number_check.feed_job", permission="customers.write")
def feed_job(uow: Uow, command: FeedJob) -> bool:
    """Put the next numbers of the job that runs into the queue, once those before are asked about; end it behind the last. Whether there
    are new ones."""
    job = _running(uow)
    if job is None or uow.scalar(int, "SELECT 1 FROM vat_number_enquiry WHERE job_ident = %s LIMIT 1", (job.ident,)) is not None:
        return False
    numbers = vat_ids_after(uow, job.after, PREFIXES, AT_ONCE)
    if numbers:
        ask_for(uow, numbers, "ALL", job=job.ident)
        uow.run("UPDATE vat_number_job SET after = %s WHERE ident = %s", (numbers[-1].customer_ident, job.ident))
        uow.audit("vat_number_job", job.ident, {"after": numbers[-1].customer_ident})
    else:
        uow.run("UPDATE vat_number_job SET status = 'COMPLETED', completed_at = %s WHERE ident = %s", (uow.ctx.now(), job.ident))
        uow.audit("vat_number_job", job.ident, {"status": "COMPLETED"})
    return bool(numbers)


def _running(uow: Uow) -> JobRow | None:
    return uow.first(JobRow, f"SELECT {columns(JobRow)} FROM vat_number_job WHERE status = 'RUNNING'")
