"""The amounts of a document, of its credits and of deposits: one rule for picture, e-invoice and ledger. Pure."""

from contor.documents.amounts.by_amount import Part, part_of
from contor.documents.amounts.credits import (
    NOTHING,
    GroupAmounts,
    GroupKey,
    Left,
    RowLeft,
    after,
    credits_rows_of,
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
from contor.documents.amounts.netting import Netted, creditable, exceeds, is_taken_back, left_in_gross, netted_in_words, with_netted
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
    "Netted",
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
    "creditable",
    "credits_rows_of",
    "discounts_left",
    "exceeds",
    "gross_of",
    "group_key",
    "is_taken_back",
    "last_day_of",
    "ledger_groups",
    "left_in_gross",
    "less",
    "netted_in_words",
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
    "with_netted",
]
