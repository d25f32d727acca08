"""The judge: every finding about what is asked for, by the facts as they are now. Pure."""

from contor.documents.judge.codes import item_code_findings, property_code_findings
from contor.documents.judge.collected import Collection, usual_term
from contor.documents.judge.contents import examine, request_findings
from contor.documents.judge.faults import rows_at_fault, within_row
from contor.documents.judge.formats import format_of, peppol_findings
from contor.documents.judge.issued import IssuedDocument
from contor.documents.judge.parties import xrechnung_findings
from contor.documents.judge.related import dated_before, named_once
from contor.documents.judge.repeat import (
    Changes,
    Repeated,
    as_frozen,
    customer_again,
    once_more,
    row_again,
    same_amounts,
    whole_credit,
)
from contor.documents.judge.rows import row_findings
from contor.documents.judge.rules import (
    CREDITING,
    DEFAULT_TERM,
    SELF_BILLING,
    BillingGroup,
    Facts,
    NumberRule,
    Related,
    final_method,
    properties_of,
    reachable,
    related_idents,
    supplied_on,
    terms_of,
)
from contor.documents.judge.supplies import depends_on_parties, foreseen_findings, state_of, vat_state
from contor.documents.judge.taxes import quoted_taxes, rule_findings, tax_of
from contor.documents.keys import KEYS_OF_DOCUMENT, KEYS_OF_OWNER, KEYS_OF_ROW
from contor.documents.properties import AGREED_DEPOSIT, ORDER, REASON
from contor.documents.references import OF_DOCUMENT, OF_ROW, references_in, row_properties

__all__ = [
    "AGREED_DEPOSIT",
    "CREDITING",
    "DEFAULT_TERM",
    "KEYS_OF_DOCUMENT",
    "KEYS_OF_OWNER",
    "KEYS_OF_ROW",
    "OF_DOCUMENT",
    "OF_ROW",
    "ORDER",
    "REASON",
    "SELF_BILLING",
    "BillingGroup",
    "Changes",
    "Collection",
    "Facts",
    "IssuedDocument",
    "NumberRule",
    "Related",
    "Repeated",
    "as_frozen",
    "customer_again",
    "dated_before",
    "depends_on_parties",
    "examine",
    "final_method",
    "foreseen_findings",
    "format_of",
    "item_code_findings",
    "named_once",
    "once_more",
    "peppol_findings",
    "properties_of",
    "property_code_findings",
    "quoted_taxes",
    "reachable",
    "references_in",
    "related_idents",
    "request_findings",
    "row_again",
    "row_findings",
    "row_properties",
    "rows_at_fault",
    "rule_findings",
    "same_amounts",
    "state_of",
    "supplied_on",
    "tax_of",
    "terms_of",
    "usual_term",
    "vat_state",
    "whole_credit",
    "within_row",
    "xrechnung_findings",
]
