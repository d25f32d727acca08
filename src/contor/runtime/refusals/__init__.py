"""What is refused, in words of the domain."""

from contor.runtime.refusals.findings import printable, problems_of
from contor.runtime.refusals.masking import masked_numbers

__all__ = ["masked_numbers", "printable", "problems_of"]
