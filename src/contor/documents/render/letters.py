"""What a letter about documents has in common with them: language, letterhead, address window, footer, account, GiroCode, engine."""

from collections.abc import Mapping
from decimal import Decimal

from contor.documents.labels import Label
from contor.documents.render import girocode
from contor.documents.render.font import breakable
from contor.documents.render.letterhead import (
    FOOTER_COLUMN_MM,
    FOOTER_SIZE,
    footer,
    footer_lines,
    iban,
    recipient,
    shortened,
    writer,
)
from contor.documents.render.pdf import fitting
from contor.documents.render.voice import Voice
from contor.documents.typefaces import families
from contor.documents.types import Document
from contor.kernel.money import ZERO

_SENDER_EM = 68
_RUNNING_EM = 27


def frame(document: Document, voice: Voice, title: str) -> dict[str, object]:
    """The frame of a letter to the customer of `document`, from who issued it, as a template takes it."""
    seller = writer(document)
    columns = [[breakable(line, FOOTER_COLUMN_MM, FOOTER_SIZE) for line in column] for column in footer(seller, voice)]
    name = " ".join((seller.trading_name or seller.name).split())
    sender = " · ".join([seller.name, *voice.address(seller.address, seller.address.country)])
    return {
        "language": voice.language,
        "fonts": list(families()),
        "author": seller.name,
        "page": voice.text(Label.PAGE, page="{page}", pages="{pages}"),
        "letterhead": name,
        "running_head": [shortened(name, _RUNNING_EM), shortened(title, _RUNNING_EM)],
        "sender": shortened(sender, _SENDER_EM),
        "recipient": recipient(document, voice),
        "title": title,
        "footer": columns,
        "footer_lines": footer_lines(columns),
    }


def way_to_pay(document: Document, voice: Voice, amount: Decimal, reference: str) -> dict[str, object]:
    """The account of who issued `document`, and the code over `amount`, where that can be transferred in SEPA."""
    seller = writer(document)
    account = next(iter(seller.bank_accounts), None)
    lines: list[tuple[Label, str | None]] = []
    code = ""
    if account is not None:
        lines = [
            (Label.HOLDER, account.holder or seller.name),
            (Label.IBAN, iban(account.iban)),
            (Label.BIC, account.bic),
            (Label.BANK, account.bank_name),
            (Label.PAYMENT_REFERENCE, reference),
        ]
        if document.currency == "EUR" and ZERO < amount <= girocode.AMOUNT_LIMIT:
            code = girocode.picture(girocode.transfer(account, seller.name, amount, reference))
    return {
        "payment_title": voice.text(Label.PAYMENT_TITLE),
        "account": [[voice.text(label), value] for label, value in lines if value],
        "code": code,
        "code_caption": voice.text(Label.GIROCODE),
    }


def legible_page(shown: Mapping[str, object]) -> dict[str, object]:
    """Every text made legible and fit for its column, but for the code."""
    return {key: value if key == "code" else fitting(value) for key, value in shown.items()}
