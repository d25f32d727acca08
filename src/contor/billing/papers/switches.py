"""How each billing group splits and dates its documents, and the first day that is open for them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from contor.billing.papers.types import FIVE, Minimum, Switches
from contor.runtime.uow import Uow


def minimums_of(entries: Sequence[Mapping[str, Any]]) -> dict[str, Minimum]:
    """By currency, from what the billing group says."""
    return {entry["currency"]: Minimum(Decimal(entry["amount"]), int(entry["most_periods"])) for entry in entries}


def switches_of(uow: Uow) -> dict[str, Switches]:
    """How each billing group splits and dates its documents."""
    rows = uow.rows(
        "SELECT billing_group_ident, splitting_config, contract_document_date_determination AS dated, issue_zero, minimum_amounts"
        " FROM billing_group"
    )
    return {
        row.billing_group_ident: Switches(
            **{name: bool((row.splitting_config or {}).get(name)) for name in FIVE},
            by_period=row.dated == "BILLING_PERIOD",
            issue_zero=row.issue_zero,
            minimums=minimums_of(row.minimum_amounts),
        )
        for row in rows
    }


def first_open_day(uow: Uow) -> dt.date:
    closed = uow.value("SELECT closed_through FROM tenant_setting")
    return closed + dt.timedelta(days=1) if closed else dt.date.min
