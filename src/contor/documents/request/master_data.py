"""Billing groups and sites as requests are judged by them."""

from collections.abc import Collection, Mapping
from typing import Literal

from contor.documents.judge import BillingGroup
from contor.documents.request.parties import site_party
from contor.documents.types import Party, PaymentTerm
from contor.runtime.uow import Uow
from contor.settings.groups import units_of
from contor.settings.queries import billing_groups, sites

ExternalNumber = Literal["REQUIRED", "FORBIDDEN"]
"""Whether the caller gives the number of a type of document."""


def groups_of(uow: Uow, idents: Collection[str]) -> dict[str, tuple[BillingGroup, Mapping[str, ExternalNumber]]]:
    """(group, per document type whether the caller gives the number), by ident."""
    return {
        ident: (
            BillingGroup(
                ident=ident,
                external_billing=row.billing == "EXTERNAL_BILLING",
                deposit_receivable_relevant=row.deposit_receivable_relevant,
                final_invoice_method=row.final_invoice_method,
                payment_term=PaymentTerm(),
                units=units_of(row.currency_rounding_overrides),
            ),
            {entry["document_type"]: entry["external_number"] for entry in row.document_number_configuration or ()},
        )
        for ident, row in billing_groups(uow, idents).items()
    }


def parties_of_sites(uow: Uow) -> tuple[dict[str, Party], str | None, frozenset[str]]:
    """(every operating site as our party, the default one's ident, those that tax on receipt)"""
    rows = sites(uow).values()
    default = next((row.ident for row in rows if row.default), None)
    return {row.ident: site_party(row) for row in rows}, default, frozenset(r.ident for r in rows if r.taxation_mode == "CASH")
