"""Money for a document and for what dunning claims on it; debits that came back."""

from contor.assignment.claimed.payers import say_who_paid
from contor.assignment.claimed.returned import take_word_back, tell_dunning
from contor.assignment.claimed.with_claims import pay_document

__all__ = ["pay_document", "say_who_paid", "take_word_back", "tell_dunning"]
