"""The table of tax rates from the command line: shown, and compared with what others publish."""

import datetime as dt
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from contor.tax.compared import Compared, with_all_rates, with_standard_rates

STANDARD_RATES, ALL_RATES = "duty27_eu_vat", "eu_vat_rates_data"


def comparisons() -> dict[str, Compared | None]:
    """By package, what the table was compared with; None: the package is not installed."""
    made = {STANDARD_RATES: _with_duty27, ALL_RATES: _with_rates_data}
    return {name: compare(import_module(name)) if find_spec(name) is not None else None for name, compare in made.items()}


def _with_duty27(package: Any) -> Compared:
    codes = {entry.code: "GR" if entry.code == "EL" else entry.code for entry in package.list_countries()}
    changes = {own: {window.effective_from for window in package.get_rate_history(code)} for code, own in codes.items()}
    return with_standard_rates(package.get_standard_rate, changes, package.DATA_AS_OF)


def _with_rates_data(package: Any) -> Compared:
    return with_all_rates(package.get_all_rates(), dt.date.fromisoformat(package.data_version))
