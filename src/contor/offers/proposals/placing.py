"""What was offered comes into being, as it was offered: a contract, an order or a draft; or is only looked at, and undone."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from contor.billing.items import progress_of
from contor.billing.outlook import (
    ContractPreview,
    PreviewBody,
    PreviewContract,
    PreviewedDocument,
    document_view,
    preview_contract,
    require_billable,
)
from contor.billing.runs import BillNext, bill_customers
from contor.catalogue.products import Agreed, composed_plan
from contor.catalogue.queries import plan_by_ident, plans_by_id
from contor.catalogue.types import Duration, TrialTerms
from contor.contracts.create import CreateContract, create_contract
from contor.contracts.queries import contract_by_ident
from contor.contracts.sold import kept_price_lists, kept_prices, phase_quantities, price_quantities, price_trial
from contor.contracts.terms import ContractPayment, PhaseQuantities, PlanModifier
from contor.contracts.types import ContractBody
from contor.customers.billed import billed, provisional
from contor.documents import drafts
from contor.documents.events import DocumentsIssued
from contor.documents.types import DocumentType
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import round_amount
from contor.kernel.operations import operation
from contor.kernel.shapes import replace, shape
from contor.offers.proposals.content import offered_plan, publish_findings, version_content
from contor.offers.proposals.queries import proposal_named
from contor.offers.proposals.types import (
    OfferedPlan,
    OfferedRow,
    ShownCosts,
    ShownDocument,
    ShownLine,
    VersionContent,
)
from contor.orders.create import CreateOrder, DebtorOrderDetails, OrderBody, create_order
from contor.orders.lines import AddLines, add_line_items
from contor.orders.queries import number_of
from contor.orders.types import LineItemBody, OrderPayment
from contor.runtime.execute import validated
from contor.runtime.uow import Uow

AHEAD = 2
"""Bills that follow the first one and are shown: the first may be of a part of an interval, the second is of a whole one."""


class Placed(NamedTuple):
    """What came of it."""

    contract_ident: str | None = None
    order_ident: str | None = None
    draft_ident: str | None = None


class Orderer(NamedTuple):
    """Who is billed, where the bill goes, and how it is paid."""

    customer_ident: str
    invoice_address_ident: str
    payment: ContractPayment = ContractPayment()


@shape
class PreviewProposal:
    proposal_ident: str


@operation("proposal.preview", permission="documents.write", undone=True)
def preview_proposal(uow: Uow, command: PreviewProposal) -> ShownCosts:
    """What the signature would come to: all of it is done, shown, and undone. Raises INVALID with everything that is wrong."""
    row = proposal_named(uow, command.proposal_ident)
    body = row.said()
    if problems := publish_findings(uow, row, body):
        raise Refused(Kind.INVALID, *problems)
    orderer = orderer_of(uow, body.customer_ident)
    if orderer is None:
        who = provisional(uow, body.customer_ident)
        orderer = Orderer(who.customer_ident, who.invoice_address_ident or "")
    return costs_of(uow, version_content(uow, row, body, ShownCosts()), orderer)


def costs_of(uow: Uow, content: VersionContent, orderer: Orderer) -> ShownCosts:
    """What it comes to for who is billed, by doing all of it, in what is undone. Raises INVALID where no bill can be written to him: what
    has no price is not shown as if it cost nothing."""
    content = replace(content, auto_activate=True, creates="CONTRACT_OR_ORDER")
    customer = orderer.customer_ident
    uow.lock("billing", [customer])
    due = BillNext(cutoff=uow.ctx.now(), is_asked_for=True)
    bill_customers(uow, [customer], due)  # what he owes besides is no part of the offer, and nothing for those who read it
    placed = place(uow, content, orderer)
    if placed.contract_ident is None:
        before = len(uow.events)
        bill_customers(uow, [customer], due)
        issued = [one for fact in uow.events[before:] if isinstance(fact, DocumentsIssued) for one in fact.documents]
        uow.last_steps.clear()  # nobody sees the numbers: counters and journal are not locked for them
        require_billable(one.failed for one in progress_of(uow, number_of(uow, "ORDER", placed.order_ident or ""), "LINE_ITEM"))
        return ShownCosts(now=tuple(_shown(document_view(one.document, uow.ctx.now())) for one in issued))
    asked = PreviewContract(contract_ident=placed.contract_ident, body=PreviewBody(n=AHEAD))
    costs: ContractPreview = preview_contract(uow, asked)
    require_billable(costs.not_billed)
    number = contract_by_ident(uow, placed.contract_ident).plan_id
    found = plans_by_id(uow, [number])[number]
    first = found.content.initial_phase
    phase = found.phase(first) if first is not None else found.content.phases[0]
    return ShownCosts(
        now=tuple(_shown(one) for one in costs.now),
        following=tuple(_shown(one) for one in costs.next),
        interval=phase.billing_config.billing_interval,
        term=phase.term_duration,
        notice_period=phase.notice_period,
    )


def orderer_of(uow: Uow, customer: str | None) -> Orderer | None:
    """The customer, with the address of his bills. None: nobody has said yet who he is, or where his bills go. Raises INVALID where he is
    deleted."""
    if customer is None:
        return None
    who = billed(uow, [customer])[customer]
    if who.deleted:
        raise Refused(
            Kind.INVALID, Problem("customer_deleted", "is deleted: nothing new is done for him", "customerIdent", customer)
        )
    return Orderer(customer, who.invoice_address_ident) if who.invoice_address_ident is not None else None


def place(uow: Uow, content: VersionContent, orderer: Orderer) -> Placed:
    """Raises whatever contract, order or draft refuse."""
    payment = orderer.payment
    rows = [row for block in content.blocks for row in block.rows]
    plan = offered_plan(content.blocks)
    if plan is not None:
        ident = _contract(uow, content, plan, orderer)
        if rows:
            add_line_items(uow, AddLines(holder="CONTRACT", ident=ident, body=_lines(uow, rows)))
        return Placed(contract_ident=ident)
    if content.creates == "DRAFT":
        return Placed(draft_ident=_draft(uow, content, rows, orderer))
    details = DebtorOrderDetails(debtor_ident=orderer.customer_ident, invoice_address_ident=orderer.invoice_address_ident)
    order = OrderBody(
        order_ident=str(uow.new_uuid()),
        debtor_order_details=details,
        currency=content.currency,
        language=content.language,
        line_items=_lines(uow, rows),
        billing_time="IMMEDIATELY" if content.auto_activate else "ON_DEMAND",
        payment_information=OrderPayment(
            payment_control=payment.payment_control,
            payment_type=payment.payment_type,
            customer_payment_account_ident=payment.customer_payment_account_ident,
        ),
    )
    create_order(uow, CreateOrder(body=order))
    return Placed(order_ident=order.order_ident)


# helpers in calling order


def _shown(one: PreviewedDocument) -> ShownDocument:
    return ShownDocument(
        day=one.document_date,
        lines=tuple(
            ShownLine(name=line.name, quantity=line.quantity, net=line.prices.total.net, gross=line.prices.total.gross)
            for line in one.items
        ),
        net=one.totals.net,
        tax=one.totals.tax,
        gross=one.totals.gross,
    )


def _contract(uow: Uow, content: VersionContent, offered: OfferedPlan, orderer: Orderer) -> str:
    plan_ident, quantities, modifiers, usual = _agreed_plan(uow, content, offered, orderer.customer_ident)
    start: dt.date = max(offered.start_date or uow.ctx.today(), uow.ctx.today())
    days = offered.trial_days if offered.trial_days is not None else usual
    body = ContractBody(
        contract_ident=str(uow.new_uuid()),
        plan_ident=plan_ident,
        debtor_ident=orderer.customer_ident,
        invoice_address_ident=orderer.invoice_address_ident,
        option_quantities=quantities,
        start_date=start if content.auto_activate else None,
        trial=TrialTerms(duration=Duration(value=days, unit="DAY")) if days else None,
        no_trial=days == 0,
        plan_modifiers=modifiers,
        payment_information=orderer.payment,
        language=content.language,
    )
    return create_contract(uow, CreateContract(body=body)).contract_ident


class _Agreed(NamedTuple):
    """The plan of the contract, how much of it, and what differs from the catalogue."""

    plan_ident: str
    quantities: tuple[PhaseQuantities, ...]
    modifiers: tuple[PlanModifier, ...]
    trial_days: int | None
    """None: as the plan says."""


def _agreed_plan(uow: Uow, content: VersionContent, offered: OfferedPlan, customer: str) -> _Agreed:
    """The plan that was offered, or one of the contract's own, made of prices. Raises CONFLICT where it is not sold any more."""
    frozen = content.plan
    assert frozen is not None  # what went out with a plan has it
    if offered.type != "PLAN":
        modifiers = kept_price_lists(uow, frozen.items)
        made = composed_plan(uow, frozen.name, [one.of for one in frozen.items], Agreed(), customer)
        return _Agreed(made.plan_ident, price_quantities(uow, frozen.items), modifiers, price_trial(uow, frozen.items))
    plan = plan_by_ident(uow, offered.plan_ident)
    if plan is None:
        message = f"The plan {offered.plan_ident} is not sold any more: it is to be offered anew."
        raise Refused(Kind.CONFLICT, Problem("offered_not_sold", message))
    modifiers = kept_prices(uow, plan, frozen.prices, frozen.mark)
    return _Agreed(plan.plan_ident, phase_quantities(uow, plan, offered.quantity), modifiers, None)


def _lines(uow: Uow, rows: Sequence[OfferedRow]) -> tuple[LineItemBody, ...]:
    return tuple(
        LineItemBody(
            ident=f"offer-{uow.new_uuid()}",
            name=row.name,
            description=row.description,
            category=row.category,
            quantity=row.quantity,
            quantity_type=row.quantity_type,
            tax_calculation_basis="NET",
            unit_price_net=row.unit_price_net,
            tax_code=row.tax_code,
            delivery_date=uow.ctx.today(),
        )
        for row in rows
    )


def _draft(uow: Uow, content: VersionContent, rows: Sequence[OfferedRow], orderer: Orderer) -> str:
    """What a person completes: taxes are determined when it is."""
    items = []
    for number, row in enumerate(rows, 1):
        total = {"net": round_amount(row.quantity * row.unit_price_net, content.currency)}
        items.append(
            {
                "ident": str(number),
                "category": row.category,
                "name": row.name,
                "quantity": row.quantity,
                "quantity_type": row.quantity_type,
                "prices": {"unit": {"net": row.unit_price_net}, "original_total": total, "total": total},
                **({"description": row.description} if row.description is not None else {}),
            }
        )
    payment, paid = orderer.payment, dict[str, object]()
    if payment.payment_control == "CHARGE":
        said = {"payment_type": payment.payment_type, "customer_payment_account_ident": payment.customer_payment_account_ident}
        paid = {"payment_information": said, "payment_collection": {"collect": True}}
    body = {
        "type": DocumentType.INVOICE.value,
        "currency": content.currency,
        "language": content.language,
        "customer_detail": {"customer_ident": orderer.customer_ident, "invoice_address_ident": orderer.invoice_address_ident},
        "items": items,
        **paid,
    }
    made = drafts.create_draft(uow, drafts.CreateDraft(body=validated(drafts.DraftCreation, body)))
    return str(made["draft_ident"])
