"""Intents to move money: created, handed to a provider, and ended by what was really booked."""

from contor.payments.intents.attempts import FileAttempt, begin_in_file
from contor.payments.intents.create import (
    Cancelled,
    cancel_unsent,
    create_intents,
    fail_unsent,
    give_up_retry,
    renew_intents,
    say_why,
)
from contor.payments.intents.endings import Ended, end_attempts
from contor.payments.intents.events import IntentsCreated, IntentsFailed, IntentsSucceeded, PromisesReleased
from contor.payments.intents.intents import INTENTS, cancel_intent, get_intent, hold, list_intents, release_intent, view_of
from contor.payments.intents.processing import Called, enable, is_processing, processing_enabled, take_call
from contor.payments.intents.queries import (
    ChargeBefore,
    Failed,
    InFile,
    accounts_with_waiting,
    attempts_in_file,
    charges_before,
    charges_of,
    documents_of_references,
    due_retries,
    intents_by_ident,
    promises_of,
    refundable,
    with_intents,
)
from contor.payments.intents.types import IntentView, NewIntent, Promised
from contor.payments.intents.ways import Way, way_problems, ways_of

__all__ = [
    "INTENTS",
    "Called",
    "Cancelled",
    "ChargeBefore",
    "Ended",
    "Failed",
    "FileAttempt",
    "InFile",
    "IntentView",
    "IntentsCreated",
    "IntentsFailed",
    "IntentsSucceeded",
    "NewIntent",
    "Promised",
    "PromisesReleased",
    "Way",
    "accounts_with_waiting",
    "attempts_in_file",
    "begin_in_file",
    "cancel_intent",
    "cancel_unsent",
    "charges_before",
    "charges_of",
    "create_intents",
    "documents_of_references",
    "due_retries",
    "enable",
    "end_attempts",
    "fail_unsent",
    "get_intent",
    "give_up_retry",
    "hold",
    "intents_by_ident",
    "is_processing",
    "list_intents",
    "processing_enabled",
    "promises_of",
    "refundable",
    "release_intent",
    "renew_intents",
    "say_why",
    "take_call",
    "view_of",
    "way_problems",
    "ways_of",
    "with_intents",
]
