"""Facts about the threshold of distance sales. Pure."""

from contor.kernel.events import event


@event("oss_threshold.crossed")
class OssThresholdCrossed:
    """Documents of this transaction crossed the threshold of a calendar year: what is supplied from there on is taxed where it goes."""

    document_ids: tuple[int, ...]
    years: tuple[int, ...]
    """Parallel."""
