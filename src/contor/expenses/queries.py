"""Papers received as others name them: by ident, and by number."""

from typing import Final

from contor.expenses import tables
from contor.runtime.query.numbered import Numbered

EXPENSES_NUMBERED: Final = Numbered("expense", tables.expense, "ident", "expense_id")
REVENUES_NUMBERED: Final = Numbered("revenue", tables.revenue, "ident", "revenue_id")
FOLDERS_NUMBERED: Final = Numbered("folder", tables.folder, "ident", "folder_id")
