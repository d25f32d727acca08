"""Exports as operations make them."""

from collections.abc import Mapping

from tests.factories.tenants import Tenant

from contor.reports.datev import DatevConfiguration, PutConfiguration, put_configuration
from contor.reports.exports import (
    CreateExport,
    ExportBody,
    ExportView,
    OneExport,
    OneExportFile,
    create_export,
    get_export,
    get_export_file,
    make_waiting,
)
from contor.runtime.execute import validated


def asked_export(tenant: Tenant, kind: str, **said: object) -> ExportView:
    """An export that waits: `period`, or `first_day` and `last_day`; everything else is an option, by its own name."""
    days = {name: said.pop(name) for name in ("period", "first_day", "last_day") if name in said}
    body = validated(ExportBody, {"kind": kind, "options": said, **days})
    return tenant.execute(create_export, CreateExport(body))


def made_export(tenant: Tenant, ident: str) -> ExportView:
    """The export after a worker looked."""
    assert make_waiting(tenant.runtime, tenant.caller())
    return tenant.execute(get_export, OneExport(export_ident=ident))


def an_export(tenant: Tenant, kind: str, **said: object) -> tuple[ExportView, Mapping[str, bytes]]:
    """An export that is done, and its files by name."""
    view = made_export(tenant, asked_export(tenant, kind, **said).export_ident)
    assert view.status == "DONE", view.reasons
    return view, files_of(tenant, view)


def files_of(tenant: Tenant, view: ExportView) -> Mapping[str, bytes]:
    found = {}
    for file in view.files:
        content = tenant.execute(get_export_file, OneExportFile(view.export_ident, file.name))
        found[file.name] = b"".join(content.pieces())
    return found


def configure_datev(tenant: Tenant, **more: object) -> None:
    body = validated(DatevConfiguration, {"consultant_number": 1001, "client_number": 456, **more})
    tenant.execute(put_configuration, PutConfiguration(body))
