"""Documents of one matter are decided on by one transaction at a time: what is issued, paid, taken back and reissued."""

from contor.documents.matters.lock import lock_matters

__all__ = ["lock_matters"]
