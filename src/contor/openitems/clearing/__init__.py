"""Open items of one customer, cleared with each other: what we owe pays what is owed to us."""
