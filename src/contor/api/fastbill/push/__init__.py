"""What FastBill pushes: classic webhooks and Automatic notifications, each a form of the notifications' routes."""

from collections.abc import Mapping

from contor.api.fastbill.push import automatic, classic
from contor.notifications.formats import Format

FORMS: Mapping[str, Format] = {"FASTBILL_CLASSIC": classic.FORM, "FASTBILL_AUTOMATIC": automatic.FORM}
"""By the names that routes say."""
