"""Reminding of what is overdue: levels, letters, damages of default, and what is handed over to a collection agency."""
