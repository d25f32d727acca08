"""What a register says of a VAT id while who ordered reads the prices."""

from collections.abc import Mapping

from contor.checkout.buyers import CheckCartVat, check_vat_id
from contor.kernel.context import Caller
from contor.runtime.execute import Runtime, validated
from contor.ui.ordering.texts import CheckoutTexts
from contor.ui.shell import said


def vat_heard(runtime: Runtime, who: Caller, given: Mapping[str, str], texts: CheckoutTexts) -> str:
    """As HTML; nothing where he says none."""
    text = given.get("vat_id", "").strip()
    if not text:
        return ""
    command = validated(CheckCartVat, {"vat_id": text, "name": given.get("company") or None})
    found = runtime.execute(check_vat_id, command, who)
    words = {True: texts.vat_valid, False: texts.vat_invalid, None: texts.vat_unknown}[found.valid]
    return said(words.format(vat=found.vat_id))
