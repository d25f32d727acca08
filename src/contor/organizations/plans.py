"""How much a tenant may ask of an interface that promises its callers a number: by plan. Pure."""

from collections.abc import Mapping
from typing import Literal

Plan = Literal["SOLO", "SOLO_PLUS", "PRO", "PREMIUM", "AUTOMATIC", "UNLIMITED"]
DEFAULT: Plan = "AUTOMATIC"
PLANS: Mapping[str, tuple[int, int] | None] = {
    "SOLO": (50, 3_600),
    "SOLO_PLUS": (100, 3_600),
    "PRO": (500, 3_600),
    "PREMIUM": (1_000, 3_600),
    "AUTOMATIC": (500, 60),
    "UNLIMITED": None,
}
"""Plan -> (requests, within seconds) as FastBill promises them; None: what this server lets anybody ask."""
