"""Facts about tax providers. Pure."""

from contor.kernel.events import event


@event("taxes.quoted")
class TaxesQuoted:
    """A provider was asked about supplies to these customers, and answered or not: what waited for it looks again."""

    customer_idents: tuple[str, ...]
