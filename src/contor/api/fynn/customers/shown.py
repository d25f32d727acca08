"""Customers read as they are answered: what belongs to many of them is read at once."""

from collections.abc import Mapping, Sequence
from typing import Final

from contor.api.fynn.customers.answers import (
    CustomerAddressShown,
    CustomerShort,
    CustomerShown,
    EmailShown,
    Gender,
    GroupShown,
    MetaShown,
    PaginationShown,
    Salutation,
    Status,
)
from contor.api.fynn.customers.ids import GROUP, address_id, email_id
from contor.api.fynn.ids import CUSTOMER
from contor.api.fynn.manners import known_when
from contor.api.fynn.payments import shown_methods
from contor.custom_fields.values import values_of
from contor.customers.emails import CustomerEmail, emails_of
from contor.customers.keeping.addresses import addresses_of
from contor.customers.standing import groups_named
from contor.kernel.shapes import Fields
from contor.payments.methods import default_methods
from contor.runtime.query import Page
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings
from contor.tax.vat_numbers import valid_vat_ids

ZONE: Final = "Europe/Berlin"
STATUSES: Final[Mapping[str, Status]] = {
    "ACTIVE": "STATUS_ACTIVE",
    "ARCHIVED": "STATUS_ARCHIVED",
    "SUSPENDED": "STATUS_SUSPENDED",
}
GENDERS: Final[Mapping[str, Gender]] = {"MALE": "male", "FEMALE": "female", "OTHER": "diverse"}
_SALUTATIONS: Final[Mapping[str, Salutation]] = {"MALE": "Herr", "FEMALE": "Frau", "NOTSET": "Firma"}


def shorts(uow: Uow, rows: Sequence[Fields]) -> list[CustomerShort]:
    """Customers as other things name them, in the order of the rows."""
    ids, currency = CUSTOMER.shown(uow, [row["customer_ident"] for row in rows]), tenant_settings(uow).ledger_currency
    return [CustomerShort(**_short(row, ids, currency)) for row in rows]


def customers_shown(uow: Uow, rows: Sequence[Fields]) -> list[CustomerShown]:
    """Whole customers, in the order of the rows."""
    idents = [row["customer_ident"] for row in rows]
    others = {row[name] for row in rows for name in ("parent_ident", "merged_into") if row[name]}
    ids = CUSTOMER.shown(uow, [*idents, *others])
    currency, values = tenant_settings(uow).ledger_currency, values_of(uow, "CUSTOMER", idents)
    addresses, emails = addresses_of(uow, idents), emails_of(uow, idents)
    groups = _groups(uow, {row["group_ident"] for row in rows if row["group_ident"]})
    valid = valid_vat_ids(uow, idents, uow.ctx.today())
    known = {(one.customer_ident, one.vat_id): holds for one, holds in valid.items()}
    chosen = default_methods(uow, idents)
    methods = shown_methods(uow, chosen.values())
    found = []
    for row in rows:
        ident = row["customer_ident"]
        mails = [email_shown(uow, one) for one in emails[ident]]
        places = [address_shown(uow, one) for one in addresses[ident]]
        general = _first(places, "TYPE_DEFAULT")
        profile, invoice_mail = row["profile"] or {}, next((one for one in mails if one.is_invoice_email), None)
        own = addresses[ident][0] if addresses[ident] else {}
        found.append(
            CustomerShown(
                **_short(row, ids, currency),
                external_id=row["external_id"],
                email=row["email"],
                gender=GENDERS.get(own.get("gender") or ""),
                language=row["language"] or "de",
                country_code=own.get("country") or "DE",
                vat_id=row["vat_id"],
                is_vat_id_valid=known.get((ident, row["vat_id"])) if row["vat_id"] else None,
                tax_exempt="exempt" if row["tax_exemptions"] else "auto",
                commercial_register_name=profile.get("register_name"),
                commercial_register_number=profile.get("register_number"),
                phone=row["phone"],
                invoice_email=invoice_mail.email if invoice_mail else None,
                contact_person=profile.get("contact_person"),
                customer_group=groups.get(row["group_ident"] or ""),
                partner=row["partner"],
                parent_customer_id=_text(ids.get(row["parent_ident"] or "")),
                merged_into=_text(ids.get(row["merged_into"] or "")),
                business_customer=row["customer_type"] != "B2C",
                total_turn_over_rank=None,
                custom_fields={**values[ident]},
                email_addresses=tuple(mails),
                addresses=tuple(places),
                default_address=general,
                default_invoice_address=_first(places, "TYPE_INVOICE") or general,
                default_email_address=next((one for one in mails if one.default), None),
                default_invoice_email_address=invoice_mail or next((one for one in mails if one.default), None),
                default_payment_method=methods.get(chosen.get(ident, "")),
                created_at=known_when(row["created_at"]),
            )
        )
    return found


def email_shown(uow: Uow, row: CustomerEmail) -> EmailShown:
    return EmailShown(
        id=email_id(uow, row.id),
        email=row.email,
        receiver_name=row.receiver_name,
        is_invoice_email=row.for_invoices,
        is_dunning_email=row.for_dunning,
        default=row.is_default,
        type="TYPE_INVOICE" if row.for_invoices else "TYPE_COMPANY",
    )


def address_shown(uow: Uow, row: Fields) -> CustomerAddressShown:
    return CustomerAddressShown(
        id=address_id(uow, row["id"]),
        type="TYPE_INVOICE" if row["address_use"] == "INVOICE" else "TYPE_DEFAULT",
        default=row["is_default"],
        status="active" if row["deleted_at"] is None else "archived",
        company_name=row["company"],
        salutation=_SALUTATIONS.get(row["gender"] or ""),
        first_name=row["first_name"],
        last_name=row["last_name"],
        street=row["street"],
        house_number=row["street_no"],
        addition=row["address_addition"],
        zip=row["zip"],
        city=row["city"],
        country_code=row["country"],
        cost_centre=row["department"],
        vat_id=row["vat_id"],
    )


def _short(row: Fields, ids: Mapping[str, int | str], currency: str) -> Fields:
    account = row["debtor_account"]
    return {
        "id": str(ids[row["customer_ident"]]),
        "customer_number": row["customer_ident"],
        "time_zone": (row["profile"] or {}).get("time_zone") or ZONE,
        "first_name": row["first_name"],
        "last_name": row["last_name"],
        "currency_code": row["currency"] or currency,
        "company_name": row["company"],
        "datev_id": None if account is None else str(account),
        "status": STATUSES[row["status"]],
    }


def _groups(uow: Uow, idents: set[str]) -> dict[str, GroupShown]:
    ids = GROUP.shown(uow, idents)
    return {
        row["ident"]: GroupShown(id=str(ids[row["ident"]]), name=row["name"], description=row["description"])
        for row in groups_named(uow, idents)
    }


def meta_of(page: Page) -> MetaShown:
    """Which part of the list is answered."""
    return MetaShown(
        pagination=PaginationShown(
            total_items=page.total,
            items_per_page=page.size,
            current_page=page.number + 1,
            last_page=max(page.pages, 1),
            page_total_items=len(page.items),
        )
    )


def _first(places: Sequence[CustomerAddressShown], kind: str) -> CustomerAddressShown | None:
    """The default one of its type; of who has none that is said to be, the first general one."""
    found = [one for one in places if one.type == kind and one.status == "active"]
    return next((one for one in found if one.default), None) or (found[0] if found and kind == "TYPE_DEFAULT" else None)


def _text(value: int | str | None) -> str | None:
    return None if value is None else str(value)
