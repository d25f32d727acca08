"""Offers: what a document would be, said to a customer before it is one. They have numbers of their own, no entries and no open item; who
accepts one is billed by a draft that says the same."""
