"""What banks say to files: pain.002.001.10."""

from collections.abc import Mapping, Sequence


def a_report(
    ident: str,
    file: str,
    *,
    status: str | None = None,
    group: str | None = None,
    group_status: str | None = None,
    transactions: Sequence[tuple[str, str, str | None]] = (),
    names: Mapping[str, str] = {},
) -> bytes:
    """`transactions`: (EndToEndId, status, reason) of each; `names`: payees as their banks know them."""
    about = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{name}</OrgnlEndToEndId><TxSts>{said}</TxSts>{_reason(reason)}{_named(names.get(name))}</TxInfAndSts>"
        for name, said, reason in transactions
    )
    part = ""
    if group is not None:
        said = f"<PmtInfSts>{group_status}</PmtInfSts>" if group_status else ""
        part = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{group}</OrgnlPmtInfId>{said}{about}</OrgnlPmtInfAndSts>"
    whole = f"<GrpSts>{status}</GrpSts>{_reason('AM04') if status == 'RJCT' else ''}" if status else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>{ident}</MsgId><CreDtTm>2026-12-01T10:00:00Z</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{file}</OrgnlMsgId><OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId>{whole}</OrgnlGrpInfAndSts>"
        f"{part}</CstmrPmtStsRpt></Document>"
    ).encode()


def _named(name: str | None) -> str:
    return f"<StsRsnInf><AddtlInf>{name}</AddtlInf></StsRsnInf>" if name else ""


def _reason(code: str | None) -> str:
    return f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf>" if code else ""
