"""`contor tax-rates`: show the table of tax rates, and compare it with what others publish."""

import datetime as dt
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from contor.commands.terminal import out, printed_table

if TYPE_CHECKING:
    from contor.tax.compared import Compared

STANDARD_RATES, ALL_RATES = "duty27_eu_vat", "eu_vat_rates_data"

app = typer.Typer(no_args_is_help=True, help="Rates of value added tax in the Union.")


@app.command("list")
def list_command(
    country: Annotated[str | None, typer.Argument(help="Such as DE; default: all.")] = None,
    day: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Default: the newest that the table knows.")] = None,
) -> None:
    """Show the rates of a day."""
    from contor.settings.countries import alpha_2
    from contor.tax.show_rates import table_of

    place = alpha_2(country.upper()) if country is not None else None
    then = day.date() if day is not None else dt.date.max
    found = table_of(then, place)
    if country is not None and (place is None or not found.rates):
        raise typer.BadParameter(f"{country} has no rates" + (f" on {then}" if day is not None else ""))
    table = printed_table("country", "kind", "rate", "since")
    for rate in found.rates:
        table.add_row(rate.region or rate.country, rate.kind, f"{rate.rate:f}", str(rate.applicable_from))
    out.print(table)


@app.command("check")
def check_command() -> None:
    """Compare the table with the packages duty27-eu-vat and eu-vat-rates-data, where they are installed."""
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


def comparisons() -> "dict[str, Compared | None]":
    """By package, what the table was compared with; None: the package is not installed."""
    made = {STANDARD_RATES: _with_duty27, ALL_RATES: _with_rates_data}
    return {name: compare(import_module(name)) if find_spec(name) is not None else None for name, compare in made.items()}


def _with_duty27(package: ModuleType) -> "Compared":
    from contor.tax.compared import with_standard_rates

    codes = {entry.code: "GR" if entry.code == "EL" else entry.code for entry in package.list_countries()}
    changes = {own: {window.effective_from for window in package.get_rate_history(code)} for code, own in codes.items()}
    return with_standard_rates(package.get_standard_rate, changes, package.DATA_AS_OF)


def _with_rates_data(package: ModuleType) -> "Compared":
    from contor.tax.compared import Published, with_all_rates

    theirs = {
        country: Published(said["standard"], tuple(said["reduced"]), said["super_reduced"], said["parking"])
        for country, said in package.get_all_rates().items()
    }
    return with_all_rates(theirs, dt.date.fromisoformat(package.data_version))
