"""Changes of a contract's life, by the operations that make them for good."""

from contor.billing.outlook.changes import ContractChange
from contor.contracts.joint import AlignContracts, Aligning, align
from contor.contracts.life import (
    EndTrial,
    ExtendTrial,
    PauseContract,
    PostponeContract,
    ReactivateContract,
    RenewContract,
    ResumeContract,
    WithdrawTermination,
    end_trial,
    extend_trial,
    pause,
    postpone,
    reactivate,
    renew,
    resume,
    withdraw_termination,
)
from contor.runtime.uow import Uow


def change_life(uow: Uow, ident: str, change: ContractChange) -> bool:
    """Make the one change that is given; False: it is none of a contract's life."""
    if change.pause is not None:
        pause(uow, PauseContract(contract_ident=ident, body=change.pause))
    elif change.resume is not None:
        resume(uow, ResumeContract(contract_ident=ident, body=change.resume))
    elif change.extend_trial is not None:
        extend_trial(uow, ExtendTrial(contract_ident=ident, body=change.extend_trial))
    elif change.end_trial is not None:
        end_trial(uow, EndTrial(contract_ident=ident))
    elif change.withdraw_termination is not None:
        withdraw_termination(uow, WithdrawTermination(contract_ident=ident))
    elif change.reactivate is not None:
        reactivate(uow, ReactivateContract(contract_ident=ident, body=change.reactivate))
    elif change.renew is not None:
        renew(uow, RenewContract(contract_ident=ident))
    elif change.postpone is not None:
        postpone(uow, PostponeContract(contract_ident=ident, body=change.postpone))
    elif change.align_to is not None:
        align(uow, AlignContracts(body=Aligning(contract_idents=(ident,), billing_date=change.align_to)))
    else:
        return False
    return True
