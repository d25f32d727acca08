"""Sending notifications: at least once, in the order of each subject, signed, tried again with growing pauses."""

from contor.notifications.delivering.outcomes import LONGEST_ANSWER
from contor.notifications.delivering.plan import MOST_FAILURES
from contor.notifications.delivering.sender import Sender, sender_of
from contor.notifications.delivering.work import send_due

__all__ = ["LONGEST_ANSWER", "MOST_FAILURES", "Sender", "send_due", "sender_of"]
