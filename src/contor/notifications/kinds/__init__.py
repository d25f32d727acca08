"""The types of notifications: what each of them says, and of which fact it comes."""

from contor.notifications.kinds.declared import TYPES, known_types, notified

__all__ = ["TYPES", "known_types", "notified"]
