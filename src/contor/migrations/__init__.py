"""How the schema came to be: the revisions in order, what runs them, and `make migration`, which writes the next one."""
