"""The namespaces of the two syntaxes, by the prefixes that paths use. Pure."""

from collections.abc import Mapping
from typing import Final

from contor.documents.einvoice.model.elements import Names

CAC: Final = Names("urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2")
CBC: Final = Names("urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2")
RSM: Final = Names("urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100")
RAM: Final = Names("urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100")
UDT: Final = Names("urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100")
QDT: Final = Names("urn:un:unece:uncefact:data:standard:QualifiedDataType:100")

PREFIXES: Final[Mapping[str, Names]] = {"cac": CAC, "cbc": CBC, "rsm": RSM, "ram": RAM, "udt": UDT, "qdt": QDT}
