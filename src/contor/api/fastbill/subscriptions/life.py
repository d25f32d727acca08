"""subscription.cancel, reactivate, renew, postpone."""

from contor.api.fastbill.refusals import said_as
from contor.api.fastbill.subscriptions.reading import require
from contor.api.fastbill.subscriptions.standing import last_day
from contor.api.fastbill.subscriptions.types import CancelData, OneSubscription, PostponeData
from contor.api.fastbill.writing import NO_TIME, Fields, done, moment
from contor.contracts.calendar import performance
from contor.contracts.change import TerminateContract, terminate, terminate_extraordinarily
from contor.contracts.life import (
    PostponeContract,
    Postponing,
    ReactivateContract,
    RenewContract,
    WithdrawTermination,
    postpone,
    reactivate,
    renew,
    withdraw_termination,
)
from contor.contracts.types import Termination
from contor.kernel.operations import operation
from contor.notifications.mail.causes import suppress_mails
from contor.runtime.uow import Uow

CORE = {
    "termination_date": "CANCELLATION_DATE",
    "notice_date": "CANCELLATION_DATE",
    "reason": "CANCELLATION_NOTE",
    "month": "MONTH",
    "to_date": "MONTH",
    "restart_date": "SUBSCRIPTION_ID",
}
"""Field of the core -> tag."""


@operation("fastbill.subscription_cancel", permission="contracts.write")
def cancel(uow: Uow, data: CancelData) -> Fields:
    """End a subscription: with its term, after its notice period, or at the instant that is said."""
    one = require(uow, data.subscription_id, lock=True)
    ident = one.contract.contract_ident
    if data.suppress_mail:
        suppress_mails(uow)
    with said_as(CORE, one.called):
        if data.cancellation_date is None:
            terminate(uow, TerminateContract(contract_ident=ident, body=Termination(reason=data.cancellation_note)))
        else:
            ends = Termination(termination_date=last_day(data.cancellation_date), reason=data.cancellation_note)
            terminate_extraordinarily(uow, TerminateContract(contract_ident=ident, body=ends))
    ended = require(uow, data.subscription_id).contract
    return done(cancellation_date=moment(ended.end_on, NO_TIME))


@operation("fastbill.subscription_reactivate", permission="contracts.write")
def reactivate_subscription(uow: Uow, data: OneSubscription) -> Fields:
    """Take a cancellation back before its day; after it, let the subscription begin again today."""
    one = require(uow, data.subscription_id, lock=True)
    contract = one.contract
    with said_as(CORE, one.called):
        if performance(contract.start_on, contract.end_on, one.offered.today) == "ENDED":
            reactivate(uow, ReactivateContract(contract_ident=contract.contract_ident))
        else:
            withdraw_termination(uow, WithdrawTermination(contract_ident=contract.contract_ident))
    return done()


@operation("fastbill.subscription_renew", permission="contracts.write")
def renew_subscription(uow: Uow, data: OneSubscription) -> Fields:
    """Let the next interval, or the next term of what had ended with its plan, come at once."""
    one = require(uow, data.subscription_id, lock=True)
    with said_as(CORE, one.called):
        renew(uow, RenewContract(contract_ident=one.contract.contract_ident))
    return done()


@operation("fastbill.subscription_postpone", permission="contracts.write")
def postpone_subscription(uow: Uow, data: PostponeData) -> Fields:
    """Let the next interval begin in the next month of this number instead."""
    one = require(uow, data.subscription_id, lock=True)
    with said_as(CORE, one.called):
        postpone(uow, PostponeContract(contract_ident=one.contract.contract_ident, body=Postponing(month=int(data.month))))
    return done()
