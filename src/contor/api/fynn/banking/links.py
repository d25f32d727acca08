"""Accounts of ours that banks are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from contor.api.fynn.banking.answers import LinkActionShown, LinkMade, LinkStatusName, OpenBankingShown
from contor.api.fynn.banking.types import ConfirmationSent, LinkSent
from contor.api.fynn.catalogue import said_as
from contor.api.fynn.manners import known_when, when
from contor.kernel.context import Caller
from contor.kernel.operations import operation
from contor.payments import open_banking
from contor.payments.open_banking import ConfirmBody, ConnectBody, LinkView
from contor.runtime.execute import Runtime
from contor.runtime.query import ListQuery, Page
from contor.runtime.uow import Uow

PROVIDERS: Final[Mapping[str, Literal["fints", "simulated", "files"]]] = {
    "FINTS": "fints",
    "SIMULATED": "simulated",
    "FILES": "files",
}
CORE: Final[Mapping[str, str]] = {"merchantPaymentAccountIdent": "bankAccount"}
"""Field of the core -> as the caller sent it."""
_STATUSES: Final[Mapping[str, LinkStatusName]] = {
    "PENDING": "disabled",  # it waits for its confirmation, and is not read before
    "LINKED": "linked",
    "DISABLED": "disabled",
    "EXPIRED": "expired",
    "FAILED": "failed",
}


@dataclass(frozen=True, slots=True)
class ListLinks:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneLink:
    id: str


@dataclass(frozen=True, slots=True)
class Connect:
    body: LinkSent


@dataclass(frozen=True, slots=True)
class Confirm:
    id: str
    body: ConfirmationSent


@operation("fynn.open_banking_list", permission="payments.read", reads=True)
def list_links(uow: Uow, command: ListLinks) -> Page:
    """All of them, whatever became of them."""
    page = open_banking.list_links(uow, open_banking.ListLinks(command.query))
    return replace(page, items=tuple([_link(one) for one in page.items if isinstance(one, LinkView)]))


@operation("fynn.open_banking_get", permission="payments.read", reads=True)
def get_link(uow: Uow, command: OneLink) -> OpenBankingShown:
    """One of them."""
    return _link(open_banking.get_link(uow, open_banking.OneLink(command.id)))


def _ask_to_link(runtime: Runtime, command: Connect, caller: Caller) -> object:
    with said_as(CORE):
        return open_banking.ask_to_link(runtime, _connect(command.body), caller)


@operation("fynn.open_banking_connect", permission="payments.write", asks=_ask_to_link)
def connect(uow: Uow, command: Connect) -> LinkMade:
    """Ask a bank to be allowed to read an account of ours; a link that is there is renewed."""
    with said_as(CORE):
        return _made(open_banking.connect_link(uow, _connect(command.body)))


def _ask_to_confirm(runtime: Runtime, command: Confirm, caller: Caller) -> object:
    return open_banking.ask_to_confirm(runtime, _confirm(command), caller)


@operation("fynn.open_banking_confirm", permission="payments.write", asks=_ask_to_confirm)
def confirm(uow: Uow, command: Confirm) -> LinkMade:
    """Say the TAN, or that it was confirmed in the bank's app."""
    return _made(open_banking.confirm_link(uow, _confirm(command)))


@operation("fynn.open_banking_sync", permission="payments.write")
def sync(uow: Uow, command: OneLink) -> OpenBankingShown:
    """Ask the bank now; `lastAccessedAt` says when it answered."""
    return _link(open_banking.sync_link(uow, open_banking.OneLink(command.id)))


@operation("fynn.open_banking_disable", permission="payments.write")
def disable(uow: Uow, command: OneLink) -> OpenBankingShown:
    """Ask the bank no more; what it is asked with is forgotten."""
    return _link(open_banking.disable_link(uow, open_banking.OneLink(command.id)))


def _connect(body: LinkSent) -> open_banking.ConnectLink:
    provider = next(name for name, spoken in PROVIDERS.items() if spoken == body.provider)
    made = ConnectBody(
        merchant_payment_account_ident=body.bank_account,
        provider=provider,  # type: ignore[arg-type]  # one of the three
        alias=body.alias,
        url=body.url,
        user_name=body.user_name,
        pin=body.pin,
        tan_method=body.tan_method,
        tan_medium=body.tan_medium,
    )
    return open_banking.ConnectLink(made)


def _confirm(command: Confirm) -> open_banking.ConfirmLink:
    return open_banking.ConfirmLink(command.id, ConfirmBody(tan=command.body.tan))


def _link(view: LinkView) -> OpenBankingShown:
    return OpenBankingShown(
        id=view.ident,
        alias=view.alias,
        bank_name=view.bank_name,
        iban=view.iban,
        status=_STATUSES[view.status],
        provider=PROVIDERS[view.provider],
        created_at=known_when(view.created_at),
        valid_until=when(view.valid_until),
        last_accessed_at=when(view.last_accessed_at),
        last_informed_at=when(view.last_informed_at),
    )


def _made(view: LinkView) -> LinkMade:
    shown, asked = _link(view), view.challenge
    if view.status == "FAILED":
        return LinkMade(status="failed", fail_reason=view.problem, open_banking_account=shown)
    if asked is None:
        return LinkMade(status="success", open_banking_account=shown)
    details = {"text": asked.text, "image": asked.image, "imageMimeType": asked.image_mime_type}
    action = LinkActionShown(action="decoupled" if asked.decoupled else "tan", details=details)
    return LinkMade(status="action_required", action_required=action, open_banking_account=shown)
