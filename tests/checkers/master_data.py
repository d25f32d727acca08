"""Master data that have changed in every word since a document was issued."""

from typing import Final

from psycopg import sql
from psycopg.types.json import Jsonb
from tests.factories.tenants import Tenant

MARK: Final = "TODAY"
"""In every text of today's master data."""
_TEXTS: Final = {
    "operating_site": ("name", "company_name", "vat_id", "tax_number", "register_number", "register_court"),
    "customer": (
        "company",
        "academic_title",
        "first_name",
        "last_name",
        "email",
        "phone",
        "vat_id",
        "tax_number",
        "buyer_reference",
    ),
    "address": (
        "academic_title",
        "first_name",
        "last_name",
        "company",
        "department",
        "agency_profession_title",
        "address_addition",
        "street",
        "street_no",
        "post_office_box",
        "zip",
        "city",
        "state",
        "vat_id",
        "tax_number",
    ),
    "billing_group": ("name",),
    "business_segment": ("name", "description"),
}
_ADDRESS: Final = dict.fromkeys(("street", "street_no", "addition", "zip", "city", "state"), MARK)
_ACCOUNT: Final = dict.fromkeys(("iban", "bic", "bank_name", "holder"), MARK)
_OTHERS: Final[dict[str, dict[str, object]]] = {
    "operating_site": {
        "address": Jsonb({**_ADDRESS, "country": "AT"}),
        "contact": Jsonb({"name": MARK, "phone": MARK, "email": MARK}),
        "managing_directors": Jsonb([MARK, MARK]),
        "bank_accounts": Jsonb([_ACCOUNT]),
        "electronic_address": Jsonb({"scheme": "0088", "identifier": MARK}),
        "small_business": True,
    },
    "customer": {
        "electronic_address": Jsonb({"scheme": "0088", "identifier": MARK}),
        "bank_accounts": Jsonb([_ACCOUNT]),
        "properties": Jsonb([{"key": "purchaseOrderReference", "value": MARK}]),
        "customer_type": "B2C",
        "language": "fr",
        "e_invoice_format": "PEPPOL",
        "small_business": True,
        "profile": Jsonb(
            {
                **dict.fromkeys(("position", "secondary_address", "phone_2", "fax", "mobile", "website", "comment"), MARK),
                "tags": [MARK],
            }
        ),
        "payment_terms": Jsonb({"method": "CASH", "days": 77, "show_notice": False}),
        "invoice_delivery": "BOTH",
    },
    "address": {
        "country": "FR",
        "contact": Jsonb(dict.fromkeys(("position", "secondary_address", "phone", "phone_2", "fax", "mobile", "website"), MARK)),
    },
    "billing_group": {"deposit_receivable_relevant": True, "final_invoice_method": "FINAL", "time_zone": "Pacific/Auckland"},
}
_UNIQUE: Final = {"customer": ("external_id",)}
"""Of which no two things have the same."""


def change_all(tenant: Tenant) -> None:
    """Every text of sites, customers, addresses and groups is another one, also where there was none; so are countries, kinds and the
    form of numbers."""
    with tenant.runtime.transaction(tenant.caller()) as uow:
        for table in _TEXTS.keys() | _OTHERS.keys():
            texts = {name: f"{MARK}-{table}-{name}"[:30] for name in _TEXTS.get(table, ())}
            values = {**texts, **_OTHERS.get(table, {})}
            assignments = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in values)
            statement = sql.SQL("UPDATE {} SET {}").format(sql.Identifier(table), assignments)
            uow.run(statement.as_string(uow.connection), tuple(values.values()))
        for table, names in _UNIQUE.items():
            for name in names:
                statement = sql.SQL("UPDATE {table} SET {name} = %s || id").format(
                    table=sql.Identifier(table), name=sql.Identifier(name)
                )
                uow.run(statement.as_string(uow.connection), (f"{MARK}-{table}-{name}-",))
        # the default e-mail is the customer's own
        uow.run(
            "UPDATE customer_email e SET email = c.email FROM customer c WHERE c.customer_ident = e.customer_ident AND e.is_default"
        )
        uow.run("UPDATE number_counter SET mask = '', prefix = 'X' || ident || '-', suffix = ''")


def text_columns() -> dict[str, tuple[str, ...]]:
    """What is changed, by table: for the test that finds a text column that nobody changes."""
    return {
        table: (*_TEXTS.get(table, ()), *_OTHERS.get(table, {}), *_UNIQUE.get(table, ()))
        for table in _TEXTS.keys() | _OTHERS.keys()
    }
