"""A request that comes twice is done once."""

from contor.runtime.idempotency.keys import keep_answer, known_answer, may_be_keyed

__all__ = ["keep_answer", "known_answer", "may_be_keyed"]
