"""SAF-T files judged by the schemas of the authorities."""

from functools import cache
from pathlib import Path

import xmlschema
from lxml import etree

PT = {"s": "urn:OECD:StandardAuditFile-Tax:PT_1.04_01"}
NO = {"s": "urn:StandardAuditFile-Taxation-Financial:NO"}


@cache
def _portuguese(path: Path) -> xmlschema.XMLSchema11:
    return xmlschema.XMLSchema11(str(path))


@cache
def _norwegian(path: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(path)))


def portuguese_errors(shared: Path, content: bytes) -> list[str]:
    """By XSD 1.1 with its assertions and keys."""
    schema = _portuguese(shared / "artefacts/saft-pt/SAFTPT_1_04_01.xsd")
    return [f"{error.path}: {error.reason}" for error in schema.iter_errors(content.decode())]


def norwegian_errors(shared: Path, content: bytes) -> list[str]:
    schema = _norwegian(shared / "artefacts/saft-no/Norwegian_SAF-T_Financial_Schema_v_1.30.xsd")
    schema.validate(etree.fromstring(content))
    return [f"{error.line}: {error.message}" for error in schema.error_log]
