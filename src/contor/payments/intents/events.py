"""Facts about intents. Pure."""

from contor.kernel.events import event


@event("payment_intent.created")
class IntentsCreated:
    """Money is to be moved for documents."""

    intent_idents: tuple[str, ...]


@event("payment_intent.released")
class PromisesReleased:
    """Nothing more is under way for these documents: it was booked, failed, was refused, taken back or cancelled."""

    intent_idents: tuple[str, ...]
    document_ids: tuple[int, ...]


@event("payment_intent.succeeded")
class IntentsSucceeded:
    """The provider moved the money, or the bank booked it."""

    intent_idents: tuple[str, ...]


@event("payment_intent.failed")
class IntentsFailed:
    """Money was not moved, or was taken back. `retry_idents`: those of them that are tried again by themselves."""

    intent_idents: tuple[str, ...]
    retry_idents: tuple[str, ...]


@event("payment_intent.account_failed")
class AccountsFailed:
    """Charges were cancelled before they were handed on, for their accounts can be collected from no more; they are still wanted."""

    intent_idents: tuple[str, ...]


@event("payment_intent.given_up_in_file")
class GivenUpInFiles:
    """A person said of transactions that went out in files that nothing comes of them."""

    message_idents: tuple[str, ...]


@event("payment_intent.held_released")
class HeldReleased:
    """A person lets transfers go on that were held because of their payees' names; who knows that they are owed no more refuses it."""

    intent_idents: tuple[str, ...]


@event("payment_provider.called")
class ProviderCalled:
    """A provider called about these: what it calls things, and keys of ours. Only a hint."""

    names: tuple[str, ...]
