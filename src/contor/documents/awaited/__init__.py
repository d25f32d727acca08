"""Documents that are issued and wait for their picture, which somebody uploads."""

from contor.documents.awaited.awaiting import GIVING_UP, UPLOADED_PICTURE, await_pictures, finalizing_of, still_awaited, takes_own

__all__ = ["GIVING_UP", "UPLOADED_PICTURE", "await_pictures", "finalizing_of", "still_awaited", "takes_own"]
