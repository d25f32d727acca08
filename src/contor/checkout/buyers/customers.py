"""The customer who orders: known, with one of his addresses or a new one, or made of what he says."""

from contor.checkout.buyers.vat import Heard
from contor.checkout.placing import Buyer, invoice_address
from contor.checkout.queries import CartRow
from contor.checkout.types import OrderAddress, OrderBody
from contor.customers.account_holders import next_customer_number
from contor.customers.customers import (
    AddressCreation,
    CreateCustomer,
    CustomerCreation,
    create_address,
    create_customer,
)
from contor.customers.queries import address_types
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.execute import validated
from contor.runtime.resource import Written
from contor.runtime.uow import Uow
from contor.tax.vat_numbers import keep_heard


def buyer_of(uow: Uow, cart: CartRow, body: OrderBody) -> Buyer:
    """The customer, new or known, with the address of the bill. Raises INVALID."""
    customer = cart.customer_ident
    if customer is None:
        return new_customer(uow, body)
    if body.address is not None:
        return at_address(uow, customer, body.address)
    known = address_types(uow, customer)
    wanted = body.invoice_address_ident
    ident = wanted if wanted is not None else next((one for one, kind in known.items() if kind == "INVOICE"), None)
    if ident is None or known.get(ident) != "INVOICE":
        raise Refused(
            Kind.INVALID, Problem("address_unknown", "is no invoice address of the customer", "invoiceAddressIdent", wanted)
        )
    return Buyer(customer, ident)


def at_address(uow: Uow, customer: str, said: OrderAddress) -> Buyer:
    """The customer with a new address of the bill. Raises INVALID."""
    made = create_address(uow, Written((customer,), validated(AddressCreation, invoice_address(said, str(uow.new_uuid())))))
    _keep_proof(uow, customer)
    return Buyer(customer, str(made["address_ident"]))


def address_findings(said: OrderAddress, *, needs_company: bool = False) -> list[Problem]:
    """What a bill to this address lacks."""
    problems = []
    if not (said.company or said.last_name):
        problems.append(Problem("name_missing", "is required: a company or a last name", "address.lastName"))
    if not said.zip:
        problems.append(Problem("zip_missing", "is required", "address.zip"))
    if not said.city:
        problems.append(Problem("city_missing", "is required", "address.city"))
    if needs_company and not said.company:
        problems.append(Problem("company_missing", "is required: only companies order here", "address.company"))
    return problems


def new_customer(uow: Uow, body: OrderBody) -> Buyer:
    """With the next number and the address of the bill."""
    said = body.address
    assert said is not None  # who confirms or looks has asked for it
    ident, address = next_customer_number(uow), "invoice"
    names = {"company": said.company, "first_name": said.first_name, "last_name": said.last_name}
    own = {**names, "email": body.email, "phone": body.phone, "language": body.language, "vat_id": said.vat_id}
    given = {name: value for name, value in own.items() if value is not None}
    kind = body.customer_type or ("B2B" if said.company else "B2C")
    addresses = [invoice_address(said, address)]
    wanted = validated(CustomerCreation, {"customer_ident": ident, "customer_type": kind, "addresses": addresses, **given})
    create_customer(uow, CreateCustomer(body=wanted))
    _keep_proof(uow, ident)
    return Buyer(ident, address)


def _keep_proof(uow: Uow, customer: str) -> None:
    """What the register said while the customer waited is the first proof of his number."""
    if isinstance(uow.brought, Heard) and uow.brought.questions:
        keep_heard(uow, customer, uow.brought.vat_id, uow.brought.questions)
