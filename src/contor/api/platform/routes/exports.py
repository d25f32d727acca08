"""Exports, in `/v2`."""

from contor.api.kit import route
from contor.api.platform.answers import still
from contor.api.route import Route
from contor.reports import datev, exports

_EXPORT = "/v2/exports/{exportIdent}"
_DATEV = "/v2/billing/configuration/datev"

EXPORT_ROUTES: list[Route] = [
    route("GET", "/v2/exports", exports.list_exports, filterable=exports.EXPORTS, output=exports.ExportView),
    route("POST", "/v2/exports", exports.create_export, 202, body="body"),
    route("GET", _EXPORT, exports.get_export, pending=still("QUEUED", "RUNNING")),
    route("DELETE", _EXPORT, exports.delete_export, 204),
    route("POST", f"{_EXPORT}/actions/repeat", exports.repeat_export, 202),
    route("GET", f"{_EXPORT}/files/{{name}}", exports.get_export_file, pending=lambda _: False),
    route("GET", _DATEV, datev.get_configuration),
    route("PUT", _DATEV, datev.put_configuration, body="body"),
    route("DELETE", _DATEV, datev.delete_configuration, 204),
]
