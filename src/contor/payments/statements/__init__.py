"""Statements of banks: read in every format that they come in, believed only where they add up, and turned into payments once."""
