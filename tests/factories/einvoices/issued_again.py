"""The document that a foreign invoice becomes, by the same rules as any request, without a database."""

import datetime as dt
from decimal import Decimal

from contor.commands.importing.contents import addresses_of, customer_content, site_content
from contor.customers.customers import CustomerCreation
from contor.documents.einvoice import EInvoice, imported
from contor.documents.issue import freeze
from contor.documents.judge import BillingGroup, Facts, examine
from contor.documents.types import Document, SupportingDocument, with_number
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.execute import validated
from contor.settings.sites import OPERATING_SITES

TODAY = dt.date(2026, 11, 20)
RATES = {
    code: Decimal(rate)
    for code, rate in (
        ("NOK", "11.5"),
        ("DKK", "7.46"),
        ("SEK", "11.2"),
        ("HUF", "390"),
        ("USD", "1.0850"),
        ("CHF", "0.95"),
        ("GBP", "0.86"),
    )
}


def supporting_again(invoice: EInvoice) -> tuple[SupportingDocument, ...]:
    """What comes with it again (BG-24)."""
    return imported(invoice, billing_group_ident="external", rates=RATES).supporting


def issue_again(invoice: EInvoice) -> Document:
    """Raises `Refused` with every finding, of the import or of the gate."""
    found = imported(invoice, billing_group_ident="external", rates=RATES)
    validated(OPERATING_SITES.creation, site_content(found.site))
    validated(CustomerCreation, customer_content(found, addresses_of(found)))
    facts = Facts(
        today=TODAY,
        environment="TEST",
        imported=True,
        billing_group=BillingGroup(ident="external", external_billing=True),
        site=found.site,
        customer=found.customer,
        e_invoice_format=found.e_invoice_format,
        shipping_address=found.shipping_address,
        shipping_names=(found.shipping_name,) if found.shipping_name else (),
    )
    problems, computed = examine(found.request, found.document_type, facts)
    if problems or computed is None:
        raise Refused(Kind.INVALID, *(problems or [Problem("not_computed", "no amounts")]))
    now = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
    return with_number(freeze(found.request, found.document_type, facts, computed, now), "RE-2026-000009")
