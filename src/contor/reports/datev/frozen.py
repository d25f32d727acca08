"""What decides the bytes of an export for DATEV beside the journal, as it stood when it was asked for."""

import dataclasses
import datetime as dt
from typing import Final, NamedTuple

from contor.bookkeeping.chart import account_flags, chart_of
from contor.bookkeeping.periods import closed_through
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import EntryKind
from contor.customers.account_holders import highest_personal_account, last_customer_number
from contor.expenses.queries import highest_supplier_account, last_supplier_number
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import exponent
from contor.kernel.shapes import Fields
from contor.reports.datev.accounts import account_problems, frozen_keys
from contor.reports.datev.configuration import datev_configuration
from contor.reports.datev.rows import KNOWN_KEYS
from contor.reports.datev.types import Books, DatevConfiguration
from contor.reports.exports import Asked, ExportTask
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings

_TAX_OF: Final = {
    "S19": Role.TAX_19,
    "S16": Role.TAX_16,
    "S7": Role.TAX_7,
    "S5": Role.TAX_5,
    "OSS-G": Role.TAX_OSS_GOODS,
    "OSS-D": Role.TAX_OSS_DIGITAL,
    "OSS-S": Role.TAX_OSS_SERVICE,
}
KINDS_WITH_IMAGE: Final = frozenset(
    kind.value
    for kind in (
        EntryKind.INVOICE,
        EntryKind.REVERSING_CREDIT,
        EntryKind.PRICE_REDUCTION,
        EntryKind.DEPOSIT_INVOICE,
        EntryKind.DEPOSIT_CLOSED,
        EntryKind.SELF_BILLING,
        EntryKind.SELF_BILLING_CORRECTION,
    )
)
"""Entries by which a document is booked: their rows link to its picture."""


class Frozen(NamedTuple):
    configuration: DatevConfiguration
    books: Books
    chart: str
    """03 or 04."""
    closed_through: dt.date | None
    made_at: str
    last_customer: int
    """The number of the youngest customer then."""
    last_supplier: int
    """That of the youngest supplier; 0: of exports of older releases there is none."""

    def is_closed(self, day: dt.date) -> bool:
        return self.closed_through is not None and day <= self.closed_through

    def fiscal_year(self, day: dt.date) -> dt.date:
        """The first day of the fiscal year in which a day lies."""
        month = self.configuration.fiscal_year_start_month
        return dt.date(day.year if day.month >= month else day.year - 1, month, 1)


def prepare(uow: Uow, asked: Asked) -> Fields:
    """Freeze it. Raises INVALID with everything for which DATEV could not read the accounts."""
    configuration = datev_configuration(uow)
    if configuration is None:
        message = (
            "Nothing is configured for DATEV: put the tax adviser's and the client's number (PUT /v2/billing/configuration/datev)."
        )
        raise Refused(Kind.ILLEGAL_STATE, Problem("datev_configuration_missing", message))
    settings, chart = tenant_settings(uow), chart_of(uow)
    flags = account_flags(uow, settings.ledger_currency)
    highest = max(filter(None, (highest_personal_account(uow), highest_supplier_account(uow))), default=None)
    problems = account_problems([it.account_number for it in flags], highest, configuration.account_length)
    for it in flags:
        if it.automatic and it.tax_key not in KNOWN_KEYS:
            known = ", ".join(sorted(KNOWN_KEYS))
            message = f"booking account {it.account_number} is automatic with the tax key {it.tax_key}: it must be one of {known}"
            problems.append(Problem("datev_tax_key_unknown", message, "taxKey", it.tax_key))
    if exponent(settings.ledger_currency) > 2:
        message = f"the ledger is in {settings.ledger_currency}, and amounts in DATEV have two decimals"
        problems.append(Problem("datev_currency_unfit", message))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    local, closed = uow.ctx.now().astimezone(uow.ctx.zone), closed_through(uow)
    return {
        "configuration": dataclasses.asdict(configuration),
        "currency": settings.ledger_currency,
        "chart": settings.chart.removeprefix("SKR"),
        "automatic": {str(it.account_number): it.tax_key for it in flags if it.automatic},
        "tax_accounts": {key: chart[role].number for key, role in _TAX_OF.items()},
        "reverse_charge": [chart[Role.INPUT_TAX_REVERSE_CHARGE].number, chart[Role.TAX_REVERSE_CHARGE].number],
        "interim": chart[Role.PAYMENTS_UNASSIGNED].number,
        "closed_through": None if closed is None else closed.isoformat(),
        "last_customer": last_customer_number(uow),
        "last_supplier": last_supplier_number(uow),
        "made_at": f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}",
    }


def frozen_of(task: ExportTask) -> Frozen:
    """As the export keeps it."""
    said = task.frozen
    deducted, owed = said["reverse_charge"]
    closed = said["closed_through"]
    return Frozen(
        DatevConfiguration(**said["configuration"]),
        Books(
            currency=said["currency"],
            automatic=frozen_keys(said["automatic"]),
            tax_accounts={key: int(number) for key, number in said["tax_accounts"].items()},
            reverse_charge=(int(deducted), int(owed)),
            interim=int(said["interim"]),
        ),
        said["chart"],
        None if closed is None else dt.date.fromisoformat(closed),
        said["made_at"],
        int(said["last_customer"]),
        int(said.get("last_supplier", 0)),
    )
