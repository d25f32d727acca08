"""How much may be asked in a while, and what an answer says of it."""

from contor.api.limits.buckets import Buckets, Limits, Rate, TooMany

__all__ = ["Buckets", "Limits", "Rate", "TooMany"]
