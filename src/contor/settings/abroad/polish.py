"""Whether credit memos say what they correct as before, after and difference, as Polish law wants it (art. 106j ustawy o VAT)."""

from dataclasses import dataclass

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow
from contor.settings.queries import change_tenant_settings, tenant_settings


@shape
class PolishCreditMemo:
    polish_credit_memo: bool
    """Whether page, answer and KSeF file show of each row that a credit takes back the state before and after it and the difference.
    Documents that are issued keep the layout that they have."""


@dataclass(frozen=True, slots=True)
class OwnFlag:
    """No input: the caller's tenant."""


@dataclass(frozen=True, slots=True)
class SetFlag:
    body: PolishCreditMemo


@operation("polish_credit_memo.get", permission="settings.read", reads=True)
def get_polish_credit_memo(uow: Uow, command: OwnFlag) -> PolishCreditMemo:
    """Whether credit memos are laid out so."""
    return PolishCreditMemo(polish_credit_memo=tenant_settings(uow).polish_credit_memo)


@operation("polish_credit_memo.set", permission="settings.write")
def set_polish_credit_memo(uow: Uow, command: SetFlag) -> PolishCreditMemo:
    """Lay out credit memos so from now on, or no more."""
    before, wanted = tenant_settings(uow, lock=True).polish_credit_memo, command.body.polish_credit_memo
    if wanted != before:
        change_tenant_settings(uow, "polish_credit_memo = %s", (wanted,))
        uow.audit("tenant_setting", "", {"before": {"polish_credit_memo": before}, "after": {"polish_credit_memo": wanted}})
    return PolishCreditMemo(polish_credit_memo=wanted)
