"""Facts about rated usages. Pure."""

from contor.kernel.events import event


@event("rated_usages.aggregations_closed")
class AggregationsClosed:
    """Aggregations take no more usages: what they collected is to be billed."""

    aggregation_idents: tuple[str, ...]


@event("rated_usages.taken_back")
class RatedUsagesTakenBack:
    """Rated usages are cancelled after their aggregation was closed: their items are to be lowered, or credited if they are billed."""

    item_ids: tuple[int, ...]
