"""Export from the command line: ask for files, make them here or wait for the worker that does, and write them to a folder."""

import time
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import msgspec

from contor.commands.billing import caller_of
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.reports.exports import (
    CreateExport,
    ExportBody,
    ExportView,
    OneExport,
    OneExportFile,
    Told,
    create_export,
    get_export,
    get_export_file,
    make_waiting,
)
from contor.runtime.execute import Runtime, validated

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_OPEN = ("QUEUED", "RUNNING")


def export(runtime: Runtime, realm: str | None, body: Fields, told: Told) -> ExportView:
    """An export of the tenant of `realm` (default: the demo's) that has ended. `told`: how many rows are done, of how many."""
    who = caller_of(runtime, realm)
    asked = CreateExport(validated(ExportBody, body))
    view: ExportView = runtime.execute(create_export, asked, who)
    one = OneExport(export_ident=view.export_ident)
    while view.status in _OPEN:
        if not make_waiting(runtime, who, told):
            time.sleep(0.5)  # a worker makes it
        view = runtime.execute(get_export, one, who)
        told(view.done, view.total)
    return view


def options_of(said: Sequence[str]) -> Fields:
    """`name=value` as options: what is JSON as what it says, everything else as text."""
    found: Fields = {}
    for one in said:
        name, _, value = one.partition("=")
        try:
            found[name] = _DECODER.decode(value) if value else ""
        except msgspec.DecodeError:
            found[name] = value
    return found


def write_files(runtime: Runtime, realm: str | None, view: ExportView, folder: Path) -> list[Path]:
    """The files of an export, written into `folder`, where none of them may be."""
    who = caller_of(runtime, realm)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / file.name for file in view.files]
    if there := [path for path in paths if path.exists()]:
        problems = [Problem("file_exists", f"{path} exists already: nothing was written.") for path in there]
        raise Refused(Kind.CONFLICT, *problems)
    for path in paths:
        content = runtime.execute(get_export_file, OneExportFile(view.export_ident, path.name), who)
        with path.open("xb") as target:
            for piece in content.pieces():
                target.write(piece)
    return paths
