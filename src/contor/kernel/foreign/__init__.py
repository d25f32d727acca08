"""What others send and answer, before anybody has judged it."""

from contor.kernel.foreign.texts import printable
from contor.kernel.foreign.zips import ZIP_FAULTS

__all__ = ["ZIP_FAULTS", "printable"]
