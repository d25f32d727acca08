"""The requests of the golden documents: every type, every method of a final invoice, and between them every field.

Each is a pair of path and body; `{name}` in a body stands for the number of the golden document of that name.
"""

from typing import Any

HOME = {"country": "DE", "region": "Nord", "state": "Hamburg", "city": "Hamburg", "postalCode": "20457", "street": "Am Kai 7"}
S19: dict[str, Any] = {"taxes": [{"rate": 19, "categoryCode": "S", "code": "V19", "name": "USt"}]}
EXEMPT: dict[str, Any] = {
    "rate": 0, "categoryCode": "E", "exemptionReasonCode": "VATEX-EU-132", "exemptionReasonText": "Steuerfrei nach § 4 Nr. 21 UStG",
}  # fmt: skip


def prices(net: str, quantity: int = 1, side: str = "net", total: str | None = None) -> dict[str, Any]:
    original = f"{float_free(net, quantity)}"
    return {"unit": {side: net}, "originalTotal": {side: original}, "total": {side: total or original}}


def float_free(amount: str, quantity: int) -> str:
    """Amount times a whole quantity, with its two decimals."""
    units = int(amount.replace(".", "")) * quantity
    return f"{units // 100}.{units % 100:02d}"


def row(ident: str, net: str, quantity: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "ident": ident, "category": "SERVICE", "name": f"Leistung {ident}", "quantity": quantity, "quantityType": "PC",
        "prices": prices(net, quantity), "taxDetail": S19, "performanceLocation": {"country": "DE"}, **more,
    }  # fmt: skip


def paper(name: str, *items: dict[str, Any], customer: str = "c-full", address: str = "bill", **more: Any) -> dict[str, Any]:
    return {
        "requestId": name, "billingGroupIdent": "external", "currency": "EUR", "language": "de", "paymentCollection": {"collect": False},
        "customerDetail": {"customerIdent": customer, "invoiceAddressIdent": address}, "items": list(items), **more,
    }  # fmt: skip


def said(**properties: str) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in properties.items()]


_VOUCHER = {"ident": "v-1", "name": "Gutschein", "amount": "-20.00", "leftoverAmount": "5.00", "refundability": "REFUNDABLE"}
_RECURRING = {"type": "RECURRING", "basePrice": "31.00", "usedDays": 10, "intervalDays": 30}
_TIERS = {
    "type": "TIER_PROGRESSIVE", "usedQuantity": 2, "quantityType": "KWH",
    "tiers": [{"quantity": 0, "unitPrice": "10.00"}, {"quantity": 5, "unitPrice": "8.00", "above": True}],
}  # fmt: skip
_BLOCKS = {"type": "BLOCK", "blockSize": 10, "blockQuantity": 2, "usedQuantity": 13, "blockPrice": "5.00"}
_FULL_ROW = row(
    "i-1", "100.00", 2, category="PHYSICAL_PRODUCT", description="Mit allem, was eine Zeile sagt", articleNumber="A-100",
    itemGroup="hardware", unitCode="XPK", referenceIdent="offer-1",
    prices=prices("100.00", 2, total="190.00"), performanceLocation=HOME, taxLocation={**HOME, "street": "Speicher 1"},
    extras=[
        {"ident": "x-1", "name": "Rabatt", "type": "DISCOUNT", "total": {"net": "-15.00"}},
        {"ident": "x-2", "name": "Fracht", "total": {"net": "5.00"}},
    ],
    servicePeriod={"start": "2026-10-01", "end": "2026-10-31"}, deliveryDate="2026-11-02",
    billingPeriod={"start": "2026-10-01", "end": "2026-12-31"}, priceCalculationBasis=_RECURRING,
    properties=said(
        costCentre="4711", colour="blau", purchaseOrderLineReference="10", objectIdentifier="ABT:zaehler-1", buyerAccountingReference="k-1",
    ),
)  # fmt: skip
_OF_TIERS = row(
    "i-2", "10.00", 2, category="ELECTRICITY", quantityType="KWH", priceBaseQuantity=1, priceCalculationBasis=_TIERS,
    performanceLocation=HOME, taxLocation=HOME, deliveryDate="2026-11-02",
)  # fmt: skip
_PER_HUNDRED = row(
    "i-3", "50.00", 200, priceBaseQuantity=100, priceCalculationBasis=_BLOCKS, performanceLocation=HOME, taxLocation=HOME,
    deliveryDate="2026-11-02", prices={"unit": {"net": "50.00"}, "originalTotal": {"net": "100.00"}, "total": {"net": "100.00"}},
)  # fmt: skip
_TAKEN_BACK = row(
    "i-4", "5.00", debitCreditIndicator="CREDIT", performanceLocation=HOME, taxLocation=HOME, deliveryDate="2026-11-02"
)
_FREE = row(
    "i-5", "30.00", category="VOUCHER", refundability="NON_REFUNDABLE", performanceLocation=HOME, taxLocation=HOME,
    taxDetail={"taxes": [{**EXEMPT, "determinedBy": "vouchers/since-2020"}]}, deliveryDate="2026-11-02",
)  # fmt: skip
_DISCOUNT = {"ident": "ac-1", "type": "ALLOWANCE", "name": "Treuerabatt", "percentage": 10}
_FEE = {"ident": "ac-2", "type": "CHARGE", "name": "Prüfgebühr", "amount": "3.00", "tax": EXEMPT}

_DEPOSIT_ROW = row("i-1", "1000.00", servicePeriod={"start": "2026-12-01", "end": "2026-12-31"})
_FINAL_ROW = row("i-1", "3000.00", servicePeriod={"start": "2026-11-01", "end": "2026-11-20"})
_COMMISSION = row("i-1", "250.00", servicePeriod={"start": "2026-10-01", "end": "2026-10-31"})
_US = [
    {"rate": 6, "categoryCode": "S", "code": "CA", "name": "State"},
    {"rate": 1, "categoryCode": "S", "code": "SF", "name": "City"},
]
_IN_US = {"country": "USA", "state": "CA"}

_ABROAD = row(
    "i-1", "120.00", category="DIGITAL_PRODUCT", prices=prices("120.00", side="gross"), performanceLocation={"country": "FRA"},
    taxDetail={"taxes": [{"rate": 20, "categoryCode": "S"}], "calculationBasis": "GROSS"}, deliveryDate="2026-11-20",
)  # fmt: skip

_PART_ABROAD = row(
    "i-2",
    "20.00",
    category="DIGITAL_PRODUCT",
    prices=prices("20.00", side="gross"),
    performanceLocation={"country": "FRA"},
    taxDetail={"taxes": [{"rate": 20, "categoryCode": "S"}], "calculationBasis": "GROSS"},
    deliveryDate="2026-11-20",
    referenceIdent="i-1",
    relatedDocumentIdent="{invoice-taxed-abroad}",
)

PAPERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("invoices", paper(
        "invoice", _FULL_ROW, _OF_TIERS, _PER_HUNDRED, _TAKEN_BACK, _FREE,
        customerDetail={"customerIdent": "c-full", "invoiceAddressIdent": "bill", "shippingAddressIdent": "ship"},
        documentDate="2026-11-19", orderDate="2026-10-01", operatingSiteIdent="elbe", allowancesCharges=[_DISCOUNT, _FEE],
        postTaxItems=[_VOUCHER], rounding="0.02",
        prepaid=[{"reference": "bar", "date": "2026-11-01", "amount": "10.00"}], paymentCollection={"collect": True},
        paymentInformation={"paymentType": "SEPA_DIRECT_DEBIT", "paymentReference": "ref-9", "customerPaymentAccountIdent": "acc-1"},
        paymentTerm={"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]},
        properties=said(
            buyerReference="04011000-12345-34", purchaseOrderReference="po-7", contractReference="v-8", note="Danke!",
            projectReference="p-9", salesOrderReference="so-10", receivingAdviceReference="ra-11", despatchAdviceReference="da-12",
            tenderReference="t-13", objectIdentifier="ABT:anlage-2", buyerAccountingReference="ba-14",
            mandateReference="m-1", creditorIdentifier="DE98ZZZ09999999999", debitedAccount="DE89370400440532013000",
        ),
    )),
    ("invoices", paper(
        "invoice-in-dollars", row("i-1", "500.00", taxDetail={"taxes": [{"rate": 19}], "calculationBasis": "NET"}), currency="USD",
        language="en", exchangeRate={"rate": "1.08500", "date": "2026-11-20", "source": "ECB"},
    )),
    ("invoices", paper(
        "invoice-with-several-taxes", row("i-1", "100.00", taxDetail={"taxes": _US}, performanceLocation=_IN_US),
        customer="c-sister", address="hq", language="en",
    )),
    ("invoices", paper(
        "invoice-taxed-abroad",
        row(
            "i-1", "120.00", category="DIGITAL_PRODUCT", prices=prices("120.00", side="gross"), performanceLocation={"country": "FRA"},
            taxDetail={"taxes": [{"rate": 20, "categoryCode": "S"}], "calculationBasis": "GROSS"}, deliveryDate="2026-11-20",
            extras=[{"ident": "x-1", "name": "Nothing", "total": {"gross": "0.00"}}],
        ),
        customer="c-private", address="home", language="en",
        allowancesCharges=[{"ident": "ac-1", "type": "ALLOWANCE", "name": "Rebate", "amount": "5.00"}],
    )),
    ("invoices", paper(
        "invoice-of-a-small-business", row("i-1", "80.00", taxDetail={"taxes": [{"rate": 0}]}, deliveryDate="2026-11-20"),
        operatingSiteIdent="atelier",
    )),
    ("invoices", paper(
        "invoice-with-own-number", row("i-1", "80.00", deliveryDate="2026-11-20"), billingGroupIdent="numbered", ident="EX-2026-1",
        sellerOperatingSiteIdent="elbe",
    )),
    ("credit-memos", paper(
        "credit-memo", row(
            "k-1", "50.00", referenceIdent="i-1", performanceLocation=HOME, taxLocation={**HOME, "street": "Speicher 1"},
        ),
        relatedDocumentIdent="{invoice}", operatingSiteIdent="elbe", properties=said(reason="RETURN"),
    )),
    ("credit-memos", paper(
        "credit-memo-of-another-system", row("i-1", "40.00"), externalReferences=[{"ident": "ALT-9", "documentDate": "2025-03-31"}],
    )),
    ("deposit-invoices", paper("deposit-invoice", _DEPOSIT_ROW)),
    ("deposit-invoices", paper("deposit-invoice-for-final", _DEPOSIT_ROW)),
    ("deposit-invoices", paper("deposit-invoice-for-reversal", _DEPOSIT_ROW)),
    ("deposit-invoice-corrections", paper(
        "deposit-invoice-correction", row("i-1", "1000.00"), relatedDocumentIdent="{deposit-invoice-for-reversal}",
    )),
    ("invoices", paper("final-invoice-remainder", _FINAL_ROW, relatedDocumentIdents=["{deposit-invoice}"])),
    ("invoices", paper(
        "final-invoice-final", _FINAL_ROW, relatedDocumentIdents=["{deposit-invoice-for-final}"],
        properties=said(finalInvoiceMethod="FINAL"),
    )),
    ("invoices", paper(
        "final-invoice-reversal", _FINAL_ROW, relatedDocumentIdent="{deposit-invoice-for-reversal}",
        relatedDocumentIdents=["{deposit-invoice-correction}"], properties=said(finalInvoiceMethod="REVERSAL"),
    )),
    ("self-billing-invoices", paper("self-billing-invoice", _COMMISSION, customer="c-partner")),
    ("self-billing-invoice-corrections", paper(
        "self-billing-invoice-correction", row("i-1", "50.00"), customer="c-partner", relatedDocumentIdent="{self-billing-invoice}",
    )),
    ("invoices", paper(
        "invoice-paid-with-discount", _ABROAD, customer="c-private", address="home",
        paymentTerm={"periodInDays": 14, "cashDiscount": [{"days": 10, "percentage": 2}]},
    )),
    ("credit-memos", paper(
        "credit-memo-after-discount", {**_ABROAD, "relatedDocumentIdent": "{invoice-paid-with-discount}"}, _PART_ABROAD,
        customer="c-private", address="home", relatedDocumentIdents=["{invoice-paid-with-discount}", "{invoice-taxed-abroad}"],
    )),
    ("deposit-invoices", paper(
        "deposit-invoice-in-dollars", _DEPOSIT_ROW, currency="USD", exchangeRate={"rate": "1.05", "date": "2026-11-01"},
    )),
    ("invoices", paper(
        "final-invoice-in-dollars", _FINAL_ROW, relatedDocumentIdents=["{deposit-invoice-in-dollars}"], currency="USD",
        exchangeRate={"rate": "1.20", "date": "2026-11-20"}, properties=said(finalInvoiceMethod="FINAL"),
    )),
    ("credit-memos", paper(
        "credit-memo-of-goodwill", row("i-1", "20.00"), relatedDocumentIdent="{invoice-with-own-number}", operatingSiteIdent="elbe",
        properties=said(reason="GOODWILL"),
    )),
    ("credit-memos", paper(
        "credit-memo-after-goodwill", row("i-1", "60.00"), relatedDocumentIdent="{invoice-with-own-number}", operatingSiteIdent="elbe",
    )),
    ("deposit-invoices", paper("deposit-invoice-taxed-abroad", {**_ABROAD, "category": "SERVICE"}, customer="c-private", address="home")),
    ("invoices", paper(
        "final-invoice-taxed-abroad", _ABROAD, customer="c-private", address="home",
        relatedDocumentIdents=["{deposit-invoice-taxed-abroad}"], properties=said(finalInvoiceMethod="FINAL"),
    )),
    ("credit-memos", paper(
        "credit-memo-taxed-abroad", {**_PART_ABROAD, "category": "SERVICE"}, customer="c-private", address="home",
        relatedDocumentIdent="{invoice-taxed-abroad}",
    )),
    ("invoices", paper(
        "invoice-collected", row("i-1", "100.00"), customer="c-partner", paymentTerm={"periodInDays": 3},
        paymentInformation={"paymentType": "DIRECT_DEBIT"}, paymentCollection={"collect": True},
    )),
    ("credit-memos", paper(
        "credit-memo-as-before-and-after", row("k-1", "25.00", referenceIdent="i-3", performanceLocation=HOME, taxLocation=HOME),
        relatedDocumentIdent="{invoice}", operatingSiteIdent="elbe", properties=said(reason="Zwrot towaru"),
    )),
)  # fmt: skip
LAID_OUT = ("credit-memo-as-before-and-after",)
"""What says what it corrects as before and after: the tenant's flag is on when it is issued."""
PAID = {
    "invoice-paid-with-discount": "117.60",
    "deposit-invoice": "1190.00", "deposit-invoice-for-final": "595.00", "deposit-invoice-for-reversal": "1190.00",
    "deposit-invoice-in-dollars": "1000.00", "deposit-invoice-taxed-abroad": "24.00",
}  # fmt: skip
"""What the customer pays on a document once it is issued, in euro."""
SENT = {"deposit-invoice-in-dollars": {"amount": "1190.00", "currency": "USD"}}
"""What he sent, where that is another currency."""
