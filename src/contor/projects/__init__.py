"""Projects of customers with their tasks, and the times that were worked: they become rows of drafts, and are free again when those go."""
