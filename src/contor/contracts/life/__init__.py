"""The life of a contract between its start and its end: pauses, its trial, ends that are withdrawn or overcome, intervals that come
earlier or later."""

from contor.contracts.life.ends import ReactivateContract, Reactivation, WithdrawTermination, reactivate, withdraw_termination
from contor.contracts.life.intervals import PostponeContract, Postponing, RenewContract, postpone, renew
from contor.contracts.life.living import Living, refuse, store, view, why_not_running
from contor.contracts.life.living import living as living_contract
from contor.contracts.life.pauses import PauseContract, Pausing, ResumeContract, Resumption, pause, resume
from contor.contracts.life.trials import EndTrial, ExtendTrial, TrialExtension, end_trial, extend_trial

__all__ = [
    "EndTrial",
    "ExtendTrial",
    "Living",
    "PauseContract",
    "Pausing",
    "PostponeContract",
    "Postponing",
    "ReactivateContract",
    "Reactivation",
    "RenewContract",
    "ResumeContract",
    "Resumption",
    "TrialExtension",
    "WithdrawTermination",
    "end_trial",
    "extend_trial",
    "living_contract",
    "pause",
    "postpone",
    "reactivate",
    "refuse",
    "renew",
    "resume",
    "store",
    "view",
    "why_not_running",
    "withdraw_termination",
]
