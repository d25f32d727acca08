"""The sums of a run that someone holds, of what is kept of its customers."""

from decimal import Decimal
from typing import Literal, NamedTuple

from contor.billing.runs import Sum, TaxSum, added, added_taxes
from contor.runtime.uow import Uow

Kept = Literal["preview", "billed"]
"""The column of a run's customer."""


class SumRow(NamedTuple):
    currency: str
    documents: int
    net: Decimal
    tax: Decimal
    gross: Decimal


class TaxRow(NamedTuple):
    currency: str
    category_code: str
    rate: Decimal
    net: Decimal
    tax: Decimal


def sums(uow: Uow, ident: str, column: Kept) -> tuple[Sum, ...]:
    """Of all customers of a run, by currency."""
    rows = uow.all(
        SumRow,
        "SELECT s.currency, sum(s.documents)::int AS documents, sum(s.net) AS net, sum(s.tax) AS tax, sum(s.gross) AS gross"
        f" FROM billing_run_customer c, jsonb_to_recordset(c.{column} -> 'sums')"
        " AS s(currency text, documents int, net numeric, tax numeric, gross numeric) WHERE c.run_ident = %s GROUP BY 1",
        (ident,),
    )
    return added(Sum(**row._asdict()) for row in rows)


def taxes(uow: Uow, ident: str, column: Kept) -> tuple[TaxSum, ...]:
    """Of all customers of a run, by currency and tax group."""
    rows = uow.all(
        TaxRow,
        "SELECT s.currency, s.category_code, s.rate, sum(s.net) AS net, sum(s.tax) AS tax"
        f" FROM billing_run_customer c, jsonb_to_recordset(c.{column} -> 'taxes')"
        " AS s(currency text, category_code text, rate numeric, net numeric, tax numeric) WHERE c.run_ident = %s GROUP BY 1, 2, 3",
        (ident,),
    )
    return added_taxes(TaxSum(**row._asdict()) for row in rows)
