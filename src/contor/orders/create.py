"""Take an order: customer, lines, allowances and deposits in one step, or everything that is wrong with it."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from contor.catalogue.types import CatalogueProperty
from contor.contracts.create import REFERS as OF_CONTRACT
from contor.contracts.create import CreateContract, create_contract
from contor.contracts.types import ContractBody, ContractView
from contor.customers.customers import CreateCustomer, CustomerCreation, create_customer
from contor.customers.places import address_findings
from contor.customers.queries import address_types, currency_of, home_at, known_customers, usual_days
from contor.customers.standing import new_debtor_named
from contor.customers.types import DebtorNumber
from contor.documents.judge import usual_term
from contor.documents.types import PaymentTerm
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import Currency, Ident, Language, replace, shape
from contor.orders import tables
from contor.orders.agreed_deposits import add_deposits
from contor.orders.lines import add_allowances, add_lines, site_findings
from contor.orders.orders import card_findings, view_of
from contor.orders.queries import held, of_order, order_by_ident
from contor.orders.told import OrdersCreated
from contor.orders.types import Allowances, ContractWithLines, Deposits, Lines, OrderContent, OrderPayment, OrderView
from contor.payments.customer_accounts import payment_account_findings
from contor.runtime.uow import Uow
from contor.settings.exchange import source_findings
from contor.settings.groups import SegmentTerms, default_segment, known_segments, segment_by_ident
from contor.settings.queries import known_sites, language_in, tenant_settings


@shape
class DebtorOrderDetails:
    """A customer that exists, or one to be created; addresses by ident, of the new customer the first of each type."""

    debtor_ident: Ident | None = None
    debtor_id: DebtorNumber | None = None
    """Deprecated: the customer by its number."""
    invoice_address_ident: Ident | None = None
    shipping_address_ident: Ident | None = None
    debtor: CustomerCreation | None = None


@shape
class OrderBody:
    order_ident: Ident
    debtor_order_details: DebtorOrderDetails
    billing_time: Literal["IMMEDIATELY", "ON_DEMAND"] = "IMMEDIATELY"
    auto_create_document: Literal["INVOICE", "DEPOSITINVOICE", "NONE"] = "INVOICE"
    """Deprecated. NONE is ON_DEMAND; DEPOSITINVOICE bills the agreed deposits at once, the items on demand."""
    business_segment_ident: Ident | None = None
    operating_site_ident: Ident | None = None
    currency: Currency | None = None
    """Default: the customer's, else the ledger's."""
    language: Language | None = None
    order_date: dt.date | None = None
    line_items: Lines = ()
    allowances: Allowances = ()
    agreed_deposits: Deposits = ()
    payment_information: OrderPayment = OrderPayment()
    payment_term: PaymentTerm | None = None
    properties: Annotated[tuple[CatalogueProperty, ...], Field(max_length=100)] = ()


@shape
class CreateOrder:
    body: OrderBody


@shape
class CreateContractWithLines:
    body: ContractWithLines


REFERS = (
    Reference("debtorOrderDetails.debtorIdent", "customer_unknown", known_customers),
    Reference("businessSegmentIdent", "business_segment_unknown", known_segments),
    Reference("operatingSiteIdent", "operating_site_unknown", known_sites),
    Reference("lineItems.operatingSiteIdent", "operating_site_unknown", known_sites),
)


@operation("order.create", permission="contracts.write", refers=REFERS)
def create_order(uow: Uow, command: CreateOrder) -> OrderView:
    """Accept an order. What is billed at once is due with the next run; deposits of a group that bills them at order creation too."""
    body = command.body
    problems: list[Problem] = []
    debtor, invoice, shipping = _customer(uow, body, problems)
    segment = _segment(uow, body, problems)
    if body.operating_site_ident is not None and not known_sites(uow, [body.operating_site_ident]):
        problems.append(Problem("operating_site_unknown", "does not exist", "operatingSiteIdent", body.operating_site_ident))
    payment = body.payment_information
    problems += payment_account_findings(uow, debtor, payment.customer_payment_account_ident) if debtor else []
    problems += card_findings(payment)
    currency = body.currency or currency_of(uow, debtor) or tenant_settings(uow).ledger_currency
    problems += source_findings(uow, currency, "currency")
    if not body.line_items and not body.agreed_deposits:
        problems.append(Problem("order_empty", "an order has line items or agreed deposits", "lineItems"))
    today = uow.ctx.today()
    if body.order_date is not None and body.order_date > today:
        problems.append(Problem("order_date_in_future", f"is after today ({today})", "orderDate", body.order_date))
    if problems:  # the lines are judged with what the order says, else only what they name
        raise Refused(Kind.INVALID, *problems, *site_findings(uow, body.line_items, "lineItems"))
    assert segment is not None
    if uow.scalar(int, "SELECT 1 FROM sales_order WHERE order_ident = %s", (body.order_ident,)):
        message = f"An order {body.order_ident!r} exists already."
        raise Refused(Kind.CONFLICT, Problem("order_exists", message, "orderIdent", body.order_ident))
    number, now = uow.next_id(), uow.ctx.now()
    row = {
        "contract_id": number,
        "order_ident": body.order_ident,
        "customer_ident": debtor,
        "business_segment_ident": segment.segment_ident,
        "billing_group_ident": segment.billing_group_ident,
        "currency": currency,
        "ordered_on": body.order_date or uow.ctx.today(),
        "content": _content(uow, body, debtor, invoice, shipping, segment),
        "created_at": now,
        "last_modified_at": now,
    }
    uow.insert(tables.sales_order, [row])
    details = DebtorOrderDetails(debtor_ident=debtor, invoice_address_ident=invoice, shipping_address_ident=shipping)
    uow.audit("order", body.order_ident, {"created": replace(body, debtor_order_details=details)})
    if body.agreed_deposits:  # before the lines, which wait until they are paid
        named = [line.operating_site_ident for line in body.line_items]
        holding = of_order(uow, order_by_ident(uow, body.order_ident))
        add_deposits(uow, holding, body.agreed_deposits, "agreedDeposits", named=named)
    holding = held(uow, "ORDER", body.order_ident)
    add_lines(uow, holding, body.line_items, "lineItems")
    add_allowances(uow, holding, body.allowances, "allowances")
    uow.emit(OrdersCreated(order_idents=(body.order_ident,)))
    return view_of(uow, order_by_ident(uow, body.order_ident))


@operation("contract.create_with_line_items", permission="contracts.write", refers=(*OF_CONTRACT, REFERS[-1]))
def create_contract_with_lines(uow: Uow, command: CreateContractWithLines) -> ContractView:
    """Accept a contract with what is billed beside its plan."""
    body = command.body
    own = ContractBody(**{name: getattr(body, name) for name in ContractBody.__dataclass_fields__})
    try:
        made: ContractView = create_contract(uow, CreateContract(body=own))
    except Refused as refused:
        raise Refused(refused.kind, *refused.problems, *site_findings(uow, body.line_items, "lineItems")) from None
    if body.line_items:
        add_lines(uow, held(uow, "CONTRACT", body.contract_ident), body.line_items, "lineItems")
    return replace(made, attachments=())


# helpers in calling order


def _customer(uow: Uow, body: OrderBody, problems: list[Problem]) -> tuple[str, str, str | None]:
    """Customer, invoice and shipping address: named, or created with the order."""
    given, path = body.debtor_order_details, "debtorOrderDetails"
    if (given.debtor_ident is None and given.debtor_id is None) == (given.debtor is None):
        message = "is either an existing customer (debtorIdent) or one to be created (debtor)"
        problems.append(Problem("debtor_unclear", message, f"{path}.debtorIdent", given.debtor_ident))
        return "", "", None
    if given.debtor is not None:
        try:
            ident = str(create_customer(uow, CreateCustomer(given.debtor))["customer_ident"])
        except Refused as refused:
            if refused.kind is not Kind.INVALID:
                raise
            problems += [replace(it, field=f"{path}.debtor{'.' if it.field else ''}{it.field or ''}") for it in refused.problems]
            return "", "", None
    else:
        ident, findings = new_debtor_named(uow, given.debtor_ident, given.debtor_id, f"{path}.debtor")
        if findings:
            problems += findings
            return "", "", None
    known = address_types(uow, ident)
    invoice = given.invoice_address_ident or next((address for address, kind in known.items() if kind == "INVOICE"), None)
    # an invoice address is needed in any case, a shipping address is wanted only where it is named
    problems += address_findings(uow, ident, invoice or "", given.shipping_address_ident, f"{path}.")
    return ident, invoice or "", given.shipping_address_ident


def _segment(uow: Uow, body: OrderBody, problems: list[Problem]) -> SegmentTerms | None:
    """The order's segment, else the tenant's default."""
    named = body.business_segment_ident
    found = default_segment(uow) if named is None else segment_by_ident(uow, named)
    if found is None:
        problems.append(Problem("business_segment_unknown", "does not exist", "businessSegmentIdent", body.business_segment_ident))
    return found


def _content(uow: Uow, body: OrderBody, debtor: str, invoice: str, shipping: str | None, segment: SegmentTerms) -> OrderContent:
    found = home_at(uow, debtor, shipping or invoice)
    assert found is not None
    automatic, days = body.auto_create_document, usual_days(uow, debtor)
    return OrderContent(
        invoice_address_ident=invoice,
        shipping_address_ident=shipping,
        operating_site_ident=body.operating_site_ident,
        language=language_in(uow, segment.billing_group_ident, found.country, body.language, found.language),
        billing_time="ON_DEMAND" if automatic != "INVOICE" else body.billing_time,
        bills_deposits=segment.deposit_invoice_creation == "AT_ORDER_CREATION" or automatic == "DEPOSITINVOICE",
        payment_information=body.payment_information,
        payment_term=body.payment_term or (None if days is None else usual_term(days)),
        properties=body.properties,
    )
