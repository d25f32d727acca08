"""What a document and its rows refer to: one table, from the request's property to the printed page and both e-invoices.

A reference is asked for by a property (of the document or of the row), frozen in the field that is named here, printed under its
label, and written and read by both syntaxes of EN 16931 where `ubl` and `cii` say. Another reference is one more row of the table,
a field with a default in `types/frozen.py` (and in `einvoice/model/invoice.py`, where the model lacks the term), and a label. The
writers know the elements in the order of the schemas: a form that begins with another one needs its place in their lists.

Pure. Source: EN 16931-1 (BT), CEN/TS 16931-3-2 (UBL), CEN/TS 16931-3-3 (CII).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from contor.documents.labels import Label
from contor.documents.properties import CODES_OF_ROW, TERMS_OF_ITEM
from contor.documents.types import Document, DocumentItem, Property

OBJECT_CODE: Final = "130"
"""UNTDID 1001: a paper so coded is the invoiced object (BT-18, BT-128)."""
TENDER_CODE: Final = "50"
"""... the tender or lot (BT-17), in CII."""
PROJECT_CODE: Final = "50"
"""... the project (BT-11), in a UBL CreditNote."""
NOT_KNOWN: Final = "NA"
"""What a syntax requires beside a reference and nobody knows."""


@dataclass(frozen=True, slots=True)
class Form:
    """Where a syntax says a reference."""

    path: str
    """Of the element that holds it: from the root, from the section or from the line."""
    section: str = ""
    """The part of a CII file or line that is there anyhow."""
    code: str | None = None
    """The element stands in a paper with this type code: others may stand in the same place."""
    alone: bool = False
    """Nothing else stands there: a paper without a type code is this one too."""
    before: tuple[str, str] | None = None
    """An element that the schema requires before it, and the text where nothing better is known."""
    after: tuple[str, str] | None = None

    @property
    def element(self) -> str:
        """The element that the reference begins with."""
        return self.path.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One row of the table."""

    term: str
    """EN 16931: "BT-13"; "" for what the standard has no term for."""
    key: str
    """Of the property by which a request gives it."""
    field: str
    """Of `Document` or `DocumentItem`."""
    label: Label | None = None
    """Under which the page shows it: the document's in the information block, a row's below its name; None: it is not printed."""
    label_of_seller: Label | None = None
    """Where the page's reader is the seller (self-billing) and `label` speaks to the buyer."""
    model: str | None = None
    """Field of `EInvoice` or `InvoiceLine`; None: no e-invoice says it."""
    ubl: Form | None = None
    ubl_credit_note: Form | None = None
    """Where a CreditNote differs from an Invoice."""
    cii: Form | None = None
    has_scheme: bool = False
    """It is an identifier, of which an e-invoice may name the scheme (UNTDID 1153)."""
    repeated: bool = True
    """A credit over the whole document and a reissue say it again."""


_AGREEMENT, _DELIVERY = "ram:ApplicableHeaderTradeAgreement", "ram:ApplicableHeaderTradeDelivery"
_SETTLEMENT = "ram:ApplicableHeaderTradeSettlement"
_ROW_AGREEMENT, _ROW_SETTLEMENT = "ram:SpecifiedLineTradeAgreement", "ram:SpecifiedLineTradeSettlement"
_PAPER = "ram:AdditionalReferencedDocument/ram:IssuerAssignedID"

OF_DOCUMENT: Final = (
    Reference(
        term="BT-13",
        key="purchaseOrderReference",
        field="purchase_order_reference",
        label=Label.PURCHASE_ORDER,
        label_of_seller=Label.OUR_PURCHASE_ORDER,
        model="purchase_order",
        ubl=Form("cac:OrderReference/cbc:ID"),
        cii=Form("ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID", _AGREEMENT),
    ),
    Reference(
        term="BT-12",
        key="contractReference",
        field="contract_reference",
        label=Label.CONTRACT,
        model="contract",
        ubl=Form("cac:ContractDocumentReference/cbc:ID"),
        cii=Form("ram:ContractReferencedDocument/ram:IssuerAssignedID", _AGREEMENT),
    ),
    Reference(
        term="BT-10",
        key="buyerReference",
        field="buyer_reference",
        label=Label.BUYER_REFERENCE,
        label_of_seller=Label.OUR_REFERENCE,
        model="buyer_reference",
        ubl=Form("cbc:BuyerReference"),
        cii=Form("ram:BuyerReference", _AGREEMENT),
    ),
    Reference(
        term="BT-11",
        key="projectReference",
        field="project_reference",
        label=Label.PROJECT,
        model="project",
        ubl=Form("cac:ProjectReference/cbc:ID"),
        ubl_credit_note=Form("cac:AdditionalDocumentReference/cbc:ID", code=PROJECT_CODE),
        cii=Form("ram:SpecifiedProcuringProject/ram:ID", _AGREEMENT, after=("ram:Name", "Project reference")),
    ),
    Reference(
        term="BT-14",
        key="salesOrderReference",
        field="sales_order_reference",
        label=Label.SALES_ORDER,
        label_of_seller=Label.YOUR_SALES_ORDER,
        model="sales_order",
        ubl=Form("cac:OrderReference/cbc:SalesOrderID", before=("cbc:ID", NOT_KNOWN)),
        cii=Form("ram:SellerOrderReferencedDocument/ram:IssuerAssignedID", _AGREEMENT),
    ),
    Reference(
        term="BT-15",
        key="receivingAdviceReference",
        field="receiving_advice_reference",
        label=Label.RECEIVING_ADVICE,
        model="receiving_advice",
        ubl=Form("cac:ReceiptDocumentReference/cbc:ID"),
        cii=Form("ram:ReceivingAdviceReferencedDocument/ram:IssuerAssignedID", _DELIVERY),
    ),
    Reference(
        term="BT-16",
        key="despatchAdviceReference",
        field="despatch_advice_reference",
        label=Label.DESPATCH_ADVICE,
        model="despatch_advice",
        ubl=Form("cac:DespatchDocumentReference/cbc:ID"),
        cii=Form("ram:DespatchAdviceReferencedDocument/ram:IssuerAssignedID", _DELIVERY),
    ),
    Reference(
        term="BT-17",
        key="tenderReference",
        field="tender_reference",
        label=Label.TENDER,
        model="tender",
        ubl=Form("cac:OriginatorDocumentReference/cbc:ID"),
        cii=Form(_PAPER, _AGREEMENT, code=TENDER_CODE),
    ),
    Reference(
        term="BT-18",
        key="objectIdentifier",
        field="object_identifier",
        label=Label.OBJECT,
        model="object_id",
        has_scheme=True,
        ubl=Form("cac:AdditionalDocumentReference/cbc:ID", code=OBJECT_CODE),
        cii=Form(_PAPER, _AGREEMENT, code=OBJECT_CODE),
    ),
    Reference(
        term="BT-19",
        key="buyerAccountingReference",
        field="buyer_accounting_reference",
        label=Label.BUYER_ACCOUNTING,
        label_of_seller=Label.OUR_ACCOUNTING,
        model="accounting_reference",
        ubl=Form("cbc:AccountingCost"),
        cii=Form("ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID", _SETTLEMENT),
    ),
)
"""In the order in which the page shows them."""

OF_ROW: Final = (
    Reference(
        term="BT-132",
        key="purchaseOrderLineReference",
        field="purchase_order_line_reference",
        label=Label.ORDER_LINE,
        label_of_seller=Label.OUR_ORDER_LINE,
        model="order_line",
        ubl=Form("cac:OrderLineReference/cbc:LineID"),
        cii=Form("ram:BuyerOrderReferencedDocument/ram:LineID", _ROW_AGREEMENT),
    ),
    Reference(
        term="BT-128",
        key="objectIdentifier",
        field="object_identifier",
        label=Label.OBJECT,
        model="object_id",
        has_scheme=True,
        ubl=Form("cac:DocumentReference/cbc:ID", code=OBJECT_CODE, alone=True),
        cii=Form(_PAPER, _ROW_SETTLEMENT, code=OBJECT_CODE, alone=True),
    ),
    Reference(
        term="BT-133",
        key="buyerAccountingReference",
        field="buyer_accounting_reference",
        label=Label.BUYER_ACCOUNTING,
        label_of_seller=Label.OUR_ACCOUNTING,
        model="accounting_reference",
        ubl=Form("cbc:AccountingCost"),
        cii=Form("ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID", _ROW_SETTLEMENT),
    ),
    Reference(term="", key="costCentre", field="cost_centre"),
)
"""The cost centre is our own: it is posted (`bookkeeping`) and shown to nobody."""


FIELDS_OF_DOCUMENT: Final[Mapping[str, str]] = {reference.key: reference.field for reference in OF_DOCUMENT}
FIELDS_OF_ROW: Final[Mapping[str, str]] = {reference.key: reference.field for reference in OF_ROW}
"""Key of a property -> field of what it says."""


def given(fields: Mapping[str, str], properties: Sequence[Property]) -> dict[str, str]:
    """Field and value of each reference that the properties give, in one line of text; an empty one is not given."""
    found: dict[str, str | None] = {}
    for entry in properties:
        field = fields.get(entry.key)
        if field is not None and field not in found:  # the first one of a key counts
            found[field] = one_line(entry.value)
    return {field: value for field, value in found.items() if value is not None}


class Named(Protocol):
    """A property, of whatever thing."""

    @property
    def key(self) -> str: ...

    @property
    def value(self) -> str: ...


def references_in(references: Iterable[Reference], properties: Iterable[Named]) -> tuple[Property, ...]:
    """Those of the properties of another thing (an order, a contract, an option) that are references, each once, the first one of a key."""
    known = {reference.key for reference in references}
    said = {entry.key: text for entry in reversed(list(properties)) if entry.key in known and (text := one_line(entry.value))}
    return tuple([Property(key=key, value=said[key]) for key in sorted(said)])


def row_properties(properties: Iterable[Named]) -> tuple[Property, ...]:
    """What properties of an option say of its rows. A code that its list does not have is older than the rule, and is left out."""
    said = {entry.key: text for entry in reversed(list(properties)) if (text := _term_of_item(entry))}
    return (*references_in(OF_ROW, properties), *(Property(key=key, value=said[key]) for key in sorted(said)))


def _term_of_item(entry: Named) -> str | None:
    term, text = entry.key.partition(".")[0], one_line(entry.value)
    if term not in TERMS_OF_ITEM or text is None:
        return None
    coded = CODES_OF_ROW.get(term)
    code = coded.code_in(text) if coded is not None else None
    return text if coded is None or code is None or code in coded.codes else None


def one_line(text: str | None) -> str | None:
    """A reference as it is frozen: without line ends and superfluous spaces; None for an empty one."""
    return " ".join(text.split()) or None if text else None


def stated(references: Iterable[Reference], referring: Document | DocumentItem) -> list[tuple[Reference, str]]:
    """The references that a document or row has, in the order of the table."""
    return [(reference, value) for reference in references if (value := getattr(referring, reference.field))]


def printed(references: Iterable[Reference], referring: Document | DocumentItem, document: Document) -> list[tuple[Label, str]]:
    """Label and value of each reference that the page of `document` shows. In self-billing its reader is the seller: the buyer's
    references are ours, the seller's are the reader's."""
    turned = document.is_self_billing
    return [
        ((it.label_of_seller or it.label) if turned else it.label, value)
        for it, value in stated(references, referring)
        if it.label is not None
    ]


def repeated(document: Document) -> tuple[Property, ...]:
    """The properties by which a credit of the whole document refers to the same things."""
    return tuple([Property(key=found.key, value=value) for found, value in stated(OF_DOCUMENT, document) if found.repeated])


def kept(references: Iterable[Reference], properties: Sequence[Property]) -> tuple[Property, ...]:
    """The properties that a repetition of a document or row has: all but the references that are said once only."""
    once = {reference.key for reference in references if not reference.repeated}
    return tuple([entry for entry in properties if entry.key not in once])
