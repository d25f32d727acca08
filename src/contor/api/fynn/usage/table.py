"""The routes of usage."""

from typing import Final

from contor.api.fynn.ids import uuids
from contor.api.fynn.kit import route
from contor.api.fynn.usage import events, imports
from contor.api.route import By, IdsOf, Route, Sought
from contor.usage.measured import FINDINGS, IMPORTS, IMPORTS_NUMBERED

IMPORT: Final = uuids(IMPORTS_NUMBERED)
_PATH: Final = "/api/usage-events"
_SHOWN: Final = IdsOf(answer={"id": IMPORT})
_WORDS: Final = {"waiting": "WAITING", "running": "RUNNING", "done": "DONE"}
ROUTES: list[Route] = [
    route(
        "POST", _PATH, events.tell_events, permission="usage-event:write", id="createUsageEvents", about="usage event", body="body"
    ),
    route(
        "POST",
        f"{_PATH}/imports",
        imports.take_file,
        permission="usage-event:write",
        id="importUsageEvents",
        about="usage event",
        upload="file",
        ids=_SHOWN,
    ),
    route(
        "GET",
        f"{_PATH}/imports",
        imports.list_files,
        permission="usage-event:read",
        id="getUsageEventImports",
        about="usage event",
        filterable=IMPORTS,
        output=imports.UsageImportShown,
        sought=Sought(
            by={"status": By(field="status", words=_WORDS), "createdAt": By(field="created_at", form="INSTANT")},
            order={"createdAt": "created_at"},
        ),
        ids=_SHOWN,
    ),
    route(
        "GET",
        f"{_PATH}/imports/{{id}}",
        imports.get_file,
        permission="usage-event:read",
        id="getUsageEventImport",
        about="usage event",
        ids=IdsOf(path={"id": IMPORT}, answer={"id": IMPORT}),
    ),
    route(
        "GET",
        f"{_PATH}/imports/{{id}}/findings",
        imports.list_lines,
        permission="usage-event:read",
        id="getUsageEventImportFindings",
        about="usage event",
        filterable=FINDINGS,
        output=imports.UsageFindingShown,
        ids=IdsOf(path={"id": IMPORT}),
    ),
]
