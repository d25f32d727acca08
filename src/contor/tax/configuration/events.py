"""Facts about how taxes are determined. Pure."""

from contor.kernel.events import event


@event("tax_configuration.changed")
class TaxConfigurationChanged:
    """What the tenant, or one of its billing groups, decided is decided anew: what waits because of it looks again."""

    billing_group_idents: tuple[str, ...]
    """Of one group; empty: of the tenant."""
