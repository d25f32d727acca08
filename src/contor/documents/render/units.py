"""Short names of units by UN/ECE Recommendation 20. Pure."""

UNITS: dict[str, dict[str, tuple[str, str]]] = {
    "de": {
        "H87": ("Stk.", "Stk."), "C62": ("Stk.", "Stk."), "EA": ("Stk.", "Stk."), "XPP": ("Stk.", "Stk."), "KWH": ("kWh", "kWh"),
        "MWH": ("MWh", "MWh"), "KWT": ("kW", "kW"), "SEC": ("Sek.", "Sek."), "MIN": ("Min.", "Min."), "HUR": ("Std.", "Std."),
        "DAY": ("Tag", "Tage"), "E49": ("Arbeitstag", "Arbeitstage"), "WEE": ("Woche", "Wochen"), "MON": ("Monat", "Monate"),
        "ANN": ("Jahr", "Jahre"), "LS": ("pausch.", "pausch."), "SET": ("Satz", "Sätze"), "PR": ("Paar", "Paar"),
        "GRM": ("g", "g"), "KGM": ("kg", "kg"), "TNE": ("t", "t"), "MMT": ("mm", "mm"), "CMT": ("cm", "cm"), "MTR": ("m", "m"),
        "KMT": ("km", "km"), "KTM": ("km", "km"), "MTK": ("m²", "m²"), "MTQ": ("m³", "m³"), "MLT": ("ml", "ml"),
        "LTR": ("l", "l"), "4L": ("MB", "MB"), "E34": ("GB", "GB"), "E35": ("TB", "TB"), "P1": ("%", "%"),
        "XBX": ("Karton", "Kartons"), "XPK": ("Pack.", "Pack."), "XPX": ("Palette", "Paletten"), "XBO": ("Flasche", "Flaschen"),
        "IE": ("Person", "Personen"), "E48": ("Leistung", "Leistungen"), "E51": ("Auftrag", "Aufträge"),
    },
    "en": {
        "H87": ("pc", "pcs"), "C62": ("pc", "pcs"), "EA": ("pc", "pcs"), "XPP": ("pc", "pcs"), "KWH": ("kWh", "kWh"),
        "MWH": ("MWh", "MWh"), "KWT": ("kW", "kW"), "SEC": ("s", "s"), "MIN": ("min", "min"), "HUR": ("hour", "hours"),
        "DAY": ("day", "days"), "E49": ("working day", "working days"), "WEE": ("week", "weeks"), "MON": ("month", "months"),
        "ANN": ("year", "years"), "LS": ("lump sum", "lump sums"), "SET": ("set", "sets"), "PR": ("pair", "pairs"),
        "GRM": ("g", "g"), "KGM": ("kg", "kg"), "TNE": ("t", "t"), "MMT": ("mm", "mm"), "CMT": ("cm", "cm"), "MTR": ("m", "m"),
        "KMT": ("km", "km"), "KTM": ("km", "km"), "MTK": ("m²", "m²"), "MTQ": ("m³", "m³"), "MLT": ("ml", "ml"),
        "LTR": ("l", "l"), "4L": ("MB", "MB"), "E34": ("GB", "GB"), "E35": ("TB", "TB"), "P1": ("%", "%"),
        "XBX": ("box", "boxes"), "XPK": ("pack", "packs"), "XPX": ("pallet", "pallets"), "XBO": ("bottle", "bottles"),
        "IE": ("person", "persons"), "E48": ("service", "services"), "E51": ("job", "jobs"),
    },
}  # fmt: skip
"""By language and code: one of them, several of them."""
