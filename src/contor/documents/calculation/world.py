"""What calculations are made of beside what was asked: groups, customers, sites, rules, and documents that are credited; read once for a
batch."""

import datetime as dt
from collections.abc import Iterator, Sequence

from contor.customers.places import countries_at
from contor.customers.queries import addresses_of_debtors
from contor.customers.vat_ids import Held
from contor.documents.amounts import Left
from contor.documents.calculation.types import DOCUMENT_TYPES, CalculationBody, CalculationCustomer
from contor.documents.judge import CREDITING, SELF_BILLING
from contor.documents.naming import Named, documents_named
from contor.documents.request import related_documents
from contor.kernel.errors import Problem
from contor.kernel.places import alpha2
from contor.runtime.uow import Uow
from contor.settings.queries import billing_groups, days_of_groups, tenant_settings
from contor.tax.determination import Buyer, Determination
from contor.tax.providers import elsewhere
from contor.tax.vat_numbers import InGroup, validities

_OF_PARTNER = ("country", "small_business")
_OF_STRANGER = ("customer_type", "vat_id", "tax_classifications", *_OF_PARTNER)


class World:
    """For the calculations of a batch."""

    def __init__(self, uow: Uow, bodies: Sequence[CalculationBody]) -> None:
        named = {body.customer.customer_ident for body in bodies if body.customer.customer_ident is not None}
        self.determination = Determination(uow, named)
        self.currency = tenant_settings(uow).ledger_currency
        self.elsewhere = elsewhere(uow)
        self.now = uow.ctx.now()
        self._days = days_of_groups(uow)
        self._groups = billing_groups(uow, {body.billing_group_ident for body in bodies})
        pairs = {(it.customer_ident, it.invoice_address_ident) for it in (body.customer for body in bodies)}
        self._countries = countries_at(uow, {(one, at) for one, at in pairs if one is not None and at is not None})
        partners = {body.customer.customer_ident for body in bodies if is_of_partner(body)} - {None}
        self._homes = addresses_of_debtors(uow, [ident for ident in partners if ident is not None]) if partners else {}
        status = self.determination.status
        held = {
            (customer, body.billing_group_ident): InGroup(Held(customer, vat_id), body.billing_group_ident)
            for body in bodies
            if (customer := body.customer.customer_ident) in status and (vat_id := status[customer].vat_id) is not None
        }
        found_valid = validities(uow, held.values())
        self._valid = {key: found_valid[one] for key, one in held.items()}
        self._named = documents_named(uow, {number for body in bodies if (number := body.referenced_document_number) is not None})
        found = {row.id: row.document_type for rows in self._named.values() for row in rows}
        self._related = related_documents(uow, found)

    def knows(self, said: CalculationCustomer) -> bool:
        """Whether it is known who the customer is; another one is a finding."""
        return said.customer_ident is None or said.customer_ident in self.determination.status

    def date(self, body: CalculationBody) -> dt.date:
        """The document's date, in the zone of its group."""
        at = body.document_date_time or self.now
        return self._days.day(at if at.tzinfo is not None else at.replace(tzinfo=dt.UTC), body.billing_group_ident)

    def buyer(self, body: CalculationBody) -> Buyer:
        """The customer, with what is known of its VAT id."""
        said = body.customer
        valid = None if body.vat_id_validation_result is None else body.vat_id_validation_result == "VALID"
        if said.customer_ident is None:
            return Buyer(said.customer_type, said.vat_id, valid, frozenset(said.tax_classifications))
        known = self._valid.get((said.customer_ident, body.billing_group_ident))
        return self.determination.buyer(said.customer_ident)._replace(vat_id_valid=known if valid is None else valid)

    def partner(self, body: CalculationBody) -> tuple[str, bool]:
        """From where a partner supplies us, and whether it shows no tax (section 19 UStG)."""
        said = body.customer
        if said.customer_ident is None:
            return said.country or "", said.small_business
        at = (said.customer_ident, said.invoice_address_ident or "")
        home = self._homes.get(said.customer_ident)
        country = self._countries.get(at) or (home.country if home is not None else None) or ""
        return alpha2(country) or country, self.determination.status[said.customer_ident].small_business

    def left(self, body: CalculationBody) -> Left | None:
        """What is left of the document that is credited."""
        if body.referenced_document_number is None:
            return None
        rows = self._originals(body)
        return self._related[rows[0].id].left if len(rows) == 1 else None

    def findings(self, body: CalculationBody) -> Iterator[Problem]:
        """What is asked for that does not exist, or does not go together."""
        if not body.forecast and body.request_id is None:
            yield Problem("request_id_missing", "is required unless it is a forecast", "requestId")
        if not body.forecast and body.type == "ORDER":
            yield Problem(
                "order_is_a_forecast", "an order is only foreseen: its documents are calculated", "forecast", body.forecast
            )
        if body.billing_group_ident not in self._groups:
            yield Problem("billing_group_unknown", "does not exist", "billingGroupIdent", body.billing_group_ident)
        yield from self._customer_findings(body)
        for index, item in enumerate(body.items):
            if item.operating_site is not None and item.operating_site not in self.determination.sites:
                yield Problem("operating_site_unknown", "does not exist", f"items[{index}].operatingSite", item.operating_site)
            if item.tax_information_source == "CUSTOMER_PROVIDED" and not item.tax_detail.taxes and not self._originals(body):
                path = f"items[{index}].taxDetail.taxes"
                yield Problem("taxes_missing", "are required where taxInformationSource is CUSTOMER_PROVIDED", path)
            if item.tax_information_source == "NITROBOX" and item.tax_detail.taxes:
                path = f"items[{index}].taxDetail.taxes"
                yield Problem("taxes_not_expected", "are determined where taxInformationSource is NITROBOX: leave them out", path)
            if item.tax_detail.taxes and item.tax_exemption is not None:
                message = "says why none is determined; where taxes are given, each says its own exemptionReasonCode"
                yield Problem("exemption_not_expected", message, f"items[{index}].taxExemption", item.tax_exemption.code)
        if not self.determination.sites:
            yield Problem("operating_site_missing", "there is no operating site that supplies", "items[0].operatingSite")
        yield from self._original_findings(body)

    def _customer_findings(self, body: CalculationBody) -> Iterator[Problem]:
        said = body.customer
        if said.customer_ident is None:
            if is_of_partner(body) and said.country is None:
                yield Problem("country_missing", "is required of a partner that is no customer yet", "customer.country")
            if said.invoice_address_ident is not None:
                yield Problem("address_without_customer", "is that of a customer: say which", "customer.invoiceAddressIdent")
            if not is_of_partner(body):
                yield from (
                    Problem("partner_not_expected", "says something only of who supplies us (self-billing)", f"customer.{name}")
                    for name, value in (("country", said.country), ("smallBusiness", said.small_business))
                    if value
                )
            return
        if said.customer_ident not in self.determination.status:
            yield Problem("customer_unknown", "does not exist", "customer.customerIdent", said.customer_ident)
            return
        at = said.invoice_address_ident
        if at is not None and (said.customer_ident, at) not in self._countries:
            yield Problem("address_unknown", "is no address of the customer", "customer.invoiceAddressIdent", at)
        names = {"customer_type": "customerType", "vat_id": "vatId", "tax_classifications": "taxClassifications"}
        for name in (name for name in _OF_STRANGER if getattr(said, name)):
            path = f"customer.{names.get(name, 'smallBusiness' if name == 'small_business' else name)}"
            yield Problem("customer_said_twice", "is known of the customer: leave it or customerIdent out", path)
        if is_of_partner(body) and not self.partner(body)[0]:
            yield Problem("address_missing", "the partner has no address", "customer.invoiceAddressIdent")

    def _original_findings(self, body: CalculationBody) -> Iterator[Problem]:
        number, credited = body.referenced_document_number, CREDITING.get(DOCUMENT_TYPES[body.type])
        if number is None:
            return
        path = "referencedDocumentNumber"
        rows = self._originals(body)
        if credited is None:
            yield Problem("reference_not_expected", f"{body.type} takes nothing back", path, number)
        elif not rows:
            yield Problem("document_unknown", "does not exist", path, number)
        elif len(rows) > 1:
            yield Problem("document_ambiguous", "is the number of several documents: name its id", path, number)
        elif rows[0].document_type != credited.value:
            yield Problem("document_of_other_type", f"is no {credited.value}, which {body.type} takes back", path, number)
        else:
            left = self._related[rows[0].id].left
            for index, item in enumerate(body.items):
                name = item.reference_ident or item.ident
                if name not in left.rows:
                    yield Problem("row_unknown", f"is no row of {number}", f"items[{index}].referenceIdent", name)
            if (body.currency or self.currency) != left.document.currency:
                yield Problem("currency_differs", f"{number} is in {left.document.currency}", "currency", body.currency)

    def _originals(self, body: CalculationBody) -> Sequence[Named]:
        rows: Sequence[Named] = self._named.get(body.referenced_document_number or "", ())
        own = [row for row in rows if row.customer_ident == body.customer.customer_ident]
        return own if len(rows) > 1 and own else rows


def is_of_partner(body: CalculationBody) -> bool:
    """Whether a partner supplies us."""
    return DOCUMENT_TYPES[body.type] in SELF_BILLING
