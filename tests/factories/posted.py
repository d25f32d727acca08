"""Requests for documents as operations take them."""

from tests.factories.tenants import Tenant

from contor.documents.request import RequestDocument, request_document
from contor.documents.types import DocumentRequest, DocumentType
from contor.runtime.execute import validated


def a_request(number: int = 1, **changes: object) -> DocumentRequest:
    item = {
        "ident": "i-1",
        "category": "SERVICE",
        "name": "Hosting",
        "quantity": 3,
        "quantity_type": "PC",
        "prices": {"unit": {"net": "10.00"}, "original_total": {"net": "30.00"}, "total": {"net": "30.00"}},
        "tax_detail": {"taxes": [{"rate": 19, "category_code": "S"}]},
        "performance_location": {"country": "DE"},
    }
    content = {
        "request_id": f"r-{number}",
        "billing_group_ident": "external",
        "currency": "EUR",
        "customer_detail": {"customer_ident": "muster-handel", "invoice_address_ident": "zentrale"},
        "items": [item],
        **changes,
    }
    return validated(DocumentRequest, content)


def post(tenant: Tenant, request: DocumentRequest, kind: DocumentType = DocumentType.INVOICE) -> None:
    tenant.execute(request_document, RequestDocument(document_type=kind, request=request))
