"""Read what requests are judged by: one round of queries for a whole batch, values shared by all requests that need them."""

from collections.abc import Sequence
from typing import NamedTuple

from contor.customers import queries as customers
from contor.documents.amounts import after, credits_rows_of, discounts_left, taken_between
from contor.documents.judge import CREDITING, SELF_BILLING, Facts, NumberRule, Repeated, as_frozen, related_idents
from contor.documents.naming import Named, bearers, documents_named, own_first
from contor.documents.references import one_line
from contor.documents.request.master_data import master_data
from contor.documents.request.parties import address_of, customer_party, gender_of, identified, paid_in, readdressed, recipient_of
from contor.documents.request.payers import collected_anew, collection_of, is_payer, payers_of
from contor.documents.request.printable import unprintable_texts
from contor.documents.request.registered import registered
from contor.documents.request.related import related_documents
from contor.documents.texts import texts_for
from contor.documents.treatment import price_reduction
from contor.documents.types import Document, DocumentRequest, DocumentType, Gender, Party
from contor.kernel.places import alpha2
from contor.kernel.shapes import replace
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.groups import Days
from contor.settings.numbers import Series, Strategy, number_rule, resolve

Request = tuple[DocumentType, DocumentRequest]


class Bearer(NamedTuple):
    """Whose document has a number."""

    ident: str
    operating_site_ident: str
    legal_entity: str


def facts_of(uow: Uow, requests: Sequence[Request], *, imported: bool = False) -> list[Facts]:
    """The facts of each request, as they are now. `imported`: they repeat e-invoices of another system."""
    source = FactsSource(uow, requests)
    return [source.facts(document_type, request, imported) for document_type, request in requests]


class FactsSource:
    """The facts of a batch. `note` tells it of documents made from earlier requests of the same batch. `own`: the requests come from
    our own billing."""

    def __init__(self, uow: Uow, requests: Sequence[Request], own: bool = False) -> None:
        self._uow, self.own = uow, own
        details = [request.customer_detail for _, request in requests]
        known = master_data(
            uow, [(it.customer_ident, [it.invoice_address_ident, it.shipping_address_ident or ""]) for it in details]
        )
        self._master, self._customers, self._addresses = known.master, known.customers, known.addresses
        self._settings, self._groups, self._companies = self._master.settings, self._master.groups, self._master.companies
        self._days = Days(uow.ctx.now(), uow.ctx.zone, self._master.zones)
        self._parties: dict[tuple[str, str], Party] = {}
        self._chosen: dict[tuple[DocumentType, str, str], tuple[Strategy | None, NumberRule | None]] = {}
        self._named = documents_named(uow, {ident for _, r in requests for ident in (*related_idents(r), *self._billed_again(r))})
        self._related = related_documents(uow, {row.id: row.document_type for rows in self._named.values() for row in rows})
        self._taken = _taken(uow, [r.ident for _, r in requests if r.ident])
        self._payers = payers_of(uow, [request for _, request in requests])

    def facts(self, document_type: DocumentType, request: DocumentRequest, imported: bool = False) -> Facts:
        """What this request is judged by."""
        detail = request.customer_detail
        unknown: dict[str, str] = {}
        group, today = self._groups.get(request.billing_group_ident), self._days.today(request.billing_group_ident)
        site = self._site(request, unknown)
        if site is not None and document_type not in SELF_BILLING:
            site = registered(site, request, self._master.registrations, today)
        customer = self._customer(detail.customer_ident, detail.invoice_address_ident, unknown)
        customer = self._paying_from(customer, request, unknown)
        if (then := self._taken_back(document_type, request)) is not None:
            site, customer = site and identified(site, then.seller), customer and identified(customer, then.customer)
        shipping = self._shipping(detail.customer_ident, detail.shipping_address_ident, unknown)
        row = self._customers.get(detail.customer_ident)
        company = self._companies.get(self._issuing(request) or "", "")
        named = {ident: self._chosen_of(request, ident) for ident in related_idents(request)}
        single = {ident: rows[0] for ident, rows in named.items() if len(rows) == 1}
        firsts: dict[int, str] = {}  # each by the name by which it is called first
        for ident, one in single.items():
            firsts.setdefault(one.id, ident)
        return Facts(
            today=today,
            undated_on=self._settings.open_day(today, self._days)
            if self.own
            else self._settings.undated_on(self._days, request.billing_group_ident),
            environment=self._uow.ctx.environment,
            texts=texts_for(self._master.texts, request.language, customer.address.country if customer is not None else None),
            own=self.own,
            imported=imported,
            billed_before=None if document_type in CREDITING else self._billed_before(request),
            billing_group=paid_in(group[0], row) if group else None,
            site=site,
            customer=customer,
            shipping_address=address_of(shipping) if shipping else None,
            shipping_names=recipient_of(shipping) if shipping else (),
            gender=self._gender(detail.customer_ident, detail.invoice_address_ident),
            unknown=unknown,
            unprintable=unprintable_texts(
                request, {"operatingSite": site, "customer": customer}, address_of(shipping) if shipping else None
            ),
            related={first: self._related[number] for number, first in firsts.items()},
            of_others={ident: one.operating_site_ident for ident, one in single.items() if not self._is_of(one, company)},
            ambiguous={ident: bearers(self._uow, rows) for ident, rows in named.items() if len(rows) > 1},
            number_rule=self._numbered(document_type, request)[1],
            legal_entity=company,
            ident_taken=bool(request.ident) and self._is_taken(request.ident or "", company),
            closed_through=self._settings.closed_through,
            shows_corrections=self._settings.polish_credit_memo,
            ledger_currency=self._settings.ledger_currency,
            self_billing_agreed_on=row.self_billing_agreement_on if row else None,
            is_archived=row is not None and row.status == "ARCHIVED",
            # our own billing takes its rates from the table, and what is imported has those of another's books, e.g. of a deposit
            judges_rates=not (self.own or imported),
            tax_rules=self._master.tax_rules,
            e_invoice_format=row.e_invoice_format if row else None,
            buyer_reference=one_line(row.buyer_reference) if row else None,
            cash_taxation=site is not None and site.ident in self._master.cash,
            collection=None if imported else collection_of(self._payers, document_type, request),
        )

    def as_frozen(self, facts: Facts, request: DocumentRequest, repeated: Repeated) -> Facts:
        """The facts of a repetition: the parties stand on it as on the document that it repeats, but for an address that is corrected."""
        if repeated.taken is not None:
            return replace(facts, taken=repeated.taken)
        detail = request.customer_detail
        customer = repeated.document.customer
        if repeated.corrects_address:
            address = self._addresses.get((detail.customer_ident, detail.invoice_address_ident))
            if facts.customer is None or address is None:
                return facts  # there is no such address: a finding
            customer = readdressed(customer, address, is_company=bool(self._customers[detail.customer_ident].company))
        facts = replace(facts, collection=collected_anew(self._payers, request, repeated.document))
        return as_frozen(facts, repeated.document, customer)

    def series(self, document_type: DocumentType, request: DocumentRequest) -> Series | None:
        """The counter that gives the number; None: the caller gave it."""
        if request.ident:
            return None
        strategy = self._numbered(document_type, request)[0]
        if strategy is None:
            return None
        return Series(
            strategy.writing(self._master.counters[strategy.counter_ident]), self._companies.get(self._issuing(request) or "", "")
        )

    def note(self, document: Document, facts: Facts) -> None:
        """Later requests of the batch see what this document credits, deducts and is called; `facts`: by which it was judged."""
        if document.ident:
            self._taken.append(Bearer(document.ident, document.operating_site_ident, facts.legal_entity))
        for known in facts.related.values():
            related = self._related[known.id]
            if document.sign < 0:
                is_credited = len(document.related) == 1 or credits_rows_of(document, related.left)
                left = after(related.left, document) if is_credited else related.left
                rest = discounts_left(related.discounts, document.discounts_on(left.document.ident))
                reduced = discounts_left(related.price_reductions, document.price_reductions_on(left.document.ident))
                if document.is_price_reduction:
                    reduced = discounts_left((*reduced, *price_reduction(document, taken_between(related.left, left))))
                self._related[known.id] = replace(related, left=left, discounts=rest, price_reductions=reduced)
            elif document.final_invoice_method is not None:
                # a correction stands for its deposit invoice: both are deducted by now
                for number, other in self._related.items():
                    if other.deposit_id == related.deposit_id:
                        self._related[number] = replace(other, deducted_by=document.request_id)  # it has no number yet

    def _billed_before(self, request: DocumentRequest) -> Document | None:
        rows = [row for ident in self._billed_again(request) for row in self._chosen_of(request, ident)]
        return self._related[rows[0].id].left.document if len(rows) == 1 else None

    def _issuing(self, request: DocumentRequest) -> str | None:
        """The site from which the document comes: what takes back or closes another one comes from where that came from, for its company
        owes that tax and no other one can take it back (section 14c, section 17 (1) UStG)."""
        stated = request.seller_operating_site_ident or request.operating_site_ident
        if stated is not None:
            return stated
        for ident in related_idents(request):
            if len(rows := self._chosen_of(request, ident)) == 1 and rows[0].operating_site_ident in self._master.sites:
                return rows[0].operating_site_ident
        return self._master.default_site

    def _billed_again(self, request: DocumentRequest) -> Sequence[str]:
        """The document on which stood what our own billing takes back as an invoice."""
        return tuple([it.ident for it in request.external_references]) if self.own else ()

    def _taken_back(self, document_type: DocumentType, request: DocumentRequest) -> Document | None:
        """The document that this one takes back, where its category needs the parties' ids: what was declared by them is taken back by
        them, whatever ids they have or lost since (accounting reference 6.5; section 18a UStG)."""
        idents = related_idents(request) if document_type in CREDITING else self._billed_again(request)
        found = [rows[0].id for ident in idents if len(rows := self._chosen_of(request, ident)) == 1]
        documents = [self._related[number].left.document for number in found]
        return next((one for one in documents if any(group.category_code in ("AE", "K", "G") for group in one.taxes)), None)

    def _is_of(self, row: Named, company: str) -> bool:  # be it of a time when its site was of another one
        return company in (row.legal_entity, self._companies.get(row.operating_site_ident))

    def _is_taken(self, ident: str, company: str) -> bool:
        """Whether the company has a document of this number, be it of a time when it was another one."""
        return any(
            one.ident == ident and company in (one.legal_entity, self._companies.get(one.operating_site_ident))
            for one in self._taken
        )

    def _chosen_of(self, request: DocumentRequest, name: str) -> Sequence[Named]:
        """The documents of this name that may be meant: where several companies have it, the site that the request says decides, then
        the customer; of our own billing also the site that it does not say. What is ours goes before what was taken over."""
        rows: Sequence[Named] = self._named[name]
        if len(rows) < 2:
            return rows
        stated = request.seller_operating_site_ident or request.operating_site_ident
        customer = request.customer_detail.customer_ident
        company = self._companies.get(stated or self._master.default_site or "", "")
        for decides, fits in (
            (stated is not None, lambda row: self._is_of(row, company)),
            (True, lambda row: row.customer_ident == customer),
            (self.own, lambda row: company == row.legal_entity),
        ):
            if decides and (fitting := [row for row in rows if fits(row)]):
                rows = fitting
        return own_first(self._uow, rows)

    def _numbered(self, document_type: DocumentType, request: DocumentRequest) -> tuple[Strategy | None, NumberRule | None]:
        """(strategy, who gives the number): the same for all requests of a type, group and country."""
        location = request.items[0].tax_location or request.items[0].performance_location  # one for all rows
        key = (document_type, request.billing_group_ident, location.country)
        if key not in self._chosen:
            group = self._groups.get(request.billing_group_ident)
            override = group[1].get(document_type.value) if group else None
            strategy = resolve(
                self._master.strategies,
                document_type=document_type.value,
                billing_group=request.billing_group_ident,
                service_country=alpha2(location.country),
            )
            self._chosen[key] = (strategy, number_rule(self._settings.number_strategy, override, strategy))
        return self._chosen[key]

    def _site(self, request: DocumentRequest, unknown: dict[str, str]) -> Party | None:
        for path, ident in (
            ("sellerOperatingSiteIdent", request.seller_operating_site_ident),
            ("operatingSiteIdent", request.operating_site_ident),
        ):
            if ident is not None and ident not in self._master.sites:
                unknown[path] = ident
        wanted = self._issuing(request)
        return self._master.sites.get(wanted) if wanted else None

    def _customer(self, customer_ident: str, address_ident: str, unknown: dict[str, str]) -> Party | None:
        customer = self._customers.get(customer_ident)
        if customer is None:
            unknown["customerDetail.customerIdent"] = customer_ident
            return None
        address = self._addresses.get((customer_ident, address_ident))
        if address is None or address.address_type != "INVOICE":
            unknown["customerDetail.invoiceAddressIdent"] = address_ident
            return None
        key = (customer_ident, address_ident)
        if key not in self._parties:
            self._parties[key] = customer_party(customer, address)
        return self._parties[key]

    def _gender(self, customer_ident: str, address_ident: str) -> Gender | None:
        address = self._addresses.get((customer_ident, address_ident))
        return None if address is None else gender_of(address)

    def _paying_from(self, customer: Party | None, request: DocumentRequest, unknown: dict[str, str]) -> Party | None:
        """The account that is named stands first: it is debited, or paid to."""
        named = request.payment_information.customer_payment_account_ident
        if customer is None or named is None:
            return customer
        accounts = self._customers[request.customer_detail.customer_ident].bank_accounts or ()
        chosen = next((n for n, account in enumerate(accounts) if account.get("ident") == named), None)
        if chosen is None:
            # orders and contracts were asked when they named it
            if not self.own and not is_payer(self._payers, request):
                unknown["paymentInformation.customerPaymentAccountIdent"] = named
            return customer
        known = customer.bank_accounts
        return replace(customer, bank_accounts=(known[chosen], *known[:chosen], *known[chosen + 1 :]))

    def _shipping(self, customer_ident: str, address_ident: str | None, unknown: dict[str, str]) -> customers.Address | None:
        if address_ident is None:
            return None
        address = self._addresses.get((customer_ident, address_ident))
        if address is None:
            unknown["customerDetail.shippingAddressIdent"] = address_ident
            return None
        return address


def _taken(uow: Uow, idents: Sequence[str]) -> list[Bearer]:
    sql = f"SELECT {columns(Bearer)} FROM document WHERE ident = ANY (%s)"
    return uow.all(Bearer, sql, (list(idents),)) if idents else []
