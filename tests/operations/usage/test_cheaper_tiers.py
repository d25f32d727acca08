"""Where all of a period becomes cheaper by what came late, documents say what changed."""

from typing import Any

import pytest
from tests.factories.offices import D, Office, group
from tests.factories.usages import USAGES, volume, water


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("behaviour", ["CORRECTIVE", "CARRY_OVER"])
@pytest.mark.parametrize(
    ("used", "late", "before", "now"), [(90, 20, "90", "88"), (100, 1, "100", "80.80"), (81, "19.5", "81", "80.40")]
)
def test_documents_say_what_a_cheaper_tier_changed(
    meter: Office, language: str, behaviour: str, used: int, late: Any, before: str, now: str
) -> None:
    """How much was used, how much of it came late, what all of it costs now and did before: a piece of the difference says nothing."""
    group(meter, lateUsageBehaviour=behaviour)
    volume(meter, language=language)
    meter.call("POST", USAGES, water("w-1", used), 201)
    meter.clock("2026-06-02T10:00")
    meter.bill()
    meter.call("POST", f"{USAGES}/actions/batch", {"usages": [water("w-2", late), water("june", 5, "2026-06-20")]}, 201)
    meter.clock("2026-07-02T10:00")
    meter.bill()
    (memo,) = meter.tenant.rows("SELECT ident FROM document WHERE document_type = 'CREDIT_MEMO'")
    (row,) = meter.call("GET", f"/v2/documents/{memo.ident}")["items"]
    assert D(str(row["prices"]["total"]["net"])) == D(before) - D(now)
    whole = D(used) + D(str(late))
    said = {
        "de": f"{whole:f}, davon {late} nachgemeldet, kosten {D(now):.2f} EUR statt {D(before):.2f} EUR".replace(".", ","),
        "en": f"{whole:f}, {late} of which came late, cost {D(now):.2f} EUR instead of {D(before):.2f} EUR",
    }[language]
    assert said in row["description"]
    assert D(str(row["priceCalculationBasis"]["usedQuantity"])) == whole
    if behaviour == "CARRY_OVER":
        invoice = meter.tenant.rows("SELECT ident FROM document WHERE document_type = 'INVOICE' ORDER BY id DESC LIMIT 1")[0].ident
        rows = [one for one in meter.call("GET", f"/v2/documents/{invoice}")["items"] if one["name"] == "Water"]
        assert any(said in (one.get("description") or "") and D(str(one["quantity"])) == D(str(late)) for one in rows)
