"""Papers: taxed items split into the documents that are issued."""

from contor.billing.papers.distance import LeftOut, Origin, origin_of
from contor.billing.papers.exchange import NO_RATE, rated_papers
from contor.billing.papers.minimum import as_proposed, hold_small
from contor.billing.papers.proofs import taxes_of
from contor.billing.papers.splitting import split
from contor.billing.papers.switches import switches_of
from contor.billing.papers.taxes import Taxes
from contor.billing.papers.types import FIVE, Paper, Switches, TaxedItem
from contor.billing.papers.words import with_words

__all__ = [
    "FIVE",
    "NO_RATE",
    "LeftOut",
    "Origin",
    "Paper",
    "Switches",
    "TaxedItem",
    "Taxes",
    "as_proposed",
    "hold_small",
    "origin_of",
    "rated_papers",
    "split",
    "switches_of",
    "taxes_of",
    "with_words",
]
