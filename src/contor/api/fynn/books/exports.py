"""How the books are kept and exported for DATEV."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from contor.api.fynn.books.answers import (
    AccountingSettingsShown,
    DatevShown,
    ExportFileShown,
    ExportShown,
    LeftOutShown,
)
from contor.api.fynn.books.types import ExportSent, SettingsSent
from contor.api.fynn.manners import known_when, when
from contor.kernel.errors import Kind, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.reports import datev, exports
from contor.reports.exports import ExportBody, ExportView
from contor.runtime.execute import validated
from contor.runtime.query import ListQuery, Page
from contor.runtime.query.rsql import All, Comparison
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings
from contor.settings.tenant_settings import ChangeSettings, SettingsChange, change_settings

_CONTENTS: Final[Mapping[str, str]] = {
    "posting_batch": "BATCH",
    "debtor_master_data": "MASTER_DATA",
    "document_transfer": "IMAGES",
}
_OURS: Final = Comparison.of("kind", "==", "DATEV")


@dataclass(frozen=True, slots=True)
class OwnSettings:
    """No input: the caller's tenant."""


@dataclass(frozen=True, slots=True)
class ChangeBooks:
    body: SettingsSent


@dataclass(frozen=True, slots=True)
class CreateExport:
    body: ExportSent


@dataclass(frozen=True, slots=True)
class ListExports:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneExport:
    id: str


@dataclass(frozen=True, slots=True)
class OneFile:
    id: str
    name: str


@operation("fynn.books_get", permission="bookkeeping.read", reads=True)
def get_books(uow: Uow, command: OwnSettings) -> AccountingSettingsShown:
    """The chart, what is deferred, and the client in DATEV; without that nothing is exported for it."""
    stored = tenant_settings(uow)
    try:
        client = datev.get_configuration(uow, datev.OwnConfiguration())
    except Refused as refused:
        if refused.kind is not Kind.NOT_FOUND:
            raise
        client = None
    return AccountingSettingsShown(
        chart=stored.chart,
        currency_code=stored.ledger_currency,
        deferred_income="monthly" if stored.deferred_income == "MONTHLY" else "none",
        datev=None
        if client is None
        else DatevShown(
            consultant_number=client.consultant_number,
            client_number=client.client_number,
            account_length=client.account_length,
            fiscal_year_start_month=client.fiscal_year_start_month,
            initials=client.initials,
        ),
    )


@operation("fynn.books_change", permission="bookkeeping.write")
def change_books(uow: Uow, command: ChangeBooks) -> AccountingSettingsShown:
    """What is said is otherwise from now on; the chart only as long as nothing is booked."""
    body, said = command.body, Fields()
    if body.chart is not None:
        said["chart"] = body.chart
    if body.deferred_income is not None:
        said["deferred_income"] = body.deferred_income.upper()
    if said:
        change_settings(uow, ChangeSettings(validated(SettingsChange, said)))
    if body.datev is not None:
        datev.put_configuration(uow, datev.PutConfiguration(body.datev))
    return get_books(uow, OwnSettings())


@operation("fynn.export_create", permission="bookkeeping.write")
def create_export(uow: Uow, command: CreateExport) -> ExportShown:
    """Of the books as they stand now; a worker makes the files."""
    body = command.body
    options = {
        "formatVersion": body.format_version,
        "periods": "ALL" if body.include_open_data else "CLOSED",
        "contents": [_CONTENTS[one] for one in body.contents],
    }
    wanted = ExportBody(kind="DATEV", period=body.period, first_day=body.from_date, last_day=body.to_date, options=options)
    return _export(exports.create_export(uow, exports.CreateExport(wanted)))


@operation("fynn.export_list", permission="bookkeeping.read", reads=True)
def list_exports(uow: Uow, command: ListExports) -> Page:
    """Those for DATEV, the latest first."""
    asked = command.query
    query = replace(asked, where=_OURS if asked.where is None else All((asked.where, _OURS)))
    page = exports.list_exports(uow, exports.ListExports(query))
    return replace(page, items=tuple([_export(one) for one in page.items if isinstance(one, ExportView)]))


@operation("fynn.export_get", permission="bookkeeping.read", reads=True)
def get_export(uow: Uow, command: OneExport) -> ExportShown:
    """How far it is, and its files."""
    return _export(exports.get_export(uow, exports.OneExport(export_ident=command.id)))


@operation("fynn.export_delete", permission="bookkeeping.write")
def delete_export(uow: Uow, command: OneExport) -> None:
    """Off the list."""
    exports.delete_export(uow, exports.OneExport(export_ident=command.id))


@operation("fynn.export_file", permission="bookkeeping.read", reads=True)
def get_export_file(uow: Uow, command: OneFile) -> FileContent:
    """One of its files."""
    return exports.get_export_file(uow, exports.OneExportFile(export_ident=command.id, name=command.name))


def _export(view: ExportView) -> ExportShown:
    return ExportShown(
        id=view.export_ident,
        type="datev",
        status=view.status.lower(),  # type: ignore[arg-type]  # its words in lower case
        from_date=known_when(view.first_day),
        to_date=known_when(view.last_day),
        fail_reason=" ".join(one.message for one in view.reasons) or None,
        left_out=tuple([LeftOutShown(reason=one.reason, message=one.message, count=one.count) for one in view.left_out]),
        files=tuple(
            [ExportFileShown(name=one.name, mime_type=one.media_type, size=one.size, sha256=one.sha256) for one in view.files]
        ),
        created_at=known_when(view.created_at),
        completed_at=when(view.completed_at),
    )
