"""The books: accounts, entries in a gapless journal, and which entries business makes."""
