"""Grant a customer a credit. Nothing is booked yet: it is a promise, and what it reduces, with its tax, the next invoice says."""

from contor.customers.queries import currency_of, known_customers
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import is_amount
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, shape
from contor.openitems.credits.balances import CreditsOf, list_credits
from contor.openitems.credits.tables import customer_credit
from contor.openitems.credits.types import CreditAccount, GrantedCredit
from contor.runtime.uow import Uow, not_found


@shape
class GrantCredit:
    customer_ident: Ident
    body: GrantedCredit


@operation("customer_credit.grant", permission="bookkeeping.write")
def grant_credit(uow: Uow, command: GrantCredit) -> CreditAccount:
    """It stands to the customer's credit until his next invoice in this currency, which it reduces."""
    ident, body = command.customer_ident, command.body
    if not known_customers(uow, [ident]):
        raise not_found("customer", ident)
    currency = body.currency or currency_of(uow, ident) or "EUR"
    if not is_amount(body.amount, currency):
        raise Refused(Kind.INVALID, Problem("amount_malformed", f"has more decimals than {currency}", "amount", body.amount))
    row = {
        "id": uow.next_id(),
        "customer_ident": ident,
        "currency": currency,
        "amount": body.amount,
        "note": body.note,
        "document_id": None,
        "decision_ident": None,
        "created_at": uow.ctx.now(),
    }
    uow.insert(customer_credit, [row])
    uow.audit("customer_credit", ident, {"granted": body.amount, "currency": currency, "note": body.note})
    return list_credits(uow, CreditsOf(customer_ident=ident))
