"""What a tenant decides once, for everything that it does: its zone, how its documents are dated, whether and how far back it bills, and
how it keeps its books. Each change counts from the moment it is made; what is dated by then keeps its date."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from contor.kernel.operations import operation
from contor.kernel.partial import Partial, partial, said
from contor.kernel.shapes import Currency, Sent, shape
from contor.kernel.work import WORK
from contor.organizations.clock import move_to_zone, zone_of_tenant
from contor.runtime.db import ENCODER
from contor.runtime.execute import validated
from contor.runtime.uow import Uow
from contor.settings.events import ChartChosen, RatesImported
from contor.settings.queries import TenantSettings, change_tenant_settings, tenant_settings
from contor.settings.types import TimeZone


class Decided(Sent, frozen=True):
    """The settings of a tenant."""

    time_zone: TimeZone = "Europe/Berlin"
    """Decides which calendar day it is, wherever a billing group has no zone of its own."""
    document_date_zone: Literal["UTC", "TENANT"] = "UTC"
    """The date of a document that is asked for without one: of the day in UTC, or in the zone of its billing group, which is
    `timeZone` where the group has none. Billing always dates so."""
    active_billing_run: bool = True
    """Whether what is due is billed by the clock; false: only by runs that somebody starts."""
    backdating_limit_months: Annotated[int, Field(ge=1, le=1200)] = 24
    """How far back the first interval that a new contract bills may begin."""
    trial_notice_days: Annotated[int, Field(ge=1, le=60)] = 3
    """How many days before its end it is told that a contract's trial ends."""
    exchange_rate_rule: Literal["MONTHLY_AVERAGE", "DAILY"] = "MONTHLY_AVERAGE"
    """What billing in a foreign currency is converted at (section 16 (6) UStG): the month's average as the BMF publishes it, or the ECB's
    rate of the day of the supply, which the tax office must have allowed."""
    deferred_income: Literal["NONE", "MONTHLY"] = "NONE"
    """Whether the closing of a month defers what rows bill of later months (section 250 (2) HGB): MONTHLY defers with the next closing all
    that was billed by then, and what it deferred is released month by month, whatever is decided later."""
    revaluation: Literal["NONE", "YEAR_END", "MONTHLY"] = "NONE"
    """Which closings revalue what is open in foreign currency at the rate of their last day (section 256a HGB): those of December, or all.
    The entry is taken back on the next day."""
    draft_approval: Literal["NONE", "FOUR_EYES"] = "NONE"
    """Whether a draft is completed by whoever may; or (FOUR_EYES) only by somebody else than who wrote it last, or once somebody else has
    approved it."""
    custom_picture: Literal["NONE", "AWAITED"] = "NONE"
    """Whose picture (PDF) documents get: ours at once; or (AWAITED) one that somebody uploads, for which what is issued waits."""
    custom_picture_minutes: Annotated[int, Field(ge=1, le=1440)] = 60
    """For how long an uploaded picture is awaited."""
    custom_picture_fallback: bool = True
    """Whether a document for which none came in time gets ours then; false: it waits until one is uploaded."""
    expense_posting: Literal["NONE", "POSTED"] = "NONE"
    """Whether invoices of suppliers are in the books (POSTED): those that are kept from now on, unless one says otherwise. NONE: they are
    papers."""
    customer_hierarchy: bool = False
    """Whether customers belong to each other: a customer has a parent and children, at most three levels in all."""
    chart: Literal["SKR03", "SKR04"] = "SKR03"
    """The chart of accounts; fixed once anything is booked."""
    ledger_currency: Currency = "EUR"
    """The currency of the books; fixed once anything is booked."""


SettingsChange: Partial = partial(Decided, "TenantSettingsChange")
"""What is not said stays; null is the default again."""


@shape
class SettingsSince:
    """By setting, the instant (UTC) from which its value counts; a setting that was never changed is not named."""

    time_zone: dt.datetime | None = None
    document_date_zone: dt.datetime | None = None
    active_billing_run: dt.datetime | None = None
    backdating_limit_months: dt.datetime | None = None
    trial_notice_days: dt.datetime | None = None
    exchange_rate_rule: dt.datetime | None = None
    deferred_income: dt.datetime | None = None
    revaluation: dt.datetime | None = None
    draft_approval: dt.datetime | None = None
    custom_picture: dt.datetime | None = None
    custom_picture_minutes: dt.datetime | None = None
    custom_picture_fallback: dt.datetime | None = None
    expense_posting: dt.datetime | None = None
    customer_hierarchy: dt.datetime | None = None
    chart: dt.datetime | None = None
    ledger_currency: dt.datetime | None = None


@shape
class SettingsView:
    time_zone: str
    document_date_zone: Literal["UTC", "TENANT"]
    active_billing_run: bool
    backdating_limit_months: int
    trial_notice_days: int
    exchange_rate_rule: Literal["MONTHLY_AVERAGE", "DAILY"]
    deferred_income: Literal["NONE", "MONTHLY"]
    revaluation: Literal["NONE", "YEAR_END", "MONTHLY"]
    draft_approval: Literal["NONE", "FOUR_EYES"]
    custom_picture: Literal["NONE", "AWAITED"]
    custom_picture_minutes: int
    custom_picture_fallback: bool
    expense_posting: Literal["NONE", "POSTED"]
    customer_hierarchy: bool
    chart: Literal["SKR03", "SKR04"]
    ledger_currency: Currency
    valid_from: SettingsSince


@dataclass(frozen=True, slots=True)
class OwnSettings:
    """No input: the caller's tenant."""


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    body: SettingsChange


@operation("tenant_setting.get", permission="settings.read", reads=True)
def get_settings(uow: Uow, command: OwnSettings) -> SettingsView:
    """The settings as they are, and since when."""
    return _view(uow, tenant_settings(uow))


@operation("tenant_setting.change", permission="settings.write")
def change_settings(uow: Uow, command: ChangeSettings) -> SettingsView:
    """Decide what the body names, from now on. The books refuse another chart or currency once they are not empty."""
    stored = tenant_settings(uow, lock=True)
    before = {name: getattr(_view(uow, stored), name) for name in Decided.__struct_fields__}
    defaults = {name: getattr(Decided(), name) for name in Decided.__struct_fields__}
    wanted = {name: defaults[name] if value is None else value for name, value in said(command.body).items()}
    changed = {name: value for name, value in wanted.items() if before[name] != value}
    if changed:
        _write(uow, stored, changed)
        now = uow.ctx.now().isoformat()
        uow.audit("tenant_setting", "", {"before": {name: before[name] for name in changed}, "after": changed, "valid_from": now})
    return _view(uow, tenant_settings(uow))


def _write(uow: Uow, stored: TenantSettings, changed: Mapping[str, Any]) -> None:
    """Store them, and look again for all that waits: another zone is another day, a run switched on has something to do."""
    now = uow.ctx.now().isoformat()
    row = {name: value for name, value in changed.items() if name != "time_zone"}
    row["settings_valid_from"] = ENCODER.encode({**stored.settings_valid_from, **dict.fromkeys(changed, now)}).decode()
    change_tenant_settings(uow, f"{', '.join(f'{name} = %({name})s' for name in row)}", row)
    if "time_zone" in changed:
        move_to_zone(uow, changed["time_zone"])
    if changed.keys() & {"chart", "ledger_currency"}:
        books = {"chart": stored.chart, "ledger_currency": stored.ledger_currency, **changed}
        uow.emit(ChartChosen(chart=books["chart"], ledger_currency=books["ledger_currency"]))
    if "exchange_rate_rule" in changed:
        uow.emit(RatesImported(count=0))
    is_timed = any(name.startswith("custom_picture") for name in changed)  # what waits for its time may have waited long enough
    for work in WORK.values():
        if work.after_change is not None or (is_timed and work.by_clock):
            uow.mark(work.name)


def _view(uow: Uow, stored: TenantSettings) -> SettingsView:
    return SettingsView(
        time_zone=zone_of_tenant(uow),
        document_date_zone=stored.document_date_zone,
        active_billing_run=stored.active_billing_run,
        backdating_limit_months=stored.backdating_limit_months,
        trial_notice_days=stored.trial_notice_days,
        exchange_rate_rule=stored.exchange_rate_rule,
        deferred_income=stored.deferred_income,
        revaluation=stored.revaluation,
        draft_approval=stored.draft_approval,
        custom_picture=stored.custom_picture,
        custom_picture_minutes=stored.custom_picture_minutes,
        custom_picture_fallback=stored.custom_picture_fallback,
        expense_posting=stored.expense_posting,
        customer_hierarchy=stored.customer_hierarchy,
        chart=stored.chart,
        ledger_currency=stored.ledger_currency,
        valid_from=validated(SettingsSince, stored.settings_valid_from),
    )


def keep_billing_bounds(uow: Uow, bounds: object) -> None:
    """Store what the billing engine takes as the bounds of a run."""
    change_tenant_settings(uow, "billing_bounds = %s", (ENCODER.encode(bounds).decode(),))


def close_books_through(uow: Uow, day: dt.date) -> None:
    """Store the last day of the books into which nothing is posted any more. It never goes back, and waits for everybody who is about to
    post by the day before (`tenant_settings(share=True)`)."""
    change_tenant_settings(uow, "closed_through = %s WHERE closed_through IS NULL OR closed_through < %s", (day, day))
