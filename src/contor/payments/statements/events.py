"""Facts about files of banks. Pure."""

from contor.kernel.events import event


@event("statement.waits")
class StatementsWait:
    """Files of banks are to be read: they came, or what they miss may be there by now."""

    idents: tuple[str, ...]


@event("statement.read")
class StatementsRead:
    """Files of banks were read; what they say of accounts is stored."""

    idents: tuple[str, ...]
