"""Write what each dialect serves: `python -m contor.commands.coverage` fills `docs/dialects/`. A test keeps the files current."""

from pathlib import Path

import msgspec

from contor.api.fastbill.names import names_of
from contor.api.fastbill.services import SERVICES as FASTBILL
from contor.api.fastbill.voice import FASTBILL as FASTBILL_VOICE
from contor.api.fynn.routes import ROUTES as FYNN
from contor.api.fynn.voice import FYNN as FYNN_VOICE
from contor.api.management.routes import ROUTES as MANAGEMENT
from contor.api.management.voice import MANAGEMENT as MANAGEMENT_VOICE
from contor.api.openapi import openapi
from contor.api.platform.routes import ROUTES as PLATFORM
from contor.api.platform.voice import PLATFORM as PLATFORM_VOICE
from contor.api.route import Route
from contor.runtime.db import ENCODER

FOLDER = Path(__file__).parents[3] / "docs" / "dialects"


def table(title: str, routes: list[Route]) -> str:
    """The routes as a Markdown table, ordered by path."""
    rows = sorted((row.path, row.method, row.status, row.operation.name) for row in routes)
    lines = [f"| {method} | `{path}` | {status} | `{name}` |" for path, method, status, name in rows]
    return "\n".join(
        [f"# {title}", "", f"{len(rows)} routes.", "", "| method | path | status | operation |", "|---|---|---|---|", *lines, ""]
    )


def files() -> dict[str, str]:
    """Name -> content of every generated file."""
    made = {}
    for voice, routes in ((PLATFORM_VOICE, PLATFORM), (MANAGEMENT_VOICE, MANAGEMENT)):
        made[f"{voice.name}.md"] = table(voice.title, routes)
        # in lines: two changes of one file are merged line by line, and read so
        text = msgspec.json.format(ENCODER.encode(openapi(voice, routes)), indent=1)
        made[f"{voice.name}.openapi.json"] = text.decode() + "\n"
    made[f"{FYNN_VOICE.name}.routes.md"] = permissions(f"{FYNN_VOICE.title}: routes", FYNN)
    text = msgspec.json.format(ENCODER.encode(openapi(FYNN_VOICE, FYNN)), indent=1)
    made[f"{FYNN_VOICE.name}.openapi.json"] = text.decode() + "\n"
    made[f"{FASTBILL_VOICE.name}.services.md"] = services(FASTBILL_VOICE.title, FASTBILL)
    return made


def permissions(title: str, routes: list[Route]) -> str:
    """The routes of a dialect with permissions of its own as a Markdown table."""
    rows = sorted((row.path, row.method, row.status, row.id, row.permission) for row in routes)
    lines = [f"| {method} | `{path}` | {status} | `{name}` | `{right}` |" for path, method, status, name, right in rows]
    head = [
        f"# {title}",
        "",
        f"{len(rows)} routes.",
        "",
        "| method | path | status | operationId | permission |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *lines, ""])


def services(title: str, routes: list[Route]) -> str:
    """The services of a dialect with one address as a Markdown table: what each takes, and the right that it asks for."""
    lines = []
    for row in sorted(routes, key=lambda row: row.service):
        part = "FILTER" if row.operation.reads else "DATA"
        names = names_of(row.body).fields if row.body is not None else {}
        taken = ", ".join(f"`{name.upper()}`" for name in names if name not in ("limit", "offset"))
        lines.append(f"| `{row.service}` | {part} | {taken} | `{row.operation.permission}` |")
    head = [f"# {title}: services", "", f"{len(lines)} services.", "", "| service | reads | fields | right |", "|---|---|---|---|"]
    return "\n".join([*head, *lines, ""])


if __name__ == "__main__":
    for name, content in files().items():
        (FOLDER / name).write_text(content, encoding="utf-8")
