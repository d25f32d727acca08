"""Where a page of a list begins, and the SQL that reads it from there."""
