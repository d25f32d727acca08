"""Facts about files for banks. Pure."""

from contor.kernel.events import event


@event("payment_file.written")
class PaymentFilesWritten:
    """Files for a bank are there, to be given to it."""

    file_idents: tuple[str, ...]


@event("payment_file.answered")
class PaymentFilesAnswered:
    """A bank said something to files of ours."""

    file_idents: tuple[str, ...]
