"""The tenant's switch: whether intents are handed to providers. LIVE tenants begin held, so that nothing moves by an oversight. And what
providers call about, which is only a hint: the attempt is asked for soon, by the way of every question."""

from dataclasses import dataclass

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.payments.gateways import providers_by_id
from contor.payments.intents import tables
from contor.payments.intents.events import ProviderCalled
from contor.payments.intents.types import ProcessingBody, ProcessingView
from contor.payments.providers import references_called
from contor.runtime.uow import Uow, not_found

SUBMITTING = "payment_intents"
"""The work that hands intents on."""


@dataclass(frozen=True, slots=True)
class ProcessingStatus:
    pass


def is_processing(uow: Uow) -> bool:
    """Whether intents of this tenant are handed on."""
    said = uow.scalar(bool, "SELECT enabled FROM payment_processing")
    return uow.ctx.environment == "TEST" if said is None else said


@operation("payment_intent.enable", permission="payments.write")
def enable(uow: Uow, command: ProcessingBody) -> ProcessingView:
    """Switch the tenant's processing on or off, or let single intents through."""
    body = command
    if body.payment_intent_idents:
        _release(uow, body)
    else:
        if not uow.insert_once(tables.payment_processing, {"enabled": body.enabled}):
            uow.run("UPDATE payment_processing SET enabled = %s", (body.enabled,))
        uow.audit("payment_processing", "", {"enabled": body.enabled})
    uow.mark(SUBMITTING)
    return ProcessingView(processing_enabled=is_processing(uow))


def _release(uow: Uow, body: ProcessingBody) -> None:
    idents = list(dict.fromkeys(body.payment_intent_idents))
    sql = "UPDATE payment_intent SET released = %s, last_modified_at = %s WHERE ident = ANY (%s) AND status = 'CREATED' RETURNING ident"
    done = set(uow.column(str, sql, (body.enabled, uow.ctx.now(), idents)))
    problems = [
        Problem("payment_intent_not_waiting", f"No intent {ident!r} waits to be handed on.", f"paymentIntentIdents[{at}]", ident)
        for at, ident in enumerate(body.payment_intent_idents)
        if ident not in done
    ]
    if problems:
        raise Refused(Kind.INVALID, *problems)
    for ident in idents:
        uow.audit("payment_intent", ident, {"released": body.enabled})


@operation("payment_intent.processing_enabled", permission="payments.read", reads=True)
def processing_enabled(uow: Uow, command: ProcessingStatus) -> ProcessingView:
    """Whether intents are handed on."""
    return ProcessingView(processing_enabled=is_processing(uow))


@dataclass(frozen=True, slots=True)
class Called:
    """A call of a payment provider."""

    payment_provider_id: int
    content: bytes
    signature: str


@operation("payment_provider.take_call", permission="payments.write")
def take_call(uow: Uow, command: Called) -> None:
    """Ask soon for what a provider calls about, as far as it is under way. Twice it is the same."""
    registered = providers_by_id(uow, [command.payment_provider_id]).get(command.payment_provider_id)
    said = None
    if registered is not None:
        said = references_called(
            registered.name, command.content, command.signature, registered.credentials.get("webhookSecret", "")
        )
    if said is None:
        raise not_found("payment_provider", command.payment_provider_id)
    names = list(said)
    uow.emit(ProviderCalled(names=said))
    sql = (
        "UPDATE payment_attempt SET ask_at = %s WHERE state = 'SUBMITTED' AND message_ident IS NULL AND key IN ("
        "SELECT key FROM payment_attempt WHERE key = ANY (%s) UNION SELECT key FROM payment_attempt WHERE provider_reference = ANY (%s))"
        " RETURNING intent_ident"
    )
    found = uow.column(str, sql, (uow.ctx.now(), names, names))
    for ident in found:
        uow.audit("payment_intent", ident, {"called": True})
    if found:
        uow.mark(SUBMITTING)
