"""The fixtures of the thing of no business."""

from tests.factories.things import followers, handlers, thing_table

__all__ = ["followers", "handlers", "thing_table"]
