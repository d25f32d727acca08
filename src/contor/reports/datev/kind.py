"""The export `DATEV`: booking batch, debtors and creditors, pictures."""

from contor.bookkeeping.entries import numbers_of_several, numbers_that_meet
from contor.kernel.errors import Kind, Problem, Refused
from contor.reports.datev.batch import last_day, write_batch
from contor.reports.datev.frozen import KINDS_WITH_IMAGE, frozen_of, prepare
from contor.reports.datev.images import write_images
from contor.reports.datev.master_data import write_master_data
from contor.reports.datev.text import NOT_IN_NUMBERS, NUMBER_LENGTH
from contor.reports.datev.types import DatevOptions
from contor.reports.exports import ExportKind, ExportTask, Output, export_kind
from contor.runtime.uow import Uow
from contor.settings.queries import sites


def write(uow: Uow, task: ExportTask, out: Output) -> None:
    """All contents that the options name. Raises `Refused` where two document numbers would be one in DATEV."""
    options, frozen = task.options, frozen_of(task)
    assert isinstance(options, DatevOptions)
    if meeting := numbers_that_meet(uow, NOT_IN_NUMBERS, NUMBER_LENGTH):
        problems = [
            Problem(
                "datev_numbers_meet", f"The document numbers {' and '.join(idents)} would both be {field} in DATEV (Belegfeld 1)."
            )
            for field, idents in meeting
        ]
        raise Refused(Kind.ILLEGAL_STATE, *problems)
    if len({site.legal_entity for site in sites(uow).values()}) > 1:
        message = "Two companies of the tenant gave it: in DATEV the open items of both documents meet under it."
        for ident in numbers_of_several(uow, sorted(KINDS_WITH_IMAGE)):
            out.leave_out("NUMBER_OF_TWO_DOCUMENTS", message, ident)
    last = last_day(uow, task, options, frozen, out)
    if "BATCH" in options.contents:
        write_batch(uow, task, options, frozen, last, out)
    if "MASTER_DATA" in options.contents:
        write_master_data(uow, task, frozen, last, out)
    if "IMAGES" in options.contents and last >= task.first_day:
        write_images(uow, task, last, out)


DATEV = export_kind(ExportKind(name="DATEV", options=DatevOptions, prepare=prepare, write=write))
