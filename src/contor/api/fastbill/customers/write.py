"""customer.create, customer.update, customer.delete and the links of a customer."""

from contor.api.fastbill.customers.accounts import keep_account, require_bank_data
from contor.api.fastbill.customers.links import link, links_of
from contor.api.fastbill.customers.types import CORE, ChangedCustomer, CreditData, CustomerFields, NewCustomer, OneCustomerData
from contor.api.fastbill.customers.written import MAIN, address_of, customer_of
from contor.api.fastbill.ids import CUSTOMER, number_of, unknown
from contor.api.fastbill.refusals import Findings, said_as
from contor.api.fastbill.sent import sent
from contor.api.fastbill.writing import Fields, done, identifier
from contor.customers.customers import (
    ADDRESSES,
    CUSTOMERS,
    CreateCustomer,
    CustomerCreation,
    CustomerUpdate,
    OneCustomer,
    UpdateCustomer,
    create_address,
    create_customer,
    update_address,
    update_customer,
)
from contor.customers.keeping import (
    ChooseAccount,
    DebtorAccountBody,
    FindCustomers,
    FoundCustomer,
    choose_account,
    find_customers,
    remove_customer,
)
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.notifications.mail.causes import suppress_mails
from contor.openitems.credits import GrantCredit, GrantedCredit, grant_credit
from contor.runtime.resource import Written
from contor.runtime.uow import Uow

_NAMED = {"business": "organization", "consumer": "last_name"}


@operation("fastbill.customer_create", permission="customers.write")
def create(uow: Uow, data: NewCustomer) -> Fields:
    """A customer with his address, his account and his mandate."""
    found = Findings()
    if not getattr(data, _NAMED[data.customer_type]):
        found.add(_missing(_NAMED[data.customer_type]))
    with found.kept(CORE, "customer_name_missing" if found.problems else ""):
        body: Fields = {
            **customer_of(data, {}),
            "customer_ident": data.customer_number,
            "customer_type": "B2B" if data.customer_type == "business" else "B2C",
            "addresses": [{"address_ident": MAIN, "address_type": "INVOICE", **address_of(data)}],
        }
        made = create_customer(uow, CreateCustomer(sent(CustomerCreation, body)))
        ident = made["customer_ident"]
        _further(uow, ident, data)
    found.add(*require_bank_data(data))
    found.refuse()
    number = number_of(uow, CUSTOMER, ident)
    links = links_of(uow, number)
    return done(
        customer_id=number,
        customer_number=ident,
        hash=links.hash,
        changedata_url=links.changedata_url,
        dashboard_url=links.dashboard_url,
    )


@operation("fastbill.customer_update", permission="customers.write")
def update(uow: Uow, data: ChangedCustomer) -> Fields:
    """What is said changes; all else stays."""
    found = customer_numbered(uow, data.customer_id)
    row = found.customer
    ident = row["customer_ident"]
    if data.customer_number not in (None, ident):
        raise Refused(Kind.INVALID, Problem("customer_number_fixed", "cannot be changed", "customer_number"))
    changes = customer_of(data, row)
    if data.customer_type is not None:
        changes["customer_type"] = "B2B" if data.customer_type == "business" else "B2C"
    address = address_of(data, {})
    with said_as(CORE):
        if changes:
            kept = {name: row[name] for name in CustomerUpdate.model_fields if name in row}
            update_customer(uow, UpdateCustomer(ident, sent(CustomerUpdate, {**kept, **changes})))
        if address and found.address is None:
            made = {"address_ident": MAIN, "address_type": "INVOICE", "country": "DE", **address}
            create_address(uow, Written((ident,), sent(ADDRESSES.creation, made)))
        elif address and found.address is not None:
            before = found.address._asdict()
            known = {name: before[name] for name in ADDRESSES.update_body.model_fields if name in before}
            body = sent(ADDRESSES.update_body, {**known, **address})
            update_address(uow, Written((ident, found.address.address_ident), body))
        _further(uow, ident, data)
    return done(customer_id=identifier(data.customer_id))


@operation("fastbill.customer_delete", permission="customers.write")
def delete(uow: Uow, data: OneCustomerData) -> Fields:
    """Nobody finds the customer any more; who has documents is kept for them."""
    remove_customer(uow, OneCustomer(customer_numbered(uow, data.customer_id).customer["customer_ident"]))
    return done()


@operation("fastbill.customer_createsecurelink", permission="customers.read", reads=True)
def create_secure_link(uow: Uow, data: OneCustomerData) -> Fields:
    """The pages on which a customer sees his documents and changes his data; the links end after thirty days."""
    customer_numbered(uow, data.customer_id)
    return {"dashboard_url": link(uow, data.customer_id, "dashboard"), "accountdata_url": link(uow, data.customer_id, "data")}


@operation("fastbill.customer_addcredits", permission="bookkeeping.write")
def add_credits(uow: Uow, data: CreditData) -> Fields:
    """So much stands to the customer's credit, and reduces his next invoice."""
    ident = customer_numbered(uow, data.customer_id).customer["customer_ident"]
    grant_credit(
        uow, GrantCredit(customer_ident=ident, body=sent(GrantedCredit, {"amount": data.amount, "note": data.description}))
    )
    return done()


def customer_numbered(uow: Uow, number: int) -> FoundCustomer:
    """Raises the refusal of CUSTOMER_ID where the customer is not there, or deleted."""
    found = find_customers(uow, FindCustomers(numbers=(number,)))
    if not found:
        raise unknown("customer_id", number)
    return found[0]


def _further(uow: Uow, ident: str, data: CustomerFields) -> None:
    """What the core keeps beside the customer: his account in the books, and the mandate of his bank account."""
    if data.suppress_mail:
        suppress_mails(uow)
    if data.account_receivable is not None:
        choose_account(uow, ChooseAccount(customer_ident=ident, body=DebtorAccountBody(debtor_account=data.account_receivable)))
    keep_account(uow, CUSTOMERS.require(uow, (ident,)), data)


def _missing(field: str) -> Problem:
    return Problem("missing", "is required", field)
