"""A decision as it is made and shown. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import Field

from contor.kernel.shapes import Money, Text255, shape
from contor.openitems.types import DebitCredit, DecisionType

Positive = Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)]


@shape
class DecisionBody:
    type: DecisionType
    amount: Positive | None = None
    """Default: the whole balance."""
    allowance: Positive | None = None
    """Of DOUBTFUL_RECEIVABLE: what of its net is written down, in the ledger's currency."""
    note: Text255 | None = None


@shape
class DecisionView:
    ident: str
    opos_case_ident: str
    customer_ident: str
    currency: str
    type: DecisionType
    amount: Money
    debit_credit_indicator: DebitCredit
    """The side of the decision, opposite to that of the balance."""
    allowance: Money | None = None
    """Of a doubtful receivable: what of its net was written down, in the ledger's currency."""
    note: str | None = None
    decided_on: dt.date
    reversion_target_ident: str | None = None
    """Of a counter decision: the one that it reverts."""
    reverted_by_ident: str | None = None
    """The counter decision that reverted this one."""
    created_at: dt.datetime


class DecisionRow(NamedTuple):
    """A row of `opos_decision`, with the counter decision there is to it."""

    ident: str
    document_id: int
    opos_case_ident: str
    customer_ident: str
    currency: str
    type: str
    amount: Decimal
    debit_credit_indicator: DebitCredit
    allowance: Decimal | None
    note: str | None
    decided_on: dt.date
    reversion_target_ident: str | None
    created_at: dt.datetime
    reverted_by_ident: str | None


def view_of(row: DecisionRow) -> DecisionView:
    return DecisionView(
        ident=row.ident,
        opos_case_ident=row.opos_case_ident,
        customer_ident=row.customer_ident,
        currency=row.currency,
        type=DecisionType(row.type),
        amount=row.amount,
        debit_credit_indicator=row.debit_credit_indicator,
        allowance=row.allowance,
        note=row.note,
        decided_on=row.decided_on,
        reversion_target_ident=row.reversion_target_ident,
        reverted_by_ident=row.reverted_by_ident,
        created_at=row.created_at,
    )
