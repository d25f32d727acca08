"""The services that confirm VAT numbers: VIES and eVatR."""

from contor.tax.vat_numbers.services.choose import SERVICES, seen_offline, services_for
from contor.tax.vat_numbers.services.types import SILENT, Call, Enquiry, Heard, Silent

__all__ = ["SERVICES", "SILENT", "Call", "Enquiry", "Heard", "Silent", "seen_offline", "services_for"]
