"""Calculations that are kept, as rows."""

from sqlalchemy import Column, DateTime, Index, LargeBinary, Text

from contor.runtime.schema import NONE, tenant_table

tax_calculation = tenant_table(
    "tax_calculation",
    Column("request_id", Text, primary_key=True),
    Column("input_hash", LargeBinary, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("tax_calculation_created_ix", "tenant_id", "created_at", "request_id"),
    update=NONE,
    delete=False,
)
"""`answer`: the JSON of a `TaxCalculation`; `input_hash`: of what was asked, for the same request id means the same calculation."""
