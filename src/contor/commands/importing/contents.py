"""Site, customer and addresses of an imported e-invoice, as they are created. Pure."""

from collections.abc import Mapping, Sequence

import msgspec

from contor.documents.einvoice import ImportedEInvoice
from contor.documents.types import Address, Party


def site_content(site: Party) -> dict[str, object]:
    return {
        "ident": site.ident,
        "name": (site.trading_name or site.name)[:255],
        "company_name": site.name[:255],
        "address": _plain(site.address),
        "vat_id": site.vat_id,
        "tax_number": site.tax_number,
        "register_number": site.register_number,
        "register_court": site.register_court,
        "managing_directors": list(site.managing_directors),
        "contact": _plain(site.contact),
        "bank_accounts": [_plain(account) for account in site.bank_accounts],
        "electronic_address": _plain(site.electronic_address) if site.electronic_address else None,
        "small_business": site.small_business,
    }


def customer_content(found: ImportedEInvoice, addresses: Sequence[Mapping[str, object]]) -> dict[str, object]:
    customer = found.customer
    return {
        "customer_ident": customer.ident,
        "customer_type": customer.customer_type or "B2B",
        "company": customer.name[:255],
        "email": customer.contact.email,
        "phone": customer.contact.phone,
        "vat_id": customer.vat_id,
        "tax_number": customer.tax_number,
        "e_invoice_format": found.e_invoice_format,
        "electronic_address": _plain(customer.electronic_address) if customer.electronic_address else None,
        "bank_accounts": [_plain(account) for account in customer.bank_accounts],
        "addresses": addresses,
    }


def addresses_of(found: ImportedEInvoice) -> list[dict[str, object]]:
    """Where the invoice goes, and where the goods went."""
    customer = found.customer
    addresses = [_address(found.invoice_address_ident, "INVOICE", customer.address, person=customer.contact.name)]
    if found.shipping_address_ident and found.shipping_address:
        addresses.append(_address(found.shipping_address_ident, "SHIPPING", found.shipping_address, found.shipping_name))
    return addresses


def _address(ident: str, kind: str, address: Address, name: str | None = None, person: str | None = None) -> dict[str, object]:
    return {
        "company": name[:255] if name else None,
        "last_name": person[:255] if person else None,
        "address_ident": ident,
        "address_type": kind,
        "street": address.street,
        "street_no": address.street_no,
        "address_addition": address.addition,
        "zip": address.zip,
        "city": address.city,
        "state": address.state,
        "country": address.country,
    }


def _plain(value: object) -> Mapping[str, object]:
    made: Mapping[str, object] = msgspec.to_builtins(value)
    return made
