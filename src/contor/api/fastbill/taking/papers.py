"""Papers of another account: drafts stay drafts; what was issued there is a revenue here, an invoice that was written elsewhere."""

from contor.api.fastbill.ids import ident_of
from contor.api.fastbill.invoices.types import InvoiceData
from contor.api.fastbill.invoices.write import create_invoice
from contor.api.fastbill.papers import estimates, expenses, revenues
from contor.api.fastbill.papers.expenses import CreateExpense
from contor.api.fastbill.papers.known import REVENUE as REVENUES
from contor.api.fastbill.papers.known import customer_named
from contor.api.fastbill.papers.revenues import CreateRevenue
from contor.api.fastbill.papers.types import NewEstimate, NewExpense, NewRevenue
from contor.api.fastbill.taking.claims import claim_of, is_open
from contor.api.fastbill.taking.foreign import discount_of, paper_of, rows_of
from contor.api.fastbill.taking.once import (
    CLAIM,
    CONTACT,
    CUSTOMER,
    DRAFT,
    ESTIMATE,
    EXPENSE,
    INVOICE,
    PROJECT,
    REVENUE,
    Take,
    given,
    meant,
    once,
)
from contor.expenses.revenues import AttachToRevenue, attach_to_revenue
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.openitems.opening import AttachToClaim, OpeningClaimBody, attach_to_claim, carried
from contor.runtime.execute import validated
from contor.runtime.uow import Uow
from contor.takeovers.queries import targets
from contor.takeovers.taking import Taken


@operation("fastbill.take_draft", permission="documents.write")
def take_draft(uow: Uow, take: Take) -> Taken:
    """A draft with its rows, of the customer, contact and project that were taken over."""

    def make() -> object:
        data = given(
            InvoiceData,
            take.content,
            customer_id=meant(uow, take, CUSTOMER, "CUSTOMER_ID"),
            contact_id=meant(uow, take, CONTACT, "CONTACT_ID"),
            project_id=meant(uow, take, PROJECT, "PROJECT_ID"),
            template_id=None,
            template_hash=None,
            items=rows_of(take.content),
        )
        return create_invoice(uow, data)["invoice_id"]

    return once(uow, take, DRAFT, make)


@operation("fastbill.take_invoice", permission="bookkeeping.write")
def take_invoice(uow: Uow, take: Take) -> Taken:
    """What was issued there, with its number, sums and file: with what of it is open as an open item, else as a revenue. What was taken
    stays what it became, whatever was paid there since."""
    uow.lock("takeover", [f"{take.source} {INVOICE} {take.number}"])  # both kinds are of one number
    is_claim = bool(targets(uow, take.source, CLAIM, [take.number]))
    is_revenue = bool(targets(uow, take.source, INVOICE, [take.number]))
    if is_claim or (is_open(take.content) and not is_revenue):
        return once(uow, take, CLAIM, lambda: _claim(uow, take))
    return once(uow, take, INVOICE, lambda: _revenue(uow, take))


@operation("fastbill.take_revenue", permission="bookkeeping.write")
def take_revenue(uow: Uow, take: Take) -> Taken:
    """A revenue, with its file."""
    return once(uow, take, REVENUE, lambda: _revenue(uow, take))


@operation("fastbill.take_revenue_file", permission="bookkeeping.write")
def take_file(uow: Uow, take: Take) -> None:
    """The file of an issued invoice that was taken over without it."""
    known, claims = (targets(uow, take.source, kind, [take.number]) for kind in (INVOICE, CLAIM))
    if take.file is None or take.number not in {*known, *claims}:
        raise Refused(Kind.INVALID, Problem("file_missing", "is required", "file"))
    if take.number in claims:
        attach_to_claim(uow, AttachToClaim(claims[take.number], take.file))
        return
    ident = ident_of(uow, REVENUES, int(known[take.number]), "INVOICE_ID")
    attach_to_revenue(uow, AttachToRevenue(ident, take.file))


@operation("fastbill.take_expense", permission="bookkeeping.write")
def take_expense(uow: Uow, take: Take) -> Taken:
    """An expense, with its file; it was booked where it comes from."""

    def make() -> object:
        customer, project = meant(uow, take, CUSTOMER, "CUSTOMER_ID"), meant(uow, take, PROJECT, "PROJECT_ID")
        data = given(NewExpense, paper_of(take.content, uow.ctx.today()), customer_id=customer, project_id=project)
        return expenses.create(uow, CreateExpense(data, take.file, posted=False))["invoice_id"]

    return once(uow, take, EXPENSE, make)


@operation("fastbill.take_estimate", permission="documents.write")
def take_estimate(uow: Uow, take: Take) -> Taken:
    """An estimate that is still open, under a number of ours."""

    def make() -> object:
        customer = meant(uow, take, CUSTOMER, "CUSTOMER_ID")
        rows = rows_of(take.content)
        off = discount_of(take.content)
        own = {"customer_id": customer, "template_id": None, "template_hash": None, "discount_percent": None}
        data = given(NewEstimate, take.content, **own, items=rows, discount=off)
        return estimates.create(uow, data)["estimate_id"]

    return once(uow, take, ESTIMATE, make)


# helpers in calling order


def _claim(uow: Uow, take: Take) -> object:
    customer = meant(uow, take, CUSTOMER, "CUSTOMER_ID")
    ident = customer_named(uow, customer)
    body = validated(OpeningClaimBody, claim_of(take.content, ident or "", uow.ctx.today()))
    return carried(uow, body, take.file).document_id


def _revenue(uow: Uow, take: Take) -> object:
    customer = meant(uow, take, CUSTOMER, "CUSTOMER_ID")
    content = paper_of(take.content, uow.ctx.today())
    data = given(NewRevenue, content, customer_id=customer)
    return revenues.create(uow, CreateRevenue(data, take.file))["invoice_id"]
