"""What happens to a subscription: activate, cancel, pause, resume, its trial; each by the core's own verb."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from contor.api.fynn.manners import money, when
from contor.api.fynn.subscriptions.answers import (
    CancellationPreview,
    PreviewedInvoice,
    PreviewedPosition,
    SubscriptionShown,
)
from contor.api.fynn.subscriptions.ordering import phase_of
from contor.api.fynn.subscriptions.reading import Subscribed, again, item, items_of, setup_of, subscription, told
from contor.api.fynn.subscriptions.shown import shown
from contor.api.fynn.subscriptions.types import Activation, Resuming, SubscriptionCancellation, TrialExtending
from contor.billing.outlook import ContractChange, PreviewBody, PreviewContract, PreviewedDocument, preview_contract
from contor.billing.runs import bill_at_once
from contor.catalogue.types import Duration, TrialTerms
from contor.contracts.calendar import period_at
from contor.contracts.change import (
    ActivateContract,
    ActivationBody,
    CancelContracts,
    IdentList,
    TerminateContract,
    activate,
    cancel_batch,
    terminate,
    terminate_extraordinarily,
)
from contor.contracts.drafting import RedraftContract, Redrafting, redraft
from contor.contracts.joint import AlignContracts, Aligning, align
from contor.contracts.life import (
    EndTrial,
    ExtendTrial,
    PauseContract,
    ResumeContract,
    Resumption,
    TrialExtension,
    WithdrawTermination,
    end_trial,
    extend_trial,
    pause,
    resume,
    withdraw_termination,
)
from contor.contracts.terms import PhaseQuantities
from contor.contracts.types import Termination
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.notifications.mail.causes import suppress_mails
from contor.runtime.uow import Uow

DAY: Final = dt.timedelta(days=1)
CORE: Final[Mapping[str, str]] = {
    "debtorIdent": "customer",
    "startDate": "contractDetails.contractStart",
    "billingStartDate": "billingStart",
    "trial.duration.value": "trialDays",
    "terminationDate": "cancellationDate",
    "resumeDate": "nextBillingDate",
    "billingDate": "nextBillingDate",
    "lastDay": "trialEndsOn",
    "optionQuantities": "items",
}


@shape
class OneSubscription:
    id: str


@shape
class Activating:
    id: str
    body: Activation = Activation()


@shape
class Cancelling:
    id: str
    body: SubscriptionCancellation


@shape
class ResumingOf:
    id: str
    body: Resuming = Resuming()


@shape
class ExtendingTrial:
    id: str
    body: TrialExtending


@operation("fynn.subscription_activate", permission="contracts.write")
def activate_subscription(uow: Uow, command: Activating) -> SubscriptionShown:
    """Let a draft begin, with all of its items or those that are named, on the day that it says, else today."""
    one, body = subscription(uow, command.id, lock=True), command.body
    if not one.is_draft:
        raise Refused(Kind.ILLEGAL_STATE, Problem("subscription_not_draft", "Only a draft is activated."))
    redrafting = Redrafting()
    if body.items is not None:
        redrafting = Redrafting(option_quantities=_chosen(uow, one, body.items))
    if body.trial_days is not None:
        trial = trial_of(body.trial_days)
        redrafting = Redrafting(option_quantities=redrafting.option_quantities, trial=trial, no_trial=trial is None)
    with told(CORE):
        if redrafting != Redrafting():
            redraft(uow, RedraftContract(contract_ident=one.ident, body=redrafting))
        begin(uow, again(uow, one))
    return shown(uow, [again(uow, one)])[0]


def begin(uow: Uow, one: Subscribed) -> None:
    """The draft begins on its days, ends on the one that it says, and is billed what is due."""
    intended, today = one.contract.content.intended, uow.ctx.today()
    start = intended.start_on if intended is not None and intended.start_on is not None else today
    billed_from = intended.billing_start_on if intended is not None else None
    body = ActivationBody(start_date=start, billing_start_date=billed_from)
    activate(uow, ActivateContract(contract_ident=one.ident, body=body))
    if intended is not None and intended.last_day is not None:
        ends = Termination(termination_date=intended.last_day)
        terminate_extraordinarily(uow, TerminateContract(contract_ident=one.ident, body=ends))
    bill(uow, one)


def bill(uow: Uow, one: Subscribed) -> None:
    """What the customer has due by now is billed at once, unless his billing is stopped."""
    bill_at_once(uow, one.contract.customer_ident)


def trial_of(days: int) -> TrialTerms | None:
    return None if not days else TrialTerms(duration=Duration(value=days, unit="DAY"))


@operation("fynn.subscription_cancel", permission="contracts.write")
def cancel(uow: Uow, command: Cancelling) -> SubscriptionShown:
    """End a subscription today, with its term after the notice period, or with a day; a draft is as if it had never been."""
    one, body = subscription(uow, command.id, lock=True), command.body
    _refuse_unclear(body)
    if not body.send_confirmation_email:
        suppress_mails(uow)
    with told(CORE):
        if one.is_draft:
            cancel_batch(uow, CancelContracts(body=IdentList(idents=(one.ident,))))
        elif body.cancellation_date_type == "next_possible":
            terminate(uow, TerminateContract(contract_ident=one.ident, body=Termination(reason=body.reason)))
        else:
            ends = Termination(termination_date=body.cancellation_date, reason=body.reason)
            terminate_extraordinarily(uow, TerminateContract(contract_ident=one.ident, body=ends))
    return shown(uow, [again(uow, one)])[0]


@operation("fynn.subscription_preview_cancellation", permission="contracts.write", undone=True)
def preview_cancellation(uow: Uow, command: Cancelling) -> CancellationPreview:
    """What a cancellation would end, credit and still bill, by doing it and undoing it."""
    one, body = subscription(uow, command.id), command.body
    _refuse_unclear(body)
    if body.cancellation_date_type == "next_possible":
        change = ContractChange(terminate=Termination(reason=body.reason))
    else:
        ends = Termination(termination_date=body.cancellation_date, reason=body.reason)
        change = ContractChange(terminate_extraordinarily=ends)
    with told(CORE):
        found = preview_contract(uow, PreviewContract(contract_ident=one.ident, body=PreviewBody(change=change, n=12)))
    ended = again(uow, one).contract.end_on
    return CancellationPreview(
        contract_end=when(ended - DAY) if ended is not None else None,
        now=_invoices(found.now),
        next=_invoices(found.next),
    )


@operation("fynn.subscription_revoke_cancellation", permission="contracts.write")
def revoke_cancellation(uow: Uow, command: OneSubscription) -> SubscriptionShown:
    """Take a cancellation back, until its last day is over."""
    one = subscription(uow, command.id, lock=True)
    with told(CORE):
        withdraw_termination(uow, WithdrawTermination(contract_ident=one.ident))
    return shown(uow, [again(uow, one)])[0]


@operation("fynn.subscription_pause", permission="contracts.write")
def pause_subscription(uow: Uow, command: OneSubscription) -> SubscriptionShown:
    """Bill no interval that begins from today on."""
    one = subscription(uow, command.id, lock=True)
    with told(CORE):
        pause(uow, PauseContract(contract_ident=one.ident))
    return shown(uow, [again(uow, one)])[0]


@operation("fynn.subscription_resume", permission="contracts.write")
def resume_subscription(uow: Uow, command: ResumingOf) -> SubscriptionShown:
    """Bill again: all that was missed, or from the interval on that holds a day; a new one begins on a day that no run has looked at."""
    one, day = subscription(uow, command.id, lock=True), command.body.next_billing_date
    with told(CORE):
        if day is None:
            missed = Resumption(missed_periods="BILL_MISSED")
            resume(uow, ResumeContract(contract_ident=one.ident, body=missed))
        else:
            _from_day(uow, one, day)
    bill(uow, one)
    return shown(uow, [again(uow, one)])[0]


@operation("fynn.subscription_extend_trial", permission="contracts.write")
def extend_trial_of(uow: Uow, command: ExtendingTrial) -> SubscriptionShown:
    """Let the trial end later: the day named is the first that is charged."""
    one = subscription(uow, command.id, lock=True)
    with told(CORE):
        last = TrialExtension(last_day=command.body.trial_ends_on - DAY)
        extend_trial(uow, ExtendTrial(contract_ident=one.ident, body=last))
    return shown(uow, [again(uow, one)])[0]


@operation("fynn.subscription_revoke_trial", permission="contracts.write")
def revoke_trial(uow: Uow, command: OneSubscription) -> SubscriptionShown:
    """End the trial at once: billing begins today."""
    one = subscription(uow, command.id, lock=True)
    with told(CORE):
        end_trial(uow, EndTrial(contract_ident=one.ident))
    bill(uow, one)
    return shown(uow, [again(uow, one)])[0]


# helpers in calling order


def _chosen(uow: Uow, one: Subscribed, texts: Sequence[str]) -> tuple[PhaseQuantities, ...]:
    """The quantities of the items that are named, with what follows them."""
    chosen, problems = set[str](), list[Problem]()
    for index, text in enumerate(texts):
        try:
            found = item(uow, text)
        except Refused:
            found = None
        if found is None or found.subscription.ident != one.ident:
            problems.append(Problem("subscription_item_unknown", "is no item of it", f"items[{index}]", text[:100]))
        else:
            chosen.add(setup_of(found.option_ident))
    if not chosen and not problems:
        problems.append(Problem("subscription_item_missing", "names nothing that begins", "items"))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return phase_of({it.option_ident: it.quantity for it in items_of(one) if setup_of(it.option_ident) in chosen})


def _refuse_unclear(body: SubscriptionCancellation) -> None:
    if (body.cancellation_date_type == "custom") != (body.cancellation_date is not None):
        message = "is said with the type custom, and with no other"
        raise Refused(Kind.INVALID, Problem("cancellation_unclear", message, "cancellationDate", body.cancellation_date))


def _from_day(uow: Uow, one: Subscribed, day: dt.date) -> None:
    """Nothing of intervals before that of the day is charged. Where the day lies within an interval, a new one begins on it; where a run
    has looked at that one already, it is charged itself."""
    contract = one.contract
    start, reached = contract.start_on, contract.proposed_through
    if start is not None and reached is not None and day >= reached:
        period = period_at(one.course.content, start, contract.end_on, day, contract.life)
        if period is not None and period.start != day:
            align(uow, AlignContracts(body=Aligning(contract_idents=(one.ident,), billing_date=day)))
    resume(uow, ResumeContract(contract_ident=one.ident, body=Resumption(resume_date=day)))


def _invoices(found: Sequence[PreviewedDocument]) -> tuple[PreviewedInvoice, ...]:
    return tuple(
        PreviewedInvoice(
            type="TYPE_CREDIT" if "CREDIT" in one.document_type else "TYPE_INVOICE",
            currency_code=one.currency,
            net_amount=money(one.totals.net, one.currency),
            tax_amount=money(one.totals.tax, one.currency),
            gross_amount=money(one.totals.gross, one.currency),
            positions=tuple(
                PreviewedPosition(
                    name=row.name,
                    quantity=row.quantity,
                    net_amount=money(row.prices.total.net or row.prices.total.gross, one.currency),
                    is_credit=row.is_credit,
                    service_date_from=when(row.service_period.start) if row.service_period is not None else None,
                    service_date_to=when(row.service_period.end) if row.service_period is not None else None,
                )
                for row in one.items
            ),
        )
        for one in found
    )
