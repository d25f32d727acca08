"""What is done with customers beside their master data: they are found, given an account, reached through contacts and links, removed."""

from contor.customers.keeping.accounts import ChooseAccount, DebtorAccountBody, choose_account, is_free
from contor.customers.keeping.addresses import addresses_of
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
from contor.customers.keeping.found import (
    NUMBERED,
    FindCustomers,
    FoundCustomer,
    customers_with_email,
    find_customers,
    first_addresses,
    list_kept,
    stored_customers,
)
from contor.customers.keeping.links import PATHS, Purpose, customer_hash, link_token, number_of_hash, read_link_token
from contor.customers.keeping.own_data import ChangeOwnData, OneNumber, OwnData, change_own_data, get_own_data
from contor.customers.keeping.removal import remove_customer

__all__ = [
    "NUMBERED",
    "PATHS",
    "ChangeOwnData",
    "ChooseAccount",
    "Contact",
    "CreateContact",
    "DebtorAccountBody",
    "FindContacts",
    "FindCustomers",
    "FoundCustomer",
    "OneContact",
    "OneNumber",
    "OwnData",
    "Purpose",
    "UpdateContact",
    "addresses_of",
    "change_own_data",
    "choose_account",
    "contact_numbered",
    "create_contact",
    "customer_hash",
    "customers_with_email",
    "find_contacts",
    "find_customers",
    "first_addresses",
    "get_own_data",
    "is_free",
    "link_token",
    "list_kept",
    "number_of_hash",
    "read_link_token",
    "remove_contact",
    "remove_customer",
    "stored_customers",
    "update_contact",
]
