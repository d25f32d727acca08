"""What is done with customers beside their master data: they are found, given an account, reached through contacts and links, removed."""

from contor.customers.keeping.accounts import ChooseAccount, DebtorAccountBody, choose_account
from contor.customers.keeping.contacts import (
    Contact,
    CreateContact,
    FindContacts,
    OneContact,
    UpdateContact,
    contact_numbered,
    create_contact,
    find_contacts,
    remove_contact,
    update_contact,
)
from contor.customers.keeping.found import FindCustomers, FoundCustomer, find_customers
from contor.customers.keeping.links import PATHS, Purpose, customer_hash, link_token, number_of_hash, read_link_token
from contor.customers.keeping.removal import remove_customer

__all__ = [
    "PATHS",
    "ChooseAccount",
    "Contact",
    "CreateContact",
    "DebtorAccountBody",
    "FindContacts",
    "FindCustomers",
    "FoundCustomer",
    "OneContact",
    "Purpose",
    "UpdateContact",
    "choose_account",
    "contact_numbered",
    "create_contact",
    "customer_hash",
    "find_contacts",
    "find_customers",
    "link_token",
    "number_of_hash",
    "read_link_token",
    "remove_contact",
    "remove_customer",
    "update_contact",
]
