"""Values of what contracts take and use: a quantity that is another from an instant on, or a usage; each has one effect, however often it
is sent."""

from contor.usage.values.recording import RecordValue, RecordValues, SentValue, SentValues, record_value, record_values
from contor.usage.values.taking import Taken, take_quantity

__all__ = ["RecordValue", "RecordValues", "SentValue", "SentValues", "Taken", "record_value", "record_values", "take_quantity"]
