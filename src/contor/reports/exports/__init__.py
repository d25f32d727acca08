"""Exports as objects: asked for, made by a worker into files, repeatable byte for byte, with all that was left out and why.

**A kind of export** is one declaration in a module of a room beside this one (`contor/reports/<kind>/`), made when it is imported:

    @shape
    class MyOptions:                      # what callers may say under `options`; every field has a default
        detailed: bool = False

    def prepare(uow: Uow, asked: Asked) -> Fields:      # in the transaction of the request; may be left out
        ...                               # raise Refused(INVALID, *problems) where it cannot be made, `field="options.x"`;
        return {"chart": ...}             # plain JSON: all that may change later and decides the bytes

    def write(uow: Uow, task: ExportTask, out: Output) -> None:    # by a worker, in a read-only snapshot of the database
        out.expect(1_000)                 # for the progress; may be left out
        with out.file("index.xml", "application/xml") as file:    # as much of a file object as zipfile and lxml.etree.xmlfile need
            file.write(b"...")
            file.rows += 1                # what is a row is for the kind to say
            out.advance()                 # each row, or `out.advance(n)`: says how far it is, lets the worker be stopped
        out.leave_out("NO_FILE", "The document has no file.", "RE-1")   # nothing is left out in silence

    export_kind(ExportKind(name="MY_KIND", options=MyOptions, prepare=prepare, write=write))

Read large tables with `contor.runtime.query.reading.streamed` (constant memory; a name for each that is open at a time), the journal with
`contor.bookkeeping.entries.journal_between(uow, first, last, task.journal)`. `task.journal` says up to which journal number of each fiscal
year the export goes; use `task.requested_at` wherever a file names the instant of its making. `write` raises `Refused` where the data
forbid the export: it FAILED then, with these reasons; any other exception is a fault of ours and is tried again.

Tests make one with `tests.factories.exports.an_export(tenant, "MY_KIND", period="2026-10")`, which answers the files by name.
"""

from contor.reports.exports.kinds import KINDS, Asked, ExportKind, NoOptions, export_kind
from contor.reports.exports.making import EXPORT_WORK, Told, make_waiting
from contor.reports.exports.output import FileWriter, Output
from contor.reports.exports.request import CreateExport, create_export, delete_export, repeat_export
from contor.reports.exports.stored import (
    EXPORTS,
    ListExports,
    OneExport,
    OneExportFile,
    get_export,
    get_export_file,
    list_exports,
)
from contor.reports.exports.types import ExportBody, ExportTask, ExportView, Period

__all__ = [
    "EXPORTS",
    "EXPORT_WORK",
    "KINDS",
    "Asked",
    "CreateExport",
    "ExportBody",
    "ExportKind",
    "ExportTask",
    "ExportView",
    "FileWriter",
    "ListExports",
    "NoOptions",
    "OneExport",
    "OneExportFile",
    "Output",
    "Period",
    "Told",
    "create_export",
    "delete_export",
    "export_kind",
    "get_export",
    "get_export_file",
    "list_exports",
    "make_waiting",
    "repeat_export",
]
