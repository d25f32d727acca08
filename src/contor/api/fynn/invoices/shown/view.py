"""Invoices as fynn shows them: drafts, invoices and credits, each kind of fact read once for all that are asked for.

`invoice_view(uow, numbers, levels)` is what other parts show invoices by; numbers are those of papers (`ids.invoice_ids`, `Paper.id`).
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final, TypeVar

from contor.api.fynn.customers import address_id
from contor.api.fynn.invoices.shown.answers import (
    CancellationShown,
    InvoiceLeast,
    InvoiceRow,
    InvoiceSecond,
    InvoiceShown,
    InvoiceThird,
)
from contor.api.fynn.invoices.shown.facts import Facts, facts_of
from contor.api.fynn.invoices.shown.ids import file_id, invoice_id
from contor.api.fynn.invoices.shown.lines import lines_of_draft, said_of
from contor.api.fynn.invoices.shown.paper import SaidOf, address_of, due_of, rates_of, said_of_document, source_of
from contor.api.fynn.invoices.shown.positions import Around, positions_of
from contor.api.fynn.invoices.shown.standing import (
    CREDITING,
    Standing,
    credit_status,
    draft_status,
    dunning_status,
    status_of,
    type_of,
)
from contor.api.fynn.manners import MediaShown, extension_of, known_when, money, when
from contor.documents.after import ShownFile
from contor.documents.cancelling import CreditKind
from contor.documents.papers import INTRODUCTION, NOT_DUNNED, NOTE, TITLE, Issued, text_of
from contor.documents.types import Property
from contor.kernel.money import ZERO
from contor.kernel.shapes import Fields
from contor.openitems.standing import payments_among
from contor.runtime.uow import Uow

INTERNAL_NOTE, LEITWEG = "internalNote", "buyerReference"
FURTHEST: Final = 3
"""Levels of invoices that invoices name."""
View = TypeVar("View", bound=InvoiceLeast)


def invoice_view(uow: Uow, numbers: Sequence[int], levels: int = FURTHEST) -> list[InvoiceShown]:
    """The papers of these numbers, in their order; those that do not exist are left out. `levels`: how far what they name is followed."""
    view = _View(uow, facts_of(uow, numbers, levels))
    return [view.whole(number, levels) for number in numbers if number in view.facts.papers]


def invoice_rows(uow: Uow, numbers: Sequence[int]) -> list[InvoiceRow]:
    """As `invoice_view`, for lists: without what they name."""
    view = _View(uow, facts_of(uow, numbers, 0))
    return [view.shown(InvoiceRow, number) for number in numbers if number in view.facts.papers]


# helpers in calling order


class _View:
    def __init__(self, uow: Uow, facts: Facts) -> None:
        self._uow, self.facts = uow, facts

    def whole(self, number: int, levels: int) -> InvoiceShown:
        document = self.facts.papers[number].document_id
        second = self._named(document, levels)
        return self.shown(
            InvoiceShown,
            number,
            referenced_invoice=None if second is None else self._second(second, levels - 1),
            referenced_cancellation=self._cancellation(document),
        )

    def _second(self, document: int, levels: int) -> InvoiceSecond:
        third = self._named(document, levels)
        shown = None if third is None else self._third(third, levels - 1)
        return self.shown(InvoiceSecond, self.facts.of_documents[document], referenced_invoice=shown)

    def _third(self, document: int, levels: int) -> InvoiceThird:
        least = self._named(document, levels)
        shown = None if least is None else self.shown(InvoiceLeast, self.facts.of_documents[least])
        return self.shown(InvoiceThird, self.facts.of_documents[document], referenced_invoice=shown)

    def _named(self, document: int | None, levels: int) -> int | None:
        """The document that this one names, the first of them."""
        return next(iter(self.facts.related.get(document or 0, ())), None) if levels > 0 else None

    def _cancellation(self, document: int | None) -> CancellationShown | None:
        over = self.facts.credits.get(document or 0, ())
        if not over:
            return None
        credit = self.facts.issued[over[-1]]
        return CancellationShown(
            id=invoice_id(self._uow, self.facts.of_documents[credit.id]),
            number=credit.document.ident,
            type=type_of(credit.document.document_type, self.facts.kinds.get(credit.id)),
            finalization_date=when(credit.created_at),
            gross_amount=money(credit.document.totals.gross, credit.document.currency),
        )

    def shown(self, kind: type[View], number: int, **more: object) -> View:
        paper, facts = self.facts.papers[number], self.facts
        draft = facts.drafts.get(number)
        if paper.document_id is None:
            assert draft is not None, "what is no document is a draft"
            own = self._of_draft(number)
        else:
            issued = facts.issued[paper.document_id]
            own = self._of_issued(number, issued, draft.created_at if draft is not None else issued.created_at)
        given: Fields = {"id": invoice_id(self._uow, number), **own, **more}
        return kind(**given)

    def _of_draft(self, number: int) -> Fields:
        draft, judged = self.facts.drafts[number], self.facts.judged[number]
        request, amounts, content = judged.request, judged.amounts, draft.content
        written = tuple(Property(key=entry["key"], value=entry["value"]) for entry in content.get("properties") or ())
        totals = amounts.totals if amounts is not None else None
        items = request.items if request is not None else ()
        said = SaidOf(
            number=number,
            account_ident=(content.get("payment_information") or {}).get("customer_payment_account_ident"),
            address_ident=(content.get("customer_detail") or {}).get("invoice_address_ident"),
            party=judged.facts.customer if judged.facts is not None else None,
            customer_ident=(content.get("customer_detail") or {}).get("customer_ident") or "",
            currency=str(content.get("currency") or "EUR"),
            properties=written,
            lines=lines_of_draft(number, items, amounts.rows if amounts is not None else ()),
            net=totals.net if totals is not None else ZERO,
            tax=totals.tax if totals is not None else ZERO,
            gross=totals.gross if totals is not None else ZERO,
            due=due_of(content, self.facts.zone_today),
        )
        return {
            **self._common(said, draft.created_at),
            "type": type_of(draft.type, None),
            "status": draft_status(has_rows=bool(content.get("items"))),
            "dunning_level": 0,
            "dunning_status": "none",
            "dunning_disabled": said_of(written).get(NOT_DUNNED) == "true",
            "source": "manual",
            "unpaid_amount": money(said.gross, said.currency),
        }

    def _of_issued(self, number: int, issued: Issued, created_at: dt.datetime) -> Fields:
        document, facts = issued.document, self.facts
        said = said_of_document(number, document)
        letter = facts.letters.get(issued.id)
        level = facts.levels[letter.letter_ident] if letter is not None else None
        standing = self._standing(issued, letter.level if letter is not None else 0)
        is_credit = document.document_type in CREDITING
        payments = payments_among(facts.moves.get(issued.id, ()))
        is_paid = standing.settled >= standing.payable and not standing.is_taken_back
        files = facts.files.get(issued.id, {})
        return {
            **self._common(said, created_at),
            "type": type_of(document.document_type, facts.kinds.get(issued.id)),
            "number": document.ident,
            "status": credit_status(standing) if is_credit else status_of(standing),
            "finalization_date": when(issued.created_at),
            "last_reminder_date": when(letter.made_at) if letter is not None else None,
            "last_sent_at": when(facts.sent.get(issued.id)),
            "dunning_level": standing.dunning_level,
            "dunning_status": dunning_status(level, standing.dunning_level),
            "pay_date": when(max((one.booked_on for one in payments), default=None)) if is_paid else None,
            "file": self._media(files.get("PDF")),
            "xml_file": self._media(files.get("CII") or files.get("UBL")),
            "dunning_disabled": issued.id in facts.blocked,
            "source": "subscription" if issued.contract_ident is not None else source_of(said.properties),
            "usage_breakdown_url": facts.usages.get(issued.id),
            "unpaid_amount": money(issued.outstanding, document.currency),
        }

    def _standing(self, issued: Issued, level: int) -> Standing:
        facts, over = self.facts, self.facts.credits.get(issued.id, ())
        kinds: list[CreditKind] = [facts.kinds[number] for number in over if number in facts.kinds]
        return Standing(
            payable=issued.document.totals.payable,
            settled=issued.settled,
            is_taken_back=issued.is_cancelled,
            taken_back_as=kinds[-1] if kinds else None,
            is_complete=issued.has_all_files,
            has_payments=bool(payments_among(facts.moves.get(issued.id, ()))),
            is_given_up=issued.id in facts.given_up,
            dunning_level=level,
        )

    def _common(self, said: SaidOf, created_at: dt.datetime) -> Fields:
        """What drafts and documents say alike."""
        words, currency, facts = said_of(said.properties), said.currency, self.facts
        address = facts.addresses.get((said.customer_ident, said.address_ident or ""))
        around = Around(currency, created_at, facts.groups, facts.products, facts.billed)
        days = [day for line in said.lines if line.period is not None for day in line.period]
        reduced = sum((abs(line.original.net - line.total.net) for line in said.lines), ZERO)
        leitweg = words.get(LEITWEG)
        return {
            "customer": facts.customers.get(said.customer_ident),
            "payment_method": facts.methods.get(said.account_ident or ""),
            "currency_code": currency,
            "creation_date": known_when(created_at),
            "due_date": when(said.due),
            "invoice_address": address_of(said.party, None if address is None else address_id(self._uow, address)),
            "internal_note": text_of(INTERNAL_NOTE, said.properties),
            "title": words.get(TITLE),
            "introduction": text_of(INTRODUCTION, said.properties),
            "closing": text_of(NOTE, said.properties),
            "net_amount": money(said.net, currency),
            "gross_amount": money(said.gross, currency),
            "tax_amount": money(said.tax, currency),
            "discount_amount": money(reduced, currency),
            "positions": positions_of(self._uow, said.lines, around),
            "exchange_rates": rates_of(said.lines, currency),
            "e_invoice_type": "xrechnung" if leitweg else "zugferd",
            "leitweg_id": leitweg,
            "custom_fields": {**facts.custom.get(str(said.number), {})},
            "earliest_service_date": when(min(days, default=None)),
            "latest_service_date": when(max(days, default=None)),
        }

    def _media(self, file: ShownFile | None) -> MediaShown | None:
        if file is None:
            return None
        return MediaShown(
            id=file_id(self._uow, file.document_id, file.type),
            mime_type=file.media_type,
            file_extension=extension_of(file.name),
            file_name=file.name,
            storage_file_name=f"{file.sha256}.{extension_of(file.name)}",
            created_at=when(file.archived_at),
        )
