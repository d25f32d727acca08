"""Why something is not billed, in words and by a code."""

import datetime as dt
from typing import NamedTuple

from contor.billing.items import BELOW_MINIMUM, DEPOSIT_EXPECTED, RATE_MISSING, StoredRow
from contor.billing.outlook.types import Code, Reason
from contor.contracts.types import Contract


class Holding(NamedTuple):
    """What holds up all that a customer is billed."""

    now: dt.datetime
    today: dt.date
    parked: str | None = None
    """The reason why runs leave the customer out."""
    is_stopped: bool = False
    held_by: str | None = None
    """The run that previewed the customer, and waits for its approval."""
    is_paused: bool = False
    """The clock bills nothing in this tenant."""

    def of_due(self) -> Reason:
        """Why what is due is not billed."""
        if self.parked is not None:
            return _reason("CUSTOMER_PARKED", f"runs leave the customer out until it is released: {self.parked}")
        if self.is_stopped:
            return _reason("BILLING_STOPPED", "the billing of the customer is stopped")
        if self.held_by is not None:
            return _reason("RUN_TO_BE_APPROVED", f"{self.held_by} has previewed it and waits for its approval")
        if self.is_paused:
            return _reason("BILLING_PAUSED", "billing by the clock is paused; a run that someone asks for takes it")
        return _reason("DUE", "it is due; the next run takes it")


def reason_of_item(row: StoredRow, holding: Holding) -> Reason:
    """Of a stored item that is not billed."""
    if row.processing_status == "RELATED_ITEM_PENDING":
        return _reason("RELATED_ITEM_PENDING", "it takes back an item that is not billed yet, and waits for that")
    if row.processing_status in ("ERROR", "CONFIG_ERROR"):
        code: Code = "EXCHANGE_RATE_MISSING" if row.status_reason == RATE_MISSING else "ERROR"
        return _reason(code, row.processing_error or "it could not be billed; retry it once the cause is mended")
    if row.processing_at is None:
        if row.status_reason == DEPOSIT_EXPECTED:
            return _reason("DEPOSIT_EXPECTED", "the deposits of its order are not paid yet")
        return _reason("ON_HOLD", "someone holds it; it is billed once it is released")
    if row.processing_at >= holding.now:
        return _reason("NOT_DUE_YET", f"a run takes it on {row.processing_at:%Y-%m-%d}")
    if holding.of_due().code == "DUE":
        if row.status_reason == BELOW_MINIMUM:
            return _reason("BELOW_MINIMUM", "its document would be smaller than its billing group wants; it waits for more")
        if row.type == "CREDIT":
            return _reason("WAITS_FOR_INVOICE", "it reduces or pays: the next run takes it with an invoice that is large enough")
    return holding.of_due()


def reason_of_contract(contract: Contract, holding: Holding) -> Reason | None:
    """Why a contract bills nothing now, whatever its items; None: it bills as agreed."""
    if contract.start_on is None:
        return _reason("CONTRACT_PENDING", "the contract has no start yet: activate it")
    if contract.end_on is not None and contract.end_on <= holding.today:
        last = contract.end_on - dt.timedelta(days=1)
        return _reason(
            "CONTRACT_ENDED", f"the contract has ended on {last}" if contract.end_kind != "CANCELLED" else "it is cancelled"
        )
    if contract.start_on > holding.today:
        return _reason("NOT_DUE_YET", f"the contract begins on {contract.start_on}")
    if contract.billing_start_on is not None and contract.billing_start_on > holding.today:
        return _reason("NOT_DUE_YET", f"it is billed from {contract.billing_start_on} on")
    found = holding.of_due()
    return None if found.code == "DUE" else found


def _reason(code: Code, text: str) -> Reason:
    return Reason(code=code, text=text)
