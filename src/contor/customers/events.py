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
