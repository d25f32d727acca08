"""How much may be asked in a while, and what an answer says of it."""

from contor.api.limits.buckets import Buckets, Limits, Rate, TooMany
from contor.api.limits.windows import Allowed, Windows

__all__ = ["Allowed", "Buckets", "Limits", "Rate", "TooMany", "Windows"]
