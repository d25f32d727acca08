"""`contor period`: months of the books are listed and closed."""

from typing import Annotated

import typer
from rich.table import Table

from contor.commands.terminal import argued, opened, out, say_whose

period = typer.Typer(no_args_is_help=True, help="Posting periods: months of the books.")
_WHOSE = "Realm of the tenant; default: the demo's."


@period.command("list")
def list_them(organization: Annotated[str | None, typer.Option(help=_WHOSE)] = None) -> None:
    """Show every month from the first posting to today, and whether it is closed."""
    from contor.commands.closing import months

    with opened() as runtime:
        found = months(runtime, organization)
    table = Table("month", "status", "closed", "by", "closed with")
    for one in found:
        closed = f"{one.closed_at:%Y-%m-%d %H:%M}" if one.closed_at else ""
        table.add_row(one.period, one.status, closed, one.closing_by or "", ", ".join(one.acknowledgements))
    out.print(table)


@period.command("close")
def close_one(
    month: Annotated[str, typer.Argument(help="YYYY-MM: the first one that is open.")],
    organization: Annotated[str | None, typer.Option(help=_WHOSE)] = None,
    acknowledge: Annotated[
        list[str] | None, typer.Option(help="A finding with which it is closed all the same; once for each.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what stands in the way; nothing is closed.")] = False,
) -> None:
    """Close a month for good: nothing is posted into it any more. Exit 1 where something stands in the way."""
    from contor.commands.closing import close, looked_into

    with opened() as runtime, argued({"acknowledgements": "--acknowledge", "period": "MONTH"}):
        say_whose(runtime, organization)
        if dry_run:
            seen = looked_into(runtime, organization, month)
            for finding in seen.findings:
                may_be = ", may be acknowledged" if finding.acknowledgeable else ""
                out.print(f"{finding.code}{may_be}: {finding.message}", markup=False, soft_wrap=True)
            out.print(f"{month} can be closed." if seen.closable else f"{month} cannot be closed yet.")
            raise typer.Exit(0 if seen.closable else 1)
        done = close(runtime, organization, month, acknowledge or ())
    out.print(f"{done.period} is {done.status}: nothing is posted into it any more.")
