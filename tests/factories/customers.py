"""Customers beside the one that a company begins with."""

from typing import Any

from tests.factories.companies import Company

from contor.commands.demo import CUSTOMER_DATA
from contor.customers.customers import CreateCustomer, CustomerCreation, create_customer
from contor.runtime.execute import validated


def another_customer(company: Company, ident: str = "zweite", name: str = "Zweite Handels GmbH") -> dict[str, Any]:
    """One more; what a document says to be of it."""
    address = {**CUSTOMER_DATA["addresses"][0], "address_ident": "zentrale", "company": name}  # type: ignore[index]
    content = {**CUSTOMER_DATA, "customer_ident": ident, "company": name, "addresses": [address]}
    company.tenant.execute(create_customer, CreateCustomer(validated(CustomerCreation, content)))
    return {"customerDetail": {"customerIdent": ident, "invoiceAddressIdent": "zentrale"}}
