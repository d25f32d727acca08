"""The amounts of a document, of its credits and of deposits: one rule for picture, e-invoice and ledger. Pure."""

from contor.documents.amounts.by_amount import Part, left_in_gross, part_of
from contor.documents.amounts.credits import (
    NOTHING,
    GroupAmounts,
    GroupKey,
    Left,
    RowLeft,
    after,
    credits_rows_of,
    exceeds,
    group_key,
    less,
    sum_of_rows,
    taken_between,
    tax_of_part,
    together,
    what_is_left,
)
from contor.documents.amounts.deposits import closing_request, gross_of, total_of
from contor.documents.amounts.discounts import cash_discount_of, discounts_left, last_day_of
from contor.documents.amounts.identities import amount_errors
from contor.documents.amounts.ledger import covered_by_deposits, ledger_groups, parts_of
from contor.documents.amounts.rows import RowAmounts
from contor.documents.amounts.stated import stated_properties, stated_property, stated_vat
from contor.documents.amounts.terms import Terms
from contor.documents.amounts.totals import Amounts, DepositRow, amounts

__all__ = [
    "NOTHING",
    "Amounts",
    "DepositRow",
    "GroupAmounts",
    "GroupKey",
    "Left",
    "Part",
    "RowAmounts",
    "RowLeft",
    "Terms",
    "after",
    "amount_errors",
    "amounts",
    "cash_discount_of",
    "closing_request",
    "covered_by_deposits",
    "credits_rows_of",
    "discounts_left",
    "exceeds",
    "gross_of",
    "group_key",
    "last_day_of",
    "ledger_groups",
    "left_in_gross",
    "less",
    "part_of",
    "parts_of",
    "stated_properties",
    "stated_property",
    "stated_vat",
    "sum_of_rows",
    "taken_between",
    "tax_of_part",
    "together",
    "total_of",
    "what_is_left",
]
