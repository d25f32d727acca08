"""Facts about customers. Pure."""

from contor.kernel.events import event


@event("customer.created")
class CustomersCreated:
    customer_idents: tuple[str, ...]


@event("customer.updated")
class CustomersUpdated:
    customer_idents: tuple[str, ...]


@event("address.created")
class AddressesCreated:
    """(customer, address) of each."""

    address_idents: tuple[tuple[str, str], ...]


@event("address.updated")
class AddressesUpdated:
    """(customer, address) of each."""

    address_idents: tuple[tuple[str, str], ...]


@event("customer.deleted")
class CustomersDeleted:
    """(ident, number) of each."""

    customers: tuple[tuple[str, int], ...]


@event("contact.created")
class ContactsCreated:
    """(customer, address) of each."""

    contact_idents: tuple[tuple[str, str], ...]


@event("contact.updated")
class ContactsUpdated:
    """(customer, address) of each."""

    contact_idents: tuple[tuple[str, str], ...]


@event("contact.deleted")
class ContactsDeleted:
    """(customer, address) of each."""

    contact_idents: tuple[tuple[str, str], ...]
    numbers: tuple[int, ...]
    """Of the contacts, in their order."""


@event("customer.debtor_account_chosen")
class DebtorAccountsChosen:
    """(customer, former account, account) of each; 0: he had none."""

    changes: tuple[tuple[str, int, int], ...]


@event("customer.status_changed")
class StatusesChanged:
    """(ident, former status, status) of each."""

    changes: tuple[tuple[str, str, str], ...]


@event("customer.parent_assigned")
class ParentsAssigned:
    """(customer, parent, former parent) of each; an empty former parent: he had none."""

    assignments: tuple[tuple[str, str, str], ...]


@event("customer.parent_removed")
class ParentsRemoved:
    """(customer, former parent) of each."""

    removals: tuple[tuple[str, str], ...]


@event("customer.merged")
class CustomersMerged:
    """(customer who was merged, customer who took his place) of each."""

    merged: tuple[tuple[str, str], ...]
