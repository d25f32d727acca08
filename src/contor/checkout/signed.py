"""An offer to somebody who was no customer: with his signature or after it he says where the bill goes. He becomes a customer, and what was
offered comes into being, in one transaction and once, however often and by however many he is heard."""

from contor.checkout.buyers import Heard, address_findings, ask_who_orders, at_address, new_customer
from contor.checkout.paying import Agreed, agree
from contor.checkout.placing import Buyer
from contor.checkout.types import InvoiceDetails, OrderBody
from contor.customers.billed import billed
from contor.customers.one_time import customer_reached
from contor.customers.queries import known_customers
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, replace, shape
from contor.offers.proposals import (
    AcceptProposal,
    OneProposal,
    Orderer,
    ProposalRow,
    ProposalView,
    PublicOffer,
    RecipientOf,
    ShownCosts,
    accept_proposal,
    acceptances_of,
    costs_of,
    get_proposal,
    note,
    of_signer,
    open_proposal,
    proposal_named,
    proposals_by_id,
    published,
    recipients_by_id,
    recipients_of,
    require_awaiting,
    require_unknown,
    require_valid,
    require_waited,
    settle,
)
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow


@shape
class GiveDetails:
    recipient_id: int
    body: InvoiceDetails


@shape
class AcceptWithDetails:
    """The signature, and where the bill goes."""

    accept: AcceptProposal
    body: InvoiceDetails


@shape
class SettleBody:
    """One of them."""

    customer_ident: Ident | None = None
    """A customer who has an invoice address."""
    details: InvoiceDetails | None = None
    """Of a new one, or the address of the customer of the offer."""


@shape
class SettleProposal:
    proposal_ident: str
    body: SettleBody


def _ask(runtime: Runtime, command: GiveDetails, caller: Caller) -> Heard | None:
    """A register about the VAT id that is said, before the transaction; of what is settled already nobody is asked."""
    if command.body.address.vat_id is None:
        return None
    with runtime.transaction(caller, reads=True) as uow:
        known = recipients_by_id(uow, [command.recipient_id]).get(command.recipient_id)
        row = proposals_by_id(uow, [known.proposal_id])[known.proposal_id] if known is not None else None
    if row is None or row.status not in ("OPEN", "AWAITING_DETAILS"):
        return None
    return ask_who_orders(runtime, caller, command.body.address)


def _ask_signing(runtime: Runtime, command: AcceptWithDetails, caller: Caller) -> Heard | None:
    return _ask(runtime, GiveDetails(recipient_id=command.accept.recipient_id, body=command.body), caller)


def _ask_seller(runtime: Runtime, command: SettleProposal, caller: Caller) -> Heard | None:
    return ask_who_orders(runtime, caller, command.body.details.address if command.body.details is not None else None)


@operation("proposal.give_details", permission="contracts.write", asks=_ask)
def give_details(uow: Uow, command: GiveDetails) -> PublicOffer:
    """Say where the bill of the signed offer goes, and order it. Who says it again hears what came of it the first time."""
    row = of_signer(uow, command.recipient_id, lock=True)
    if row.status == "SIGNED":
        require_waited(uow, row)
    else:
        require_awaiting(row)
        _settle(uow, row, command.body, command.recipient_id)
    return open_proposal(uow, RecipientOf(recipient_id=command.recipient_id))


@operation("proposal.accept_with_details", permission="contracts.write", asks=_ask_signing)
def accept_with_details(uow: Uow, command: AcceptWithDetails) -> PublicOffer:
    """Sign it, and say where its bill goes: both or neither."""
    accept_proposal(uow, command.accept)
    return give_details(uow, GiveDetails(recipient_id=command.accept.recipient_id, body=command.body))


@operation("proposal.preview_details", permission="contracts.write", undone=True)
def preview_details(uow: Uow, command: GiveDetails) -> ShownCosts:
    """What the offer comes to at this address, with its taxes, before or after the signature: everything is done, shown, and undone."""
    row = of_signer(uow, command.recipient_id)
    version = published(uow, row)
    if row.status == "OPEN":
        require_valid(uow, row)
        require_unknown(uow, row, version)
    else:
        require_awaiting(row)
    _require(_findings(row, command.body))
    customer, said = row.said().customer_ident, command.body
    buyer = at_address(uow, customer, said.address) if customer is not None else new_customer(uow, _order(said, None))
    return costs_of(uow, version.said(), Orderer(buyer.customer_ident, buyer.invoice_address_ident))


@operation("proposal.settle", permission="contracts.write", asks=_ask_seller)
def settle_proposal(uow: Uow, command: SettleProposal) -> ProposalView:
    """The seller says who is billed for what was signed: a customer, or where the bill goes."""
    row, body = proposal_named(uow, command.proposal_ident, lock=True), command.body
    require_awaiting(row)
    if (body.customer_ident is None) == (body.details is None):
        raise Refused(Kind.INVALID, Problem("orderer_unclear", "is said, or the details: one of both", "customerIdent"))
    if body.details is not None:
        _settle(uow, row, body.details, None)
    else:
        settle(uow, row, _known(uow, row, body.customer_ident or ""))
    return get_proposal(uow, OneProposal(proposal_ident=row.ident))


# helpers in calling order


def _settle(uow: Uow, row: ProposalRow, said: InvoiceDetails, recipient_id: int | None) -> None:
    _require(_findings(row, said))
    buyer = _buyer(uow, row, said, recipient_id)
    agreed = agree(uow, row.said().currency, buyer.customer_ident, said.payment, said.address_seen)
    note(uow, row.id, "DETAILS_GIVEN", row.published_version, buyer.customer_ident)
    _keep(uow, row, said, agreed)
    settle(uow, row, Orderer(buyer.customer_ident, buyer.invoice_address_ident, agreed.payment))


def _findings(row: ProposalRow, said: InvoiceDetails) -> list[Problem]:
    """What is missing, and what belongs to somebody else, all at once."""
    problems = address_findings(said.address)
    if said.payment is not None and said.payment.customer_payment_account_ident is not None:
        message = "is one of a customer's, who has not shown here that he is it"
        problems.append(Problem("customer_unknown_yet", message, "payment.customerPaymentAccountIdent"))
    if row.said().customer_ident is not None:
        names = {"email": said.email, "phone": said.phone, "customerType": said.customer_type, "language": said.language}
        message = "is known: the offer was made to a customer, who lacks an invoice address alone"
        problems += [Problem("customer_known", message, name) for name, value in names.items() if value is not None]
    return problems


def _buyer(uow: Uow, row: ProposalRow, said: InvoiceDetails, recipient_id: int | None) -> Buyer:
    """The offer's customer at this address, or a new one. Raises CONFLICT where his e-mail is that of a customer: nobody becomes one by
    writing his e-mail."""
    body = row.said()
    if body.customer_ident is not None:
        return at_address(uow, body.customer_ident, said.address)
    email = said.email or _email_of(uow, row, recipient_id)
    if email is None:
        raise Refused(Kind.INVALID, Problem("email_missing", "is required", "email"))
    uow.lock("customer_email", [email.lower()])  # two offers that are settled at once are not two customers
    if customer_reached(uow, email) is not None:
        message = "is that of a customer already: the seller says that the offer is his"
        raise Refused(Kind.CONFLICT, Problem("email_of_customer", message, "email", email))
    return new_customer(uow, replace(_order(said, email), language=said.language or body.language))


def _email_of(uow: Uow, row: ProposalRow, recipient_id: int | None) -> str | None:
    """Of who says it; where the seller does, of who has signed, else of the first who was asked to."""
    signed = acceptances_of(uow, [row.id])[row.id]
    wanted = recipient_id if recipient_id is not None else signed.recipient_id
    found = [one for one in recipients_of(uow, [row.id]) if one.role == "SIGN"]
    return next((one.email for one in found if wanted in (None, one.id)), None)


def _known(uow: Uow, row: ProposalRow, customer: str) -> Orderer:
    """Raises INVALID where there is no such customer, he has no invoice address, or the offer was made to another one."""
    own, found = row.said().customer_ident, billed(uow, [customer]).get(customer)
    if found is None or found.deleted or customer not in known_customers(uow, [customer]):
        raise _unfit("customer_unknown", "does not exist", customer)
    if own not in (None, customer):
        raise _unfit("customer_differs", f"is not the customer of the offer, {own}", customer)
    if found.invoice_address_ident is None:
        raise _unfit("address_missing", "has no invoice address", customer)
    return Orderer(customer, found.invoice_address_ident)


def _unfit(code: str, message: str, customer: str) -> Refused:
    return Refused(Kind.INVALID, Problem(code, message, "customerIdent", customer))


def _order(said: InvoiceDetails, email: str | None) -> OrderBody:
    """As who orders says it."""
    return OrderBody(email=email, phone=said.phone, customer_type=said.customer_type, language=said.language, address=said.address)


def _keep(uow: Uow, row: ProposalRow, said: InvoiceDetails, agreed: Agreed) -> None:
    """The words that were agreed to, for good."""
    kept = [(f"{one.kind}_AGREED", one.text) for one in agreed.consents]
    if said.agreed_text is not None:
        kept.append(("ORDER_AGREED", said.agreed_text))
    for kind, text in kept:
        note(uow, row.id, kind, row.published_version, text if said.address_seen is None else f"{text} [{said.address_seen}]")


def _require(problems: list[Problem]) -> None:
    if problems:
        raise Refused(Kind.INVALID, *problems)
