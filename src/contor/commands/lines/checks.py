"""`contor check`: every invariant, now or as the last night found it."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from contor.commands.terminal import opened, out, printed_table


def check(
    tenant: Annotated[int | None, typer.Option(help="Only this tenant.")] = None,
    last: Annotated[bool, typer.Option("--last", help="What the last night found; nothing is run.")] = False,
    files: Annotated[bool, typer.Option("--files", help="Read every file, not only those whose turn it is.")] = False,
    against: Annotated[
        Path | None, typer.Option(help="Heads that `contor chain export` wrote: the chains go on from them.")
    ] = None,
) -> None:
    """Run every invariant over every tenant; exit 1 if one is broken."""
    from contor.commands.evidence import unlike_kept
    from contor.commands.working import NO_NIGHT, findings

    with opened() as runtime:
        broken = [] if against is None else unlike_kept(runtime, against.read_text(encoding="utf-8"), tenant)
        broken += findings(runtime, tenant, last=last, files=files)
    table = printed_table("tenant", "check", "finding")
    for number, name, finding in broken:
        table.add_row(str(number), name, escape(finding))
    out.print(table if broken else "Every check holds.")
    raise typer.Exit(1 if any(finding != NO_NIGHT for _, _, finding in broken) else 0)
