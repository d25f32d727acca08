"""`contor export`: what the accountant, the auditor or the tax office takes away."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from contor.commands.terminal import argued, err, opened, out, say_whose

_OPTION = """name=value, as the kind knows it; JSON where it is no text: contents=["BATCH"]. Once for each."""


def export(
    kind: Annotated[str, typer.Argument(help="DATEV, GDPDU, SAFT_PT, SAFT_NO, KSEF or BULK.")],
    period: Annotated[str | None, typer.Option(help="A month of posting dates, e.g. 2026-10.")] = None,
    first: Annotated[str | None, typer.Option("--from", help="First posting date, e.g. 2026-10-01.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last posting date.")] = None,
    option: Annotated[list[str] | None, typer.Option(help=_OPTION)] = None,
    to: Annotated[Path | None, typer.Option("--out", help="A folder for the files; default: they are only kept.")] = None,
    organization: Annotated[str | None, typer.Option(help="Realm of the tenant; default: the demo's.")] = None,
) -> None:
    """Make an export and write its files into a folder; exit 1 where it failed."""
    from contor.commands.exporting import export as make
    from contor.commands.exporting import options_of, write_files
    from contor.kernel.money import counted

    arguments = {
        "kind": "KIND",
        "period": "--period",
        "first_day": "--from",
        "last_day": "--to",
        "from": "--from",
        "to": "--to",
        "options": "--option",
    }
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with opened() as runtime:
        say_whose(runtime, organization)
        with argued(arguments), Progress(*columns, console=err) as progress:
            task = progress.add_task(f"Exporting {kind}", total=None)
            body = {"kind": kind, "period": period, "first_day": first, "last_day": last, "options": options_of(option or [])}
            view = make(runtime, organization, body, lambda done, total: progress.update(task, completed=done, total=total))
            if view.status == "DONE":
                progress.update(task, completed=1, total=1)  # also where nothing was to be written
        paths = write_files(runtime, organization, view, to) if to is not None else []
    out.print(f"{view.export_ident}: {view.status}, {counted(view.rows or 0, 'row')}", markup=False)
    for path in paths:
        out.print(str(path), markup=False, soft_wrap=True)
    for one in view.left_out:
        out.print(f"left out: {one.reason}, {one.count} ({one.message})", style="yellow", markup=False, soft_wrap=True)
    for reason in view.reasons:
        out.print(f"{reason.code}: {reason.message}", style="red", markup=False, soft_wrap=True)
    raise typer.Exit(0 if view.status == "DONE" else 1)
