"""How a tenant keeps its books: chart of accounts and currency of the ledger. Fixed once anything is booked."""

from dataclasses import dataclass
from typing import Literal

from contor.kernel.operations import operation
from contor.kernel.shapes import Currency, shape
from contor.runtime.uow import Uow
from contor.settings.events import ChartChosen

_READ = "SELECT chart, ledger_currency FROM tenant_setting"


@shape
class TenantSettings:
    chart: Literal["SKR03", "SKR04"] = "SKR03"
    ledger_currency: Currency = "EUR"


@dataclass(frozen=True, slots=True)
class OwnSettings:
    """No input: the caller's tenant."""


@operation("tenant_setting.get", permission="settings.read", reads=True)
def get_settings(uow: Uow, command: OwnSettings) -> TenantSettings:
    """The settings as they are."""
    return TenantSettings(**uow.row(_READ)._asdict())  # type: ignore[union-attr]


@operation("tenant_setting.replace", permission="settings.write")
def replace_settings(uow: Uow, command: TenantSettings) -> TenantSettings:
    """Choose chart and currency; the books refuse it once they are not empty."""
    before = uow.row(f"{_READ} FOR UPDATE")
    wanted = (command.chart, command.ledger_currency)
    if before is not None and tuple(before) != wanted:
        uow.run("UPDATE tenant_setting SET chart = %s, ledger_currency = %s", wanted)
        uow.emit(ChartChosen(chart=command.chart, ledger_currency=command.ledger_currency))
    uow.audit("tenant_setting", "books", {"before": tuple(before or ()), "after": wanted})
    return command
