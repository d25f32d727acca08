"""Facts about VAT numbers. Pure."""

from contor.kernel.events import event


@event("vat_numbers.checked")
class VatNumbersChecked:
    """Services were asked about numbers of these customers, and answered or not: what waited for it looks again."""

    customer_idents: tuple[str, ...]
