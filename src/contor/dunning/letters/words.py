"""What a letter says by itself, in German and in English. Pure."""

import enum

from contor.documents.render import Voice


class Word(enum.Enum):
    """A text by its name: its German and its English form."""

    TITLE_1 = "Zahlungserinnerung", "Payment reminder"
    TITLE_2 = "Mahnung", "Reminder"
    TITLE_3 = "Zweite Mahnung", "Second reminder"
    TITLE_4 = "Letzte Mahnung", "Final reminder"
    NUMBER = "Nummer", "Number"
    DATE = "Datum", "Date"
    CUSTOMER = "Kundennummer", "Customer number"
    PAY_UNTIL = "Zahlbar bis", "Pay by"
    SAMPLE = "MUSTER / keine Mahnung", "SAMPLE / not a reminder"
    TEXT_1 = (
        "sicher haben Sie übersehen, dass die folgenden Beträge fällig sind. Wir bitten Sie, sie bis zum {date} auszugleichen.",
        "You may have overlooked that the following amounts are due. Please settle them by {date}.",
    )
    TEXT_1_RETURNED = (
        "{debits}. Wir bitten Sie, die folgenden Beträge bis zum {date} auszugleichen.",
        "We are writing to you because {debits}. Please settle the following amounts by {date}.",
    )
    DEBIT_BACK = (
        "die Lastschrift vom {drawn} für {idents} kam am {returned} zurück",
        "the direct debit of {drawn} for {idents} came back on {returned}",
    )
    TEXT_2 = (
        "trotz unserer Erinnerung sind die folgenden Beträge noch offen. Bitte zahlen Sie bis zum {date}.",
        "The following amounts are still open in spite of our reminder. Please pay by {date}.",
    )
    TEXT_3 = (
        "die folgenden Beträge sind weiter offen. Wir fordern Sie auf, sie bis zum {date} zu zahlen.",
        "The following amounts remain open. We ask you to pay them by {date}.",
    )
    TEXT_4 = (
        "die folgenden Beträge sind trotz mehrerer Mahnungen offen. Zahlen Sie bitte bis zum {date}, um weitere Kosten zu vermeiden.",
        "The following amounts are open in spite of several reminders. Please pay by {date} to avoid further costs.",
    )
    COLLECTION = (
        "Nach diesem Tag geben wir die Forderung zur Einziehung ab.",
        "After this date we hand the claim over to a collection agency.",
    )
    COLLECTION_OF = (
        "Nach diesem Tag geben wir die Forderung aus {idents} zur Einziehung ab.",
        "After this date we hand the claim of {idents} over to a collection agency.",
    )
    SALUTATION = "Guten Tag,", "Dear customer,"
    PAID = (
        "Haben Sie inzwischen gezahlt, so betrachten Sie dieses Schreiben bitte als erledigt.",
        "If you have paid in the meantime, please disregard this letter.",
    )
    DOCUMENT = "Beleg", "Document"
    OF = "vom", "Dated"
    DUE = "fällig", "Due"
    LEVEL = "Stufe", "Level"
    AMOUNT = "Betrag {currency}", "Amount {currency}"
    RECEIVED = "bezahlt {currency}", "Paid {currency}"
    OUTSTANDING = "offen {currency}", "Open {currency}"
    CREDIT = "Guthaben", "Credit"
    SUM = "Offene Beträge", "Open amounts"
    COSTS = "Verzugskosten", "Costs of default"
    FEE = "davon Mahngebühr", "of which fee for this letter"
    FLAT = "davon Pauschale (§ 288 Abs. 5 BGB)", "of which flat charge (section 288 (5) BGB)"
    RETURN_COSTS = "davon Bankkosten zurückgegebener Lastschriften", "of which bank costs of returned debits"
    EARLIER_FEES = "davon noch offen: frühere Mahngebühren", "of which still open: earlier fees"
    EARLIER_FLAT = (
        "davon noch offen: frühere Pauschale (§ 288 Abs. 5 BGB)",
        "of which still open: earlier flat charge (section 288 (5) BGB)",
    )
    INTEREST = "Verzugszinsen", "Interest on arrears"
    DEMAND = "Zu zahlen", "To be paid"
    INTEREST_OF = "Verzugszinsen auf {ident}, {first} bis {last}: {amount}.", "Interest on {ident}, {first} to {last}: {amount}."
    INTEREST_LESS = (
        "Verzugszinsen auf {ident}, {first} bis {last}: {whole}, abzüglich früher geforderter {less}: {amount}.",
        "Interest on {ident}, {first} to {last}: {whole}, less {less} that was claimed before: {amount}.",
    )
    INTEREST_EARLIER = (
        "Verzugszinsen auf {ident}, {first} bis {last}, aus früheren Schreiben noch offen: {amount}.",
        "Interest on {ident}, {first} to {last}, still open of earlier letters: {amount}.",
    )
    POINTS = (
        "Der Zinssatz liegt {points} Prozentpunkte über dem Basiszinssatz (§§ 247, 288 BGB).",
        "The rate is {points} percentage points above the base rate (sections 247, 288 BGB).",
    )
    NO_VAT = "Verzugskosten und Zinsen sind Schadensersatz ohne Umsatzsteuer.", "Costs and interest are damages without VAT."

    def said(self, voice: Voice, **values: object) -> str:
        """In the language of the letter."""
        german, english = self.value
        return (german if voice.language == "de" else english).format(**values)
