"""`contor import`: what another system has is taken over."""

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn

from contor.commands.terminal import err, opened, out, printed_table, say_whose

app = typer.Typer(no_args_is_help=True, help="Take over what another system has.")
SHOWN = 20
"""Findings that are shown; the file has all."""


@app.callback()
def main() -> None:
    """Take over what another system has."""


@app.command()
def fastbill(
    source: Annotated[str, typer.Option("--from", help="Where the account is: https://my.fastbill.com; its API's path is added.")],
    email: Annotated[
        str | None, typer.Option(envvar="FASTBILL_EMAIL", help="E-mail of the account; it is asked for where it is left out.")
    ] = None,
    api_key: Annotated[
        str | None,
        typer.Option(envvar="FASTBILL_API_KEY", show_envvar=True, help="API key of the account; else it is asked for, unseen."),
    ] = None,
    organization: Annotated[str | None, typer.Option(help="Realm of the tenant; default: the demo's.")] = None,
    report: Annotated[Path, typer.Option(help="Where every difference is written to, as CSV.")] = Path("fastbill-differences.csv"),
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before it is taken into production.")] = False,
) -> None:
    """Copy an account of FastBill through its API, and compare; begun again it takes what is left. Exit 1 where anything differs."""
    from contor.commands.importing import is_live
    from contor.commands.importing.fastbill import Account, address_of, import_account, write

    try:
        url = address_of(source)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--from") from error
    account = Account(url, email or typer.prompt("E-mail"), api_key or typer.prompt("API key", hide_input=True))
    with opened() as runtime:
        say_whose(runtime, organization)
        if not yes and is_live(runtime, organization):
            typer.confirm("Subscriptions are billed in production from their next events on. Go on?", abort=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn("{task.completed:.0f}"))
        with Progress(*columns, console=err) as progress:
            tasks: dict[str, TaskID] = {}

            def advance(title: str, count: int) -> None:
                if title not in tasks:
                    tasks[title] = progress.add_task(title, total=None)
                progress.update(tasks[title], advance=count)

            def wait(seconds: float, reason: str) -> None:
                progress.console.print(f"{reason}: waiting {seconds:.0f} s", style="dim", markup=False)
                time.sleep(seconds)

            outcome = import_account(runtime, account, organization, advance, wait)
    write(report, outcome)
    table = printed_table("", "there", "taken now", "taken before", "refused")
    for kind in outcome.kinds:
        numbers = (outcome.found[kind], outcome.taken[kind], outcome.known[kind], outcome.refused[kind])
        table.add_row(kind, *map(str, numbers))
    out.print(table)
    sums = printed_table("", "there", "here")
    for total in outcome.totals:
        sums.add_row(*total)
    out.print(sums)
    for one in [it for it in outcome.findings if it.level != "note"][:SHOWN]:
        said = f"{one.field}: {one.there!r} there, {one.here!r} here" if one.field else ""
        told = "; ".join(part for part in (said, one.remark) if part)
        style = "red" if one.level == "refused" else "yellow"
        out.print(f"{one.level} {one.kind} {one.number} {one.name}: {told}", style=style, markup=False, soft_wrap=True)
    counts = f"{outcome.count('refused')} refused, {outcome.count('difference')} differences, {outcome.count('note')} notes"
    out.print(f"{counts}: {report}", markup=False, soft_wrap=True)
    raise typer.Exit(0 if outcome.agrees else 1)
