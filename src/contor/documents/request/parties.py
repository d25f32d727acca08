"""Sites and customers as they stand on documents."""

from collections.abc import Sequence

from contor.customers import queries as customers
from contor.documents.judge import BillingGroup, reachable, usual_term
from contor.documents.types import Address, BankAccount, Contact, ElectronicAddress, Gender, Party
from contor.kernel.shapes import replace
from contor.settings.countries import state_name
from contor.settings.queries import Site
from contor.settings.stored import AccountFields


def site_party(row: Site) -> Party:
    """An operating site as it stands on documents."""
    address = row.address
    return reachable(
        Party(
            ident=row.ident,
            name=row.company_name,
            trading_name=row.name if row.name != row.company_name else None,
            address=Address(**address),
            vat_id=row.vat_id,
            tax_number=row.tax_number,
            register_number=row.register_number,
            register_court=row.register_court,
            managing_directors=tuple(row.managing_directors or ()),
            contact=Contact(**(row.contact or {})),
            electronic_address=ElectronicAddress(**row.electronic_address) if row.electronic_address else None,
            bank_accounts=_accounts(row.bank_accounts),
            small_business=row.small_business,
        )
    )


def customer_party(customer: customers.Customer, address: customers.Address) -> Party:
    """A customer with an address as it stands on documents: what the address says goes before the customer's own."""
    person, own_name = _full_name(address), _full_name(customer)
    company = address.company or customer.company
    return reachable(
        Party(
            ident=customer.customer_ident,
            name=company or person or own_name or "",
            address=address_of(address),
            person=_contact_line(address, company),
            vat_id=address.vat_id or customer.vat_id,
            tax_number=address.tax_number or customer.tax_number,
            contact=Contact(name=person or own_name, phone=customer.phone, email=customer.email),
            electronic_address=ElectronicAddress(**customer.electronic_address) if customer.electronic_address else None,
            bank_accounts=_accounts(customer.bank_accounts),
            customer_type=customer.customer_type,
            small_business=customer.small_business,
        )
    )


def readdressed(frozen: Party, address: customers.Address, is_company: bool) -> Party:
    """The customer of an issued document with an address of today: what the address does not say stays as it was frozen."""
    person = _full_name(address)
    company = address.company or (frozen.name if is_company else None)
    # a contact in the contact line came with the old address, and goes with it
    of_address = frozen.contact.name is not None and frozen.contact.name in (frozen.person or "")
    return replace(
        frozen,
        name=company or person or frozen.name,
        address=address_of(address),
        person=_contact_line(address, company),
        vat_id=address.vat_id or frozen.vat_id,
        tax_number=address.tax_number or frozen.tax_number,
        contact=replace(frozen.contact, name=person or (None if of_address else frozen.contact.name)),
    )


def identified(party: Party, then: Party) -> Party:
    """A party by the ids that it had `then`."""
    return replace(
        party,
        vat_id=then.vat_id or party.vat_id,
        tax_number=then.tax_number or party.tax_number,
        register_number=then.register_number or party.register_number,
    )


def _accounts(rows: Sequence[AccountFields] | None) -> tuple[BankAccount, ...]:
    return tuple(
        BankAccount(iban=row["iban"], bic=row.get("bic"), bank_name=row.get("bank_name"), holder=row.get("holder"))
        for row in rows or ()
    )


def _full_name(row: customers.Customer | customers.Address) -> str | None:
    return " ".join(part for part in (row.academic_title, row.first_name, row.last_name) if part) or None


def _contact_line(address: customers.Address, company: str | None) -> str | None:
    """Department, who reads the company's post, and what the person is."""
    lines = [address.department, _full_name(address) if company else None, address.agency_profession_title]
    return ", ".join(line for line in lines if line) or None


def gender_of(address: customers.Address) -> Gender | None:
    """By which the person at the address is addressed."""
    return address.gender if address.gender in ("MALE", "FEMALE") else None


def recipient_of(row: customers.Address) -> tuple[str, ...]:
    """Company, department and person, as far as the address says them."""
    return tuple(name for name in (row.company, row.department, _full_name(row)) if name)


def address_of(row: customers.Address) -> Address:
    box = f"Postfach {row.post_office_box}" if row.post_office_box else None
    further = (row.address_addition, box if row.street else None)
    return Address(
        street=row.street or box,
        street_no=row.street_no,
        addition=", ".join(line for line in further if line) or None,
        zip=row.zip,
        city=row.city,
        state=row.state or state_name(row.state_code),
        country=row.country,
    )


def paid_in(group: BillingGroup, customer: customers.Customer | None) -> BillingGroup:
    """The group with the days in which the customer pays, where they are agreed with him."""
    days = None if customer is None else (customer.payment_terms or {}).get("days")
    return group if days is None else replace(group, payment_term=usual_term(days))
