"""Papers that come from outside: expenses, revenues whose invoice was written elsewhere, the inbox in which files are read, and the
folders in which others are kept."""
