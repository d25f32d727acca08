"""Other people's e-invoices are issued again."""

from contor.commands.importing.importer import ISSUED, KEPT, READ, STAGES, demo_realm, import_files, is_live
from contor.commands.importing.options import rates_of, told
from contor.commands.importing.outcome import ImportOutcome

__all__ = ["ISSUED", "KEPT", "READ", "STAGES", "ImportOutcome", "demo_realm", "import_files", "is_live", "rates_of", "told"]
