"""SEPA files judged by the schemas of the German banks, and read back."""

import os
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

SHARED = Path(os.environ.get("CONTOR_SHARED", Path(__file__).parents[3] / "shared"))
SCHEMAS = SHARED / "artefacts" / "sepa-xsd" / "dk"
NAMED = {
    "pain.008.001.08": "pain.008.001.08_GBIC_5.xsd",
    "pain.008.001.02": "pain.008.001.02_GBIC_3.xsd",
    "pain.001.001.09": "pain.001.001.09_GBIC_5.xsd",
    "pain.001.001.03": "pain.001.001.03_GBIC_3.xsd",
}


@cache
def schema(version: str) -> etree.XMLSchema:
    path = SCHEMAS / NAMED[version]
    if not path.is_file():
        pytest.skip(f"the schemas of the banks are not at {SCHEMAS}: set CONTOR_SHARED")
    return etree.XMLSchema(etree.parse(path))


def judged(content: bytes, version: str) -> Any:
    """The outermost element of a file that the banks' schema accepts."""
    root = etree.fromstring(content)
    rules = schema(version)
    rules.validate(root)
    assert not list(rules.error_log), rules.error_log
    return root


def values(root: Any, path: str) -> list[str]:
    """The texts at a path of element names."""
    steps = "/".join(f"{{*}}{name}" for name in path.split("/"))
    return [found.text or "" for found in root.findall(f".//{steps}")]


def sums(root: Any) -> list[tuple[int, Decimal]]:
    """Number and sum, as the file says them and as its transactions come to: of the whole, then of each group."""
    found = []
    for holder in (root.find(".//{*}GrpHdr"), *root.findall(".//{*}PmtInf")):
        found.append((int(holder.findtext("{*}NbOfTxs")), Decimal(holder.findtext("{*}CtrlSum"))))
    amounts = [[Decimal(one.text) for one in group.findall(".//{*}InstdAmt")] for group in root.findall(".//{*}PmtInf")]
    counted = [(sum(map(len, amounts)), sum((sum(one, Decimal(0)) for one in amounts), Decimal(0)))]
    counted += [(len(one), sum(one, Decimal(0))) for one in amounts]
    assert found == counted
    return found
