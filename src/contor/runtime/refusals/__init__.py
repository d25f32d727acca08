"""What is refused, in words of the domain."""

from contor.runtime.refusals.findings import printable, problems_of

__all__ = ["printable", "problems_of"]
