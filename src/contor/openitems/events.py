"""Facts about open items. Pure."""

from contor.documents.judge import IssuedDocument
from contor.kernel.events import event, transient
from contor.openitems.types import Cleared, Decided, MovedCase, Movement


@event("opos.deposits_corrected")
class DepositsCorrected:
    """The unpaid rest of deposit invoices was closed by their correction documents."""

    document_ids: tuple[int, ...]
    corrections: tuple[tuple[IssuedDocument, Movement], ...] = transient()
    """(`IssuedDocument`, `Movement`) of each."""


@event("opos.moved")
class CasesMoved:
    """Payments, decisions or reversals moved balances."""

    movement_ids: tuple[int, ...]
    document_ids: tuple[int, ...]
    moves: tuple[MovedCase, ...] = transient()
    """`MovedCase` of each, in order."""


@event("opos_case.decided")
class CasesDecided:
    """A person decided what becomes of balances."""

    decision_idents: tuple[str, ...]
    decided: tuple[Decided, ...] = transient()
    """`Decided` of each."""


@event("opos_case.decision_reverted")
class DecisionsReverted:
    """Counter decisions took decisions back."""

    decision_idents: tuple[str, ...]
    reversion_target_idents: tuple[str, ...]
    reverted: tuple[Decided, ...] = transient()
    """`Decided` of each."""


@event("opos_case.cleared")
class CasesCleared:
    """Open items of one customer were cleared with each other."""

    movement_ids: tuple[int, ...]
    document_ids: tuple[int, ...]
    cleared: tuple[Cleared, ...] = transient()
    """`Cleared` of each pair."""


@event("opos_case.clearing_reversed")
class ClearingsReversed:
    """What was cleared was taken back."""

    movement_ids: tuple[int, ...]
    document_ids: tuple[int, ...]
    cleared: tuple[Cleared, ...] = transient()
    """`Cleared` of each pair, with the moves of its way back."""


@event("opos_case.dunning_block_changed")
class DunningBlockChanged:
    """Open items were blocked for dunning, or are no more."""

    document_ids: tuple[int, ...]


@event("opos_case.collection_enabled")
class CollectionEnabled:
    """Open items may be collected by themselves again."""

    document_ids: tuple[int, ...]


@event("opos_case.reevaluated")
class CasesReevaluated:
    """A person wants open items to be looked at anew: their status stands, dunning and collection may follow."""

    document_ids: tuple[int, ...]
