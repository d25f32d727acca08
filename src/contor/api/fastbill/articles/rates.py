"""Percentages of tax as the tax codes of the seller's country, and back."""

import datetime as dt
from decimal import Decimal

from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.uow import Uow
from contor.settings.queries import home
from contor.tax.rates import KINDS, rate_of


def tax_code(uow: Uow, percent: Decimal) -> str:
    """The tax code whose rate it is where the seller is; raises the refusal of VAT_PERCENT with the rates that there are."""
    rates = _rates(uow)
    if not percent:
        return "ZERO"
    found = next((code for code, rate in rates.items() if rate == percent), None)
    if found is None:
        known = ", ".join(f"{rate.normalize():f}" for rate in dict.fromkeys(rates.values()))
        message = f"is no rate of {_country(uow)}: {known} and 0 are"
        raise Refused(Kind.INVALID, Problem("vat_percent_unknown", message, "vat_percent", percent))
    return found


def percent_of(uow: Uow, code: str) -> Decimal:
    return _rates(uow).get(code, Decimal(0))


def _country(uow: Uow) -> str:
    seller = home(uow)
    return seller.country if seller is not None else "DE"


def _rates(uow: Uow) -> dict[str, Decimal]:
    country, today = _country(uow), uow.ctx.today()
    return {kind: rate for kind in KINDS if (rate := _rate(country, today, kind)) is not None}


def _rate(country: str, day: dt.date, kind: str) -> Decimal | None:
    return rate_of(country, day, kind)  # type: ignore[arg-type]  # one of `KINDS`
