"""`contor period`: months of the books are listed and closed."""

from typing import Annotated

import typer

from contor.commands.terminal import argued, opened, out, printed_table, say_whose

period = typer.Typer(no_args_is_help=True, help="Posting periods: months of the books.")
_WHOSE = "Realm of the tenant; default: the demo's."


@period.command("list")
def list_them(organization: Annotated[str | None, typer.Option(help=_WHOSE)] = None) -> None:
    """Show every month from the first posting to today, and whether it is closed."""
    from contor.bookkeeping.periods import ListPeriods, list_periods
    from contor.commands.billing import caller_of

    with opened() as runtime:
        found = runtime.execute(list_periods, ListPeriods(), caller_of(runtime, organization))
    table = printed_table("month", "status", "closed", "by", "closed with")
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
    from contor.bookkeeping.closing import (
        CloseBody,
        ClosePeriod,
        CompleteClosing,
        close_period,
        complete_closing,
        preview_closing,
    )
    from contor.bookkeeping.periods import OnePeriod, get_period
    from contor.commands.billing import caller_of
    from contor.runtime.execute import validated

    with opened() as runtime, argued({"acknowledgements": "--acknowledge", "period": "MONTH"}):
        say_whose(runtime, organization)
        caller = caller_of(runtime, organization)
        if dry_run:
            seen = runtime.execute(preview_closing, OnePeriod(month), caller)
            for finding in seen.findings:
                may_be = ", may be acknowledged" if finding.acknowledgeable else ""
                out.print(f"{finding.code}{may_be}: {finding.message}", markup=False, soft_wrap=True)
            out.print(f"{month} can be closed." if seen.closable else f"{month} cannot be closed yet.")
            raise typer.Exit(0 if seen.closable else 1)
        body = validated(CloseBody, {"acknowledgements": tuple(acknowledge or ())})
        runtime.execute(close_period, ClosePeriod(month, body), caller)
        # what a worker would do otherwise
        runtime.execute(complete_closing, CompleteClosing(month=month), caller)
        done = runtime.execute(get_period, OnePeriod(month), caller)
    out.print(f"{done.period} is {done.status}: nothing is posted into it any more.")
