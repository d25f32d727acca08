"""German banks, by FinTS 3.0 with PIN and TAN: the dialog is the library's (`fints`), the way to the server our guarded one.

A conversation that waits for a TAN is kept as the library writes it, sealed by who stores it: it holds the PIN, and nobody else may have
written it.
"""

import base64
import contextlib
import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

import msgspec

from contor.kernel.shapes import shape
from contor.payments.open_banking.banks.server import FinTSServer
from contor.payments.open_banking.banks.types import (
    Access,
    Asked,
    BankRefused,
    ConsentEnded,
    Fetched,
    Linked,
    StatementFile,
    Unreachable,
)
from contor.payments.open_banking.types import Challenge
from contor.runtime.config import Config

if TYPE_CHECKING:
    from fints.client import FinTS3PinTanClient, NeedTANResponse

_ONE_STEP = "999"
_MOST_BYTES = 512 * 1024
"""Of a picture that is to be photographed."""


class _Talk(NamedTuple):
    client: "FinTS3PinTanClient"
    server: FinTSServer


@shape
class _Waiting:
    """A conversation that waits for a TAN, as it is kept: all in base 64."""

    client: str
    dialog: str
    challenge: str
    decoupled: bool


class FinTS:
    """A German bank."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def link(self, access: Access) -> Linked | Asked:
        talk = self._talk(access, b"")
        client = talk.client
        with _said(talk.server):
            client.fetch_tan_mechanisms()
            _choose(access, client)
            with _standing(client):
                return self._answered(access, talk, client.init_tan_response or client.get_sepa_accounts())

    def confirm(self, access: Access, dialog: bytes, tan: str) -> Linked | Asked:
        from fints.client import NeedRetryResponse

        kept = msgspec.json.decode(dialog, type=_Waiting)
        talk = self._talk(access, base64.b64decode(kept.client))
        client = talk.client
        challenge = NeedRetryResponse.from_data(base64.b64decode(kept.challenge))
        challenge.decoupled = kept.decoupled  # which the library forgets when it writes it
        with _said(talk.server), client.resume_dialog(base64.b64decode(kept.dialog)):
            answer = client.send_tan(challenge, tan)
            if (refused := talk.server.refusal()) is not None:
                raise BankRefused("tan_refused", f"The bank refused the confirmation: {refused}")
            if not _is_question(answer) and challenge.command_seg is None:
                answer = client.get_sepa_accounts()  # what was confirmed was only that we may speak
            return self._answered(access, talk, answer)

    def fetch(self, access: Access, since: dt.date, until: dt.date) -> Fetched:
        from fints.client import FinTSOperations

        talk = self._talk(access, access.known)
        client, server = talk
        with _said(server), _standing(client):
            if client.init_tan_response is not None:
                raise ConsentEnded
            account = _own(access, client.get_sepa_accounts())
            offered = client.get_information()["bank"].get("supported_operations", {})
            if offered.get(FinTSOperations.GET_TRANSACTIONS_XML):
                answer = client.get_transactions_xml(account, since, until)
                form, contents = "xml", [] if _is_question(answer) else list(answer[0])
            else:
                answer = client.get_transactions(account, since, until)
                form, contents = "sta", server.statements()
            if _is_question(answer):
                raise ConsentEnded
        name = f"fints-{since:%Y%m%d}-{until:%Y%m%d}"
        files = [StatementFile(f"{name}-{n}.{form}", one) for n, one in enumerate(contents, 1) if one.strip()]
        return Fetched(files, client.deconstruct(including_private=True))

    def _talk(self, access: Access, known: bytes) -> _Talk:
        from fints.client import FinTS3PinTanClient

        if self._config.fints_product is None:
            raise BankRefused("fints_off", "FinTS is not set up here: the installation has no registration (CONTOR_FINTS_PRODUCT).")
        client = FinTS3PinTanClient(
            access.iban[4:12],
            access.user_name,
            access.pin,
            access.url,
            tan_medium=access.tan_medium,
            product_id=self._config.fints_product,
            from_data=known or None,
        )
        server = FinTSServer(self._config, access.url)
        client.connection = server
        return _Talk(client, server)

    def _answered(self, access: Access, talk: _Talk, answer: object) -> Linked | Asked:
        """In the conversation: what the bank wants to have confirmed, or that the account may be read."""
        client = talk.client
        if _is_question(answer):
            waiting = _waiting(client, answer)
            return Asked(_challenge(answer), waiting)
        _own(access, answer if isinstance(answer, list) else [])
        name = client.get_information()["bank"].get("name") or ""
        return Linked(str(name), client.deconstruct(including_private=True))


@contextlib.contextmanager
def _standing(client: "FinTS3PinTanClient") -> Iterator[None]:
    """One conversation for all that is asked in it."""
    with client:
        yield


@contextlib.contextmanager
def _said(server: FinTSServer) -> Iterator[None]:
    """What the library raises, as what it means here. The PIN is in none of it."""
    from fints import exceptions as fints

    try:
        yield
    except (Unreachable, BankRefused, ConsentEnded):
        raise
    except (fints.FinTSClientPINError, fints.FinTSClientTemporaryAuthError):
        said = server.refusal() or "it says no more"
        raise BankRefused("bank_access_refused", f"The bank does not accept user name and PIN: {said}") from None
    except fints.FinTSSCARequiredError:
        raise ConsentEnded from None
    except fints.FinTSConnectionError as error:
        raise Unreachable(str(error)[:300]) from None
    except fints.FinTSUnsupportedOperation:
        raise BankRefused("bank_offers_no_statements", "The bank offers no statements by FinTS.") from None
    except (fints.FinTSError, ValueError, RuntimeError, AttributeError, IndexError, KeyError) as error:
        if (refusal := server.refusal()) is not None:
            raise BankRefused("bank_refused", f"The bank refuses: {refusal}") from None
        raise Unreachable(f"The bank's answer cannot be read ({type(error).__name__}).") from None


def _is_question(answer: object) -> "TypeGuard[NeedTANResponse]":
    from fints.client import NeedTANResponse

    return isinstance(answer, NeedTANResponse)


def _choose(access: Access, client: "FinTS3PinTanClient") -> None:
    """The method and medium of TANs. Raises BankRefused with those that there are."""
    offered = client.get_tan_mechanisms()
    if access.tan_method is not None:
        if access.tan_method not in offered:
            known = ", ".join(f"{number} ({one.name})" for number, one in offered.items()) or "none"
            raise BankRefused("tan_method_unknown", f"The bank offers no method {access.tan_method} for TANs, but {known}.")
        client.set_tan_mechanism(access.tan_method)
    if client.get_current_tan_mechanism() in (None, _ONE_STEP) or access.tan_medium is not None:
        return
    if client.is_tan_media_required():
        names = [one.tan_medium_name for one in client.get_tan_media()[1]]
        if len(names) != 1:
            message = f"The bank asks what TANs are made with (tanMedium): {', '.join(map(str, names)) or 'it names none'}."
            raise BankRefused("tan_medium_missing", message)
        client.selected_tan_medium = names[0]


def _own(access: Access, accounts: list[object]) -> object:
    """The one with our IBAN."""
    for account in accounts:
        if getattr(account, "iban", None) == access.iban:
            return account
    raise BankRefused("bank_account_unknown", "The user of the bank has no account with the IBAN of the merchant payment account.")


def _waiting(client: "FinTS3PinTanClient", answer: "NeedTANResponse") -> bytes:
    challenge, decoupled = answer.get_data(), bool(answer.decoupled)
    dialog = client.pause_dialog()
    parts = (client.deconstruct(including_private=True), dialog, challenge)
    client_, dialog_, challenge_ = (base64.b64encode(part).decode() for part in parts)
    return msgspec.json.encode(_Waiting(client=client_, dialog=dialog_, challenge=challenge_, decoupled=decoupled))


def _challenge(answer: "NeedTANResponse") -> Challenge:
    kind, picture = answer.challenge_matrix or (None, b"")
    is_shown = kind is not None and len(picture) <= _MOST_BYTES
    return Challenge(
        text=(answer.challenge or "").strip()[:2000] or None,
        decoupled=bool(answer.decoupled),
        image=base64.b64encode(picture).decode() if is_shown else None,
        image_mime_type=kind if is_shown else None,
    )
