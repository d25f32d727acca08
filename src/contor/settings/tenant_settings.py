"""How a tenant keeps its books: chart of accounts and currency of the ledger. Fixed once anything is booked."""

from dataclasses import dataclass
from typing import Literal

from contor.kernel.operations import operation
from contor.kernel.shapes import Currency, shape
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow
from contor.settings.events import ChartChosen
from contor.settings.queries import tenant_settings


@shape
class Books:
    chart: Literal["SKR03", "SKR04"] = "SKR03"
    ledger_currency: Currency = "EUR"


@dataclass(frozen=True, slots=True)
class OwnSettings:
    """No input: the caller's tenant."""


@operation("tenant_setting.get", permission="settings.read", reads=True)
def get_settings(uow: Uow, command: OwnSettings) -> Books:
    """The settings as they are."""
    settings = tenant_settings(uow)
    return Books(chart=settings.chart, ledger_currency=settings.ledger_currency)


@operation("tenant_setting.replace", permission="settings.write")
def replace_settings(uow: Uow, command: Books) -> Books:
    """Choose chart and currency; the books refuse it once they are not empty."""
    settings = tenant_settings(uow, lock=True)
    before, wanted = (settings.chart, settings.ledger_currency), (command.chart, command.ledger_currency)
    if before != wanted:
        uow.run("UPDATE tenant_setting SET chart = %s, ledger_currency = %s", wanted)
        uow.emit(ChartChosen(chart=command.chart, ledger_currency=command.ledger_currency))
    uow.audit("tenant_setting", "books", {"before": before, "after": wanted})
    return command


def keep_billing_bounds(uow: Uow, bounds: object) -> None:
    """Store what the billing engine takes as the bounds of a run."""
    uow.run("UPDATE tenant_setting SET billing_bounds = %s", (ENCODER.encode(bounds).decode(),))
