"""Codes of e-invoices: our lists are the current ones, and a file whose own codes are on no list is refused by name."""

import re
from pathlib import Path
from typing import Any

import pytest
from tests.factories.einvoices.builders import CUSTOMER, simple
from tests.factories.requests import with_property

from contor.documents.after.official_rules import findings
from contor.documents.einvoice import cii_of, read_einvoice, ubl_of
from contor.documents.judge import peppol_findings
from contor.documents.types import Document, ElectronicAddress
from contor.kernel.codes import (
    CLASSIFICATION,
    COUNTRY,
    DOCUMENT_TYPE,
    ELECTRONIC_ADDRESS,
    EXEMPTION,
    ITEM,
    PARTY,
    PAYMENT_MEANS,
    PEPPOL_ADDRESS,
    REGISTRATION,
    UNIT,
    VAT_PREFIX,
    CodeList,
    rule_files,
)
from contor.kernel.errors import Refused
from contor.kernel.shapes import replace

OURS = {
    "BR-CL-01": (DOCUMENT_TYPE,),
    "BR-CL-10": (PARTY,),
    "BR-CL-11": (REGISTRATION,),
    "BR-CL-13": (CLASSIFICATION,),
    "BR-CL-14": (COUNTRY,),
    "BR-CL-16": (PAYMENT_MEANS,),
    "BR-CL-21": (ITEM,),
    "BR-CL-22": (EXEMPTION,),
    "BR-CL-23": (UNIT,),
    "BR-CL-25": (ELECTRONIC_ADDRESS,),
}


def list_of(rules: str, rule: str) -> set[str]:
    """The codes that a rule allows, as they stand in its test."""
    (test,) = {
        said
        for said, name in re.findall(r'failed-assert test="([^>]*?)">\s*<xsl:attribute name="id">([^<]+)<', rules)
        if name == rule
    }
    codes = {code for said in re.findall(r"contains\(\s*'([^']{3,})'", test) for code in said.split()}
    return codes - {"SEPA"}  # the creditor of a direct debit stands there, too


@pytest.mark.parametrize("rule", OURS)
def test_a_list_is_the_one_of_the_rules(rule: str) -> None:
    """Those of UBL, which are newer than the lists that come with CII: what they gain is named in `kernel.codes`."""
    rules = (rule_files() / "ubl-2.1" / "EN16931-UBL-validation.xslt").read_text()
    for ours in OURS[rule]:
        assert ours.codes() - ours.beside == list_of(rules, rule)


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_a_list_is_the_official_one(shared: Path, syntax: str) -> None:
    rules = (shared / "artefacts" / "en16931-1.3.16" / syntax / f"EN16931-{syntax.upper()}-validation.xslt").read_text()
    for rule in ("BR-CL-25", "BR-CL-10", "BR-CL-16"):
        for ours in OURS[rule]:
            assert ours.codes() == list_of(rules, rule)


def test_a_vat_id_begins_as_the_rule_says(shared: Path) -> None:
    """Of Kosovo with 1A: ISO 3166-1 has no code for it."""
    rules = (shared / "artefacts" / "en16931-1.3.16" / "ubl" / "EN16931-UBL-validation.xslt").read_text()
    assert VAT_PREFIX.codes() == list_of(rules, "BR-CO-09")


@pytest.mark.parametrize(
    ("codes", "code", "usage"),
    [(ELECTRONIC_ADDRESS, "XR01", "the extension of XRechnung"), (CLASSIFICATION, "CVD", "the usage CVD of XRechnung")],
)
def test_a_code_of_another_usage_is_refused_as_such(shared: Path, codes: CodeList, code: str, usage: str) -> None:
    """It is a code in its own files; what we issue claims to keep EN 16931, or XRechnung without its extension."""
    rules = (shared / "artefacts" / "xrechnung-3.0.2-sch-2.5.0" / "XRechnung-UBL-validation.xslt").read_text()
    known = {word for said in re.findall(r"select=\"' ((?:XR|CVD)[^']*)'\"", rules) for word in said.split()}
    assert codes.outside <= known and code in codes.outside and code not in codes
    assert codes.refusal(code).startswith(f"is a code of {usage}")
    assert codes.refusal("?").startswith("is not what is expected here: ")


def test_peppol_finds_somebody_by_its_own_part_of_the_list(shared: Path) -> None:
    rules = (shared / "artefacts" / "peppol-bis3-2026.5" / "PEPPOL-EN16931-UBL.xslt").read_text()
    said = re.search(r"name=\"eaid\" select=\"\s*tokenize\('([^']+)'", rules)
    assert said is not None
    assert PEPPOL_ADDRESS.codes() == set(said[1].split())


def reached(scheme: str) -> Document:
    return simple(customer=replace(CUSTOMER, electronic_address=ElectronicAddress(scheme=scheme, identifier="4711")))


def identified(scheme: str) -> Document:
    return simple(properties=with_property("buyerIdentifier", f"{scheme}:4711"))


@pytest.mark.parametrize(
    "document", [*map(reached, sorted(ELECTRONIC_ADDRESS.newer)), *map(identified, sorted(PARTY.newer))], ids=lambda it: it.ident
)
def test_a_newer_code_makes_files_that_can_be_sent(document: Document) -> None:
    for file in (ubl_of(document), cii_of(document)):
        assert b'schemeID="02' in file
        assert [found for found in findings(file) if found.level == "fatal"] == []


def test_a_code_of_no_list_still_does_not() -> None:
    for document in (reached("0241"), reached("9958"), identified("0249")):
        for file in (ubl_of(document), cii_of(document)):
            assert [found for found in findings(file) if found.level == "fatal"] != []


@pytest.mark.parametrize("scheme", ["EM", "0219", "0193", "AN"])
def test_only_peppol_asks_for_an_address_of_its_own(scheme: str) -> None:
    """Elsewhere the list of the standard holds, with e-mail in it."""
    assert scheme in ELECTRONIC_ADDRESS
    address = ElectronicAddress(scheme=scheme, identifier="4711")
    buyer = ("customer", replace(CUSTOMER, electronic_address=address))
    (found,) = peppol_findings(buyer, ("site", None), several_taxes=False, has_reference=True)
    assert (found.code, found.rejected_value) == ("code_unknown", scheme)
    assert "such as 0088" in found.message


@pytest.mark.parametrize(
    ("written", "element", "wrong", "said"),
    [
        (ubl_of, "InvoiceTypeCode", "999", "Type (BT-3) is 999, expected is a code of UNTDID 1001, such as 380"),
        (cii_of, "TypeCode", "999", "Type (BT-3) is 999, expected is a code of UNTDID 1001, such as 380"),
        (
            ubl_of,
            "PaymentMeansCode",
            "999",
            "Payment means (BT-81) is 999, expected is a code of UNTDID 4461, such as 58 (SEPA credit transfer)",
        ),
        (
            ubl_of,
            "PaymentMeansCode",
            "SEPA",
            "Payment means (BT-81) is SEPA, expected is a code of UNTDID 4461, such as 58 (SEPA credit transfer)",
        ),
    ],
)
def test_a_file_of_an_unknown_code_is_refused_by_name(written: Any, element: str, wrong: str, said: str) -> None:
    file = written(simple()).decode()
    broken = re.sub(rf"(<\w+:{element}[^>]*>)[^<]+", rf"\g<1>{wrong}", file, count=1)
    assert broken != file
    with pytest.raises(Refused) as refused:
        read_einvoice(broken.encode())
    (found,) = refused.value.problems
    assert (found.code, found.rejected_value) == ("code_unknown", wrong)
    assert found.message == said
