"""`contor tax-rates`: show the table of tax rates, and compare it with what others publish."""

import datetime as dt
from typing import Annotated

import typer
from rich.table import Table

from contor.commands.terminal import out

app = typer.Typer(no_args_is_help=True, help="Rates of value added tax in the Union.")


@app.command("list")
def list_command(
    country: Annotated[str | None, typer.Argument(help="Such as DE; default: all.")] = None,
    day: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Default: today.")] = None,
) -> None:
    """Show the rates of a day."""
    from contor.settings.countries import alpha_2
    from contor.tax.show_rates import table_of

    place = alpha_2(country.upper()) if country is not None else None
    then = day.date() if day is not None else dt.datetime.now(dt.UTC).date()
    found = table_of(then, place)
    if country is not None and (place is None or not found.rates):
        raise typer.BadParameter(f"{country} has no rates on {then}")
    table = Table("country", "kind", "rate", "since")
    for rate in found.rates:
        table.add_row(rate.region or rate.country, rate.kind, f"{rate.rate:f}", str(rate.applicable_from))
    out.print(table)


@app.command("check")
def check_command() -> None:
    """Compare the table with the packages duty27-eu-vat and eu-vat-rates-data, where they are installed."""
    from contor.commands.taxes import comparisons

    found = comparisons()
    for package, compared in found.items():
        if compared is None:
            out.print(f"{package} is not installed", markup=False)
            continue
        out.print(f"{package}: {compared.rates} rates compared, {len(compared.differences)} differ", markup=False)
        for difference in compared.differences:
            out.print(difference, style="red", markup=False, soft_wrap=True)
    compared_any = [compared for compared in found.values() if compared is not None]
    raise typer.Exit(1 if not compared_any or any(compared.differences for compared in compared_any) else 0)
