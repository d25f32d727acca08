"""Reading a foreign electronic invoice, UBL or CII, into the model. The file is not trusted. Pure.

No document type definition, no entities, no network, no processing instructions, no element deeper or text longer than libxml2's
own limits (256 levels, 10 MB). Numbers are read exactly. Whether the invoice keeps the rules is another question (`official_rules`).
"""

import re
from collections.abc import Callable

from lxml import etree

from contor.documents.einvoice.model import CAC, CBC, RAM, RSM, UDT, Cursor, EInvoice
from contor.documents.einvoice.read.read_cii import read_cii
from contor.documents.einvoice.read.read_ubl import read_ubl
from contor.documents.einvoice.write import CREDIT_NOTE, INVOICE
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import replace

LARGEST_FILE = 100 * 1024 * 1024
"""Bytes. XRechnung allows attachments, but no receiver takes more than this."""

_UBL_NAMES = {"cac": CAC.namespace, "cbc": CBC.namespace}
_CII_NAMES = {"rsm": RSM.namespace, "ram": RAM.namespace, "udt": UDT.namespace}
_FILE = re.compile(r" \(<string>, line [0-9]+\)")
_ZUGFERD_1 = "CrossIndustryDocument"
_SAYS_NOTHING = (
    "/TaxScheme/ID",
    "TradeTax/TypeCode",
    "/UBLVersionID",
    "/CopyIndicator",
    "/Price/AllowanceCharge/ChargeIndicator",
    "AppliedTradeAllowanceCharge/ChargeIndicator/Indicator",
)
"""Elements that say the same in every file: that a tax is VAT, that the file is UBL, that a discount is one."""
_READERS: dict[str, tuple[dict[str, str], Callable[[Cursor], EInvoice]]] = {
    f"{{{INVOICE}}}Invoice": (_UBL_NAMES, read_ubl),
    f"{{{CREDIT_NOTE}}}CreditNote": (_UBL_NAMES, read_ubl),
    RSM["CrossIndustryInvoice"]: (_CII_NAMES, read_cii),
}


def is_einvoice(root: etree._Element) -> bool:
    return str(root.tag) in _READERS


def parse(data: bytes) -> etree._Element:
    """The root of an untrusted XML file. Raises `Refused` (INVALID or TOO_LARGE)."""
    if len(data) > LARGEST_FILE:
        raise Refused(Kind.TOO_LARGE, Problem("file_too_large", f"The file has more than {LARGEST_FILE} bytes"))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused(
            Kind.INVALID, Problem("file_is_not_xml", f"The file is no well-formed XML: {_FILE.sub('', str(error))}")
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:  # an internal one is read whatever the options say
        raise Refused(
            Kind.INVALID, Problem("file_has_document_type", "The file has a document type definition; that is not accepted")
        )
    return root


def read_einvoice(data: bytes) -> EInvoice:
    """The invoice in a UBL 2.1 Invoice or CreditNote or a CII D16B file. Raises `Refused` with every finding at once."""
    root = parse(data)
    known = _READERS.get(str(root.tag))
    if known is None:
        name = etree.QName(root).localname
        message = f"The file is neither UBL nor CII: its root is {name}"
        if name == _ZUGFERD_1:
            message = "The file is a ZUGFeRD 1.0; what is read is UBL, and CII as ZUGFeRD has it since 2.0"
        raise Refused(Kind.INVALID, Problem("file_is_no_einvoice", message, None, root.tag))
    names, read = known
    cursor = Cursor(root, names)
    invoice = read(cursor)
    if cursor.problems:
        raise Refused(Kind.INVALID, *cursor.problems)
    return replace(invoice, unread=cursor.unread(_SAYS_NOTHING), places=cursor.places)
